// The interfaces of UMDF 1, named as in wudfddi.h. A driver hands in objects that have some of the callback interfaces; the
// framework's own objects have the IWDF... ones (device.ts, queue.ts, request.ts, ...).
//
// Where a C++ method has an HRESULT and an out-parameter, the method here gives both: `{ hr, queue }`. Callbacks may be plain
// methods or generator methods, which wait with `yield*`.
//
// Reference: https://learn.microsoft.com/windows-hardware/drivers/ddi/wudfddi/

import type { WdfPowerDeviceState } from "../../bindings/abi";
import type { Device } from "./device";
import type { DeviceInitialize } from "./device-initialize";
import type { UmdfDriver } from "./driver";
import type { UmdfFile } from "./file";
import type { HRESULT } from "./hresult";
import type { IoQueue } from "./queue";
import type { IoRequest } from "./request";
import type { WdfObject } from "./object";
import type { IoTarget } from "./target";
import type { RemoteTarget } from "./remote-target";

export type IWDFObject = WdfObject;
export type IWDFDriver = UmdfDriver;
export type IWDFDeviceInitialize = DeviceInitialize;
export type IWDFDevice = Device;
export type IWDFIoQueue = IoQueue;
export type IWDFIoRequest = IoRequest;
export type IWDFIoRequest2 = IoRequest;
export type IWDFIoRequest3 = IoRequest;
export type IWDFFile = UmdfFile;
export type IWDFFile2 = UmdfFile;
export type IWDFFile3 = UmdfFile;
export type IWDFIoTarget = IoTarget;
export type IWDFIoTargetStateManagement = IoTarget;
export type IWDFRemoteTarget = RemoteTarget;
export type { UmdfMemory as IWDFMemory } from "./memory";

/** A callback: it returns its result, or is a generator that waits. */
type Callback<Args extends unknown[], Result = void> = (...args: Args) => Result | Generator<undefined, Result, unknown>;

/** How a request came back from its target. */
export interface IWDFRequestCompletionParams {
  GetCompletionStatus(): HRESULT;
  GetInformation(): number;
}

/** WDF_CALLBACK_CONSTRAINT */
export enum WDF_CALLBACK_CONSTRAINT {
  /** Callbacks of one device may run at the same time. */
  None = 0,
  /** Queue callbacks, cancel callbacks and file callbacks of a device run one at a time: the default. */
  WdfDeviceLevel = 1,
}

/** WDF_PNP_CAPABILITY */
export enum WDF_PNP_CAPABILITY {
  WdfPnpCapInvalid = 0,
  WdfPnpCapLockSupported = 1,
  WdfPnpCapEjectSupported = 2,
  WdfPnpCapRemovable = 3,
  WdfPnpCapDockDevice = 4,
  WdfPnpCapSurpriseRemovalOk = 5,
  WdfPnpCapNoDisplayInUI = 6,
}

/** IUnknown, as far as a driver has to have it: without this method its interfaces are told by their methods. */
export interface IUnknown {
  /** The object's implementation of an interface, null for E_NOINTERFACE. */
  QueryInterface(iid: InterfaceName): object | null;
}

/** The driver's own object. */
export interface IDriverEntry {
  OnInitialize: Callback<[pWdfDriver: IWDFDriver], HRESULT>;
  OnDeviceAdd: Callback<[pWdfDriver: IWDFDriver, pWdfDeviceInit: IWDFDeviceInitialize], HRESULT>;
  OnDeinitialize: Callback<[pWdfDriver: IWDFDriver]>;
}

export interface IQueueCallbackCreate {
  OnCreateFile: Callback<[pWdfQueue: IWDFIoQueue, pWDFRequest: IWDFIoRequest, pWdfFileObject: IWDFFile]>;
}
export interface IQueueCallbackRead {
  OnRead: Callback<[pWdfQueue: IWDFIoQueue, pWdfRequest: IWDFIoRequest, NumOfBytesToRead: number]>;
}
export interface IQueueCallbackWrite {
  OnWrite: Callback<[pWdfQueue: IWDFIoQueue, pWdfRequest: IWDFIoRequest, NumOfBytesToWrite: number]>;
}
/** Not the order of EvtIoDeviceControl: the code first, then the input's size, then the output's. */
export interface IQueueCallbackDeviceIoControl {
  OnDeviceIoControl: Callback<
    [
      pWdfQueue: IWDFIoQueue,
      pWdfRequest: IWDFIoRequest,
      ControlCode: number,
      InputBufferSizeInBytes: number,
      OutputBufferSizeInBytes: number,
    ]
  >;
}
export interface IQueueCallbackDefaultIoHandler {
  OnDefaultIoHandler: Callback<[pWdfQueue: IWDFIoQueue, pWdfRequest: IWDFIoRequest]>;
}
export interface IQueueCallbackIoStop {
  OnIoStop: Callback<[pWdfQueue: IWDFIoQueue, pWdfRequest: IWDFIoRequest, ActionFlags: number]>;
}
export interface IQueueCallbackIoResume {
  OnIoResume: Callback<[pWdfQueue: IWDFIoQueue, pWdfRequest: IWDFIoRequest]>;
}
export interface IQueueCallbackIoCanceledOnQueue {
  OnIoCanceledOnQueue: Callback<[pWdfQueue: IWDFIoQueue, pWdfRequest: IWDFIoRequest]>;
}
/** `state`: WDF_IO_QUEUE_STATE flags. */
export interface IQueueCallbackStateChange {
  OnStateChange: Callback<[pWdfQueue: IWDFIoQueue, QueueState: number]>;
}

export interface IRequestCallbackCancel {
  OnCancel: Callback<[pWdfRequest: IWDFIoRequest]>;
}
export interface IRequestCallbackRequestCompletion {
  OnCompletion: Callback<
    [pWdfRequest: IWDFIoRequest, pIoTarget: IWDFIoTarget, pParams: IWDFRequestCompletionParams, pContext: unknown]
  >;
}
export interface IObjectCleanup {
  OnCleanup(pWdfObject: IWDFObject): void;
}
export interface IFileCallbackCleanup {
  OnCleanupFile: Callback<[pWdfFileObject: IWDFFile]>;
}
export interface IFileCallbackClose {
  OnCloseFile: Callback<[pWdfFileObject: IWDFFile]>;
}
export interface IImpersonateCallback {
  OnImpersonate(pContext: unknown): void;
}

export interface IPnpCallback {
  OnD0Entry: Callback<[pWdfDevice: IWDFDevice, previousState: WdfPowerDeviceState], HRESULT>;
  OnD0Exit: Callback<[pWdfDevice: IWDFDevice, newState: WdfPowerDeviceState], HRESULT>;
  OnSurpriseRemoval: Callback<[pWdfDevice: IWDFDevice]>;
  OnQueryRemove: Callback<[pWdfDevice: IWDFDevice], HRESULT>;
  OnQueryStop: Callback<[pWdfDevice: IWDFDevice], HRESULT>;
}
export interface IPnpCallbackHardware {
  OnPrepareHardware: Callback<[pWdfDevice: IWDFDevice], HRESULT>;
  OnReleaseHardware: Callback<[pWdfDevice: IWDFDevice], HRESULT>;
}
export interface IPnpCallbackSelfManagedIo {
  OnSelfManagedIoInit: Callback<[pWdfDevice: IWDFDevice], HRESULT>;
  OnSelfManagedIoSuspend: Callback<[pWdfDevice: IWDFDevice], HRESULT>;
  OnSelfManagedIoRestart: Callback<[pWdfDevice: IWDFDevice], HRESULT>;
  OnSelfManagedIoStop: Callback<[pWdfDevice: IWDFDevice], HRESULT>;
  OnSelfManagedIoFlush: Callback<[pWdfDevice: IWDFDevice]>;
  OnSelfManagedIoCleanup: Callback<[pWdfDevice: IWDFDevice]>;
}

/** The callback interfaces by name: what a driver's objects are asked for. */
export interface Interfaces {
  IDriverEntry: IDriverEntry;
  IQueueCallbackCreate: IQueueCallbackCreate;
  IQueueCallbackRead: IQueueCallbackRead;
  IQueueCallbackWrite: IQueueCallbackWrite;
  IQueueCallbackDeviceIoControl: IQueueCallbackDeviceIoControl;
  IQueueCallbackDefaultIoHandler: IQueueCallbackDefaultIoHandler;
  IQueueCallbackIoStop: IQueueCallbackIoStop;
  IQueueCallbackIoResume: IQueueCallbackIoResume;
  IQueueCallbackIoCanceledOnQueue: IQueueCallbackIoCanceledOnQueue;
  IQueueCallbackStateChange: IQueueCallbackStateChange;
  IRequestCallbackCancel: IRequestCallbackCancel;
  IRequestCallbackRequestCompletion: IRequestCallbackRequestCompletion;
  IObjectCleanup: IObjectCleanup;
  IFileCallbackCleanup: IFileCallbackCleanup;
  IFileCallbackClose: IFileCallbackClose;
  IImpersonateCallback: IImpersonateCallback;
  IPnpCallback: IPnpCallback;
  IPnpCallbackHardware: IPnpCallbackHardware;
  IPnpCallbackSelfManagedIo: IPnpCallbackSelfManagedIo;
}

export type InterfaceName = keyof Interfaces;

/** What CreateIoQueue takes: any of the queue's callback interfaces, in one object. */
export type QueueCallbackObject = Partial<
  IUnknown &
    IQueueCallbackCreate &
    IQueueCallbackRead &
    IQueueCallbackWrite &
    IQueueCallbackDeviceIoControl &
    IQueueCallbackDefaultIoHandler &
    IQueueCallbackIoStop &
    IQueueCallbackIoResume &
    IQueueCallbackIoCanceledOnQueue &
    IQueueCallbackStateChange &
    IObjectCleanup
>;

/** What IWDFDriver::CreateDevice takes: any of the device's callback interfaces, in one object. */
export type DeviceCallbackObject = Partial<
  IUnknown & IPnpCallback & IPnpCallbackHardware & IPnpCallbackSelfManagedIo & IFileCallbackCleanup & IFileCallbackClose & IObjectCleanup
>;
