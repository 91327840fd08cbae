// Device: a WDFDEVICE as an object, and DeviceInit, from which a driver makes it. Every member names its DDI.

import {
  type NtStatus,
  type WdfDeviceIoType,
  type WdfExecutionLevel,
  type WdfPowerDeviceState,
  type WdfRequestType,
  WdfSynchronizationScope,
  type WdfTriState,
} from "../../bindings/abi";
import * as wdf from "../ddi/device";
import * as interfaces from "../ddi/device-interface";
import { WDF_FILEOBJECT_CONFIG_INIT, WdfDeviceInitSetExclusive, WdfDeviceInitSetFileObjectConfig } from "../ddi/file";
import { WdfDeviceConfigureWdmIrpDispatchCallback, WdfDeviceInitAssignWdmIrpPreprocessCallback } from "../ddi/irp";
import { FILE_OBJECT_CONFIG, PNP_POWER_EVENT_CALLBACKS } from "../ddi/known";
import { WdfObjectAcquireLock, WdfObjectGetTypedContext, WdfObjectReleaseLock } from "../ddi/object";
import { WDF_IO_QUEUE_CONFIG_INIT, WdfIoQueueCreate } from "../ddi/queue";
import { WdfRequestCreate } from "../ddi/request-send";
import { WdfDeviceGetIoTarget, WdfIoTargetCreate } from "../ddi/target";
import type { ContextType, Routine, WDFDEVICE, WdfObjectAttributes } from "../ddi/types";
import { type Known, refuseMisspelled } from "../misspelled";
import type { Suspendable } from "../suspension";
import { Driver } from "./driver-object";
import { File } from "./file";
import type { Irp } from "./irp";
import { Dpc, type DpcConfig, Timer, type TimerConfig, WorkItem, type WorkItemConfig } from "./later";
import { Queue, type QueueConfig } from "./queue";
import { Request } from "./request";
import { IoTarget } from "./target";
import {
  deviceWrapper,
  devices,
  dispatchWrapper,
  fileCreateWrapper,
  fileWrapper,
  files,
  inCallerWrapper,
  preprocessWrapper,
  queueOf,
  queues,
  requests,
  targetOf, targets, wrapHandlers
} from "./wrappers";

/** A callback for the IRPs of a major function, of some minor functions or of all. */
export interface PreprocessConfig {
  readonly majorFunction: number;
  readonly minorFunctions?: readonly number[];
  readonly evtDeviceWdmIrpPreprocess: Routine<[irp: Irp], NtStatus>;
}

/** What a device is made with. */
export interface DeviceConfig {
  /** Names applications open it by. @ddi WdfDeviceCreateSymbolicLink */
  symbolicLinks?: readonly string[];
  /** What it has no handler for goes down the stack. @ddi WdfFdoInitSetFilter */
  filter?: boolean;
  /** Where the buffers of reads and writes are. @ddi WdfDeviceInitSetIoType */
  ioType?: WdfDeviceIoType;
  executionLevel?: WdfExecutionLevel;
  synchronizationScope?: WdfSynchronizationScope;
  /** The device's own context. */
  context?: ContextType<unknown>;
  /** The context of each of its requests. @ddi WdfDeviceInitSetRequestAttributes */
  requestContext?: ContextType<unknown>;
  /** What it does about files, and that it wants a File for each. @ddi WdfDeviceInitSetFileObjectConfig */
  files?: FileConfig;
  /** It can be open once only at a time. @ddi WdfDeviceInitSetExclusive */
  exclusive?: boolean;
  /** @ddi WdfDeviceInitSetIoInCallerContextCallback */
  evtIoInCallerContext?: Routine<[device: Device, request: Request], void>;
  /** Callbacks that see IRPs before the framework does. @ddi WdfDeviceInitAssignWdmIrpPreprocessCallback */
  preprocess?: readonly PreprocessConfig[];
  /** @ddi WdfDeviceInitSetPnpPowerEventCallbacks */
  evtDeviceD0Entry?: Routine<[device: Device, previousState: WdfPowerDeviceState], NtStatus>;
  evtDeviceD0Exit?: Routine<[device: Device, targetState: WdfPowerDeviceState], NtStatus>;
  evtDeviceSelfManagedIoInit?: Routine<[device: Device], NtStatus>;
  evtDevicePrepareHardware?: Routine<[device: Device], NtStatus>;
  evtDeviceReleaseHardware?: Routine<[device: Device], NtStatus>;
  evtDeviceD0EntryPostInterruptsEnabled?: Routine<[device: Device, previousState: WdfPowerDeviceState], NtStatus>;
  evtDeviceD0ExitPreInterruptsDisabled?: Routine<[device: Device, targetState: WdfPowerDeviceState], NtStatus>;
  evtDeviceSelfManagedIoRestart?: Routine<[device: Device], NtStatus>;
  evtDeviceSelfManagedIoSuspend?: Routine<[device: Device], NtStatus>;
  evtDeviceSelfManagedIoFlush?: Routine<[device: Device], void>;
  evtDeviceSelfManagedIoCleanup?: Routine<[device: Device], void>;
  evtDeviceSurpriseRemoval?: Routine<[device: Device], void>;
  evtDeviceQueryRemove?: Routine<[device: Device], NtStatus>;
  evtDeviceQueryStop?: Routine<[device: Device], NtStatus>;
}

/** WDF_FILEOBJECT_CONFIG with objects for handles, and the attributes of the files. */
export interface FileConfig {
  /** The application opens the device: complete the request, with an error to refuse. */
  evtDeviceFileCreate?: Routine<[device: Device, request: Request, file: File | null], void>;
  /** The last handle is closed. */
  evtFileCleanup?: Routine<[file: File | null], void>;
  /** Nothing uses the file any more. */
  evtFileClose?: Routine<[file: File | null], void>;
  autoForwardCleanupClose?: WdfTriState;
  /** A WdfFileObjectClass. */
  fileObjectClass?: number;
  synchronizationScope?: WdfSynchronizationScope;
  /** The context of each file. */
  context?: ContextType<unknown>;
}

const DEVICE_CONFIG: Known<DeviceConfig> = {
  ...PNP_POWER_EVENT_CALLBACKS,
  symbolicLinks: true,
  filter: true,
  ioType: true,
  executionLevel: true,
  synchronizationScope: true,
  context: true,
  requestContext: true,
  files: true,
  exclusive: true,
  evtIoInCallerContext: true,
  preprocess: true,
};

const FILE_CONFIG: Known<FileConfig> = { ...FILE_OBJECT_CONFIG, synchronizationScope: true, context: true };

/** What EvtDriverDeviceAdd is given. */
export class DeviceInit {
  private readonly init: wdf.WdfDeviceInit;

  constructor(init: wdf.WdfDeviceInit) {
    this.init = init;
  }

  /** The driver that the device is for. */
  get driver(): Driver {
    return new Driver(this.init.driver);
  }

  /** @ddi WdfDeviceCreate */
  createDevice(config: DeviceConfig = {}): { readonly status: NtStatus; readonly device: Device } {
    const { init } = this;
    refuseMisspelled("createDevice", config, DEVICE_CONFIG);
    if (config.filter) wdf.WdfFdoInitSetFilter(init);
    if (config.ioType !== undefined) wdf.WdfDeviceInitSetIoType(init, config.ioType);
    if (config.exclusive) WdfDeviceInitSetExclusive(init, true);
    if (config.files) setFileConfig(init, config.files);
    if (config.evtIoInCallerContext) wdf.WdfDeviceInitSetIoInCallerContextCallback(init, inCallerWrapper(config.evtIoInCallerContext));
    if (config.requestContext) wdf.WdfDeviceInitSetRequestAttributes(init, { contextType: config.requestContext });
    for (const { majorFunction, minorFunctions, evtDeviceWdmIrpPreprocess } of config.preprocess ?? []) {
      const callback = preprocessWrapper(evtDeviceWdmIrpPreprocess);
      const status = WdfDeviceInitAssignWdmIrpPreprocessCallback(init, callback, majorFunction, minorFunctions);
      if (status < 0) return { status, device: new Device(0 as WDFDEVICE) };
    }
    wdf.WdfDeviceInitSetPnpPowerEventCallbacks(init, {
      evtDeviceD0Entry: deviceWrapper(config.evtDeviceD0Entry),
      evtDeviceD0Exit: deviceWrapper(config.evtDeviceD0Exit),
      evtDeviceSelfManagedIoInit: deviceWrapper(config.evtDeviceSelfManagedIoInit),
      evtDevicePrepareHardware: deviceWrapper(config.evtDevicePrepareHardware),
      evtDeviceReleaseHardware: deviceWrapper(config.evtDeviceReleaseHardware),
      evtDeviceD0EntryPostInterruptsEnabled: deviceWrapper(config.evtDeviceD0EntryPostInterruptsEnabled),
      evtDeviceD0ExitPreInterruptsDisabled: deviceWrapper(config.evtDeviceD0ExitPreInterruptsDisabled),
      evtDeviceSelfManagedIoRestart: deviceWrapper(config.evtDeviceSelfManagedIoRestart),
      evtDeviceSelfManagedIoSuspend: deviceWrapper(config.evtDeviceSelfManagedIoSuspend),
      evtDeviceSelfManagedIoFlush: deviceWrapper(config.evtDeviceSelfManagedIoFlush),
      evtDeviceSelfManagedIoCleanup: deviceWrapper(config.evtDeviceSelfManagedIoCleanup),
      evtDeviceSurpriseRemoval: deviceWrapper(config.evtDeviceSurpriseRemoval),
      evtDeviceQueryRemove: deviceWrapper(config.evtDeviceQueryRemove),
      evtDeviceQueryStop: deviceWrapper(config.evtDeviceQueryStop),
    });
    const made = wdf.WdfDeviceCreate(init, attributesOf(config));
    const device = new Device(made.device);
    let status = made.status;
    for (const name of config.symbolicLinks ?? []) if (status >= 0) status = wdf.WdfDeviceCreateSymbolicLink(made.device, name);
    return { status, device };
  }
}

export class Device {
  readonly handle: WDFDEVICE;

  constructor(handle: WDFDEVICE) {
    this.handle = handle;
  }

  /** @ddi WdfIoQueueCreate */
  createQueue(config: QueueConfig, attributes?: WdfObjectAttributes): { readonly status: NtStatus; readonly queue: Queue } {
    const settled = { ...WDF_IO_QUEUE_CONFIG_INIT(config.dispatchType), ...config, ...wrapHandlers(config) };
    const { status, queue } = WdfIoQueueCreate(this.handle, settled, attributes);
    return { status, queue: new Queue(queue) };
  }

  /** A timer that belongs to the device, unless the config names another parent. @ddi WdfTimerCreate */
  createTimer(config: TimerConfig): { readonly status: NtStatus; readonly timer: Timer } {
    return Timer.create(this, config);
  }

  /** @ddi WdfDpcCreate */
  createDpc(config: DpcConfig): { readonly status: NtStatus; readonly dpc: Dpc } {
    return Dpc.create(this, config);
  }

  /** @ddi WdfWorkItemCreate */
  createWorkItem(config: WorkItemConfig): { readonly status: NtStatus; readonly workItem: WorkItem } {
    return WorkItem.create(this, config);
  }

  /** @ddi WdfDeviceConfigureRequestDispatching */
  dispatchTo(queue: Queue, type: WdfRequestType): NtStatus {
    return wdf.WdfDeviceConfigureRequestDispatching(this.handle, queue.handle, type);
  }

  /**
   * Lets the driver decide for each IRP of a type what becomes of it, before it is a request.
   *
   * @ddi WdfDeviceConfigureWdmIrpDispatchCallback
   */
  dispatchIrps(type: WdfRequestType, evtDeviceWdmIrpDispatch: Routine<[irp: Irp], NtStatus>): NtStatus {
    return WdfDeviceConfigureWdmIrpDispatchCallback(this.handle, undefined, type, dispatchWrapper(evtDeviceWdmIrpDispatch));
  }

  /** null when there is none. @ddi WdfDeviceGetDefaultQueue */
  get defaultQueue(): Queue | null {
    const queue = wdf.WdfDeviceGetDefaultQueue(this.handle);
    return queue === 0 ? null : queueOf(queue);
  }

  /** Enabled when the device has started. @ddi WdfDeviceCreateDeviceInterface */
  createInterface(guid: string, reference?: string): NtStatus {
    return interfaces.WdfDeviceCreateDeviceInterface(this.handle, guid, reference);
  }

  /** @ddi WdfDeviceSetDeviceInterfaceStateEx */
  setInterfaceState(guid: string, enabled: boolean, reference?: string): void {
    interfaces.WdfDeviceSetDeviceInterfaceStateEx(this.handle, guid, reference ?? null, enabled);
  }

  /** The default I/O target: the device below. null for a device that a bus driver has made. @ddi WdfDeviceGetIoTarget */
  get ioTarget(): IoTarget | null {
    const target = WdfDeviceGetIoTarget(this.handle);
    return target === 0 ? null : targetOf(target);
  }

  /** A remote target, which leads nowhere until it is opened. @ddi WdfIoTargetCreate */
  createIoTarget(attributes?: WdfObjectAttributes): { readonly status: NtStatus; readonly target: IoTarget } {
    const { status, target } = WdfIoTargetCreate(this.handle, attributes);
    return { status, target: new IoTarget(target) };
  }

  /** A request of the driver's own, for its device's default target unless it says otherwise. @ddi WdfRequestCreate */
  createRequest(attributes?: WdfObjectAttributes, target = this.ioTarget): { readonly status: NtStatus; readonly request: Request } {
    const { status, request } = WdfRequestCreate(attributes ?? { parentObject: this.handle }, target?.handle);
    return { status, request: new Request(request) };
  }

  /** @ddi WdfDeviceEnqueueRequest */
  enqueue(request: Request): Suspendable<NtStatus> {
    return wdf.WdfDeviceEnqueueRequest(this.handle, request.handle);
  }

  /** @ddi WdfDeviceCreateSymbolicLink */
  createSymbolicLink(name: string): NtStatus {
    return wdf.WdfDeviceCreateSymbolicLink(this.handle, name);
  }

  /** @ddi WdfObjectAcquireLock */
  acquireLock(): Suspendable<void> {
    return WdfObjectAcquireLock(this.handle);
  }

  /** @ddi WdfObjectReleaseLock */
  releaseLock(): void {
    WdfObjectReleaseLock(this.handle);
  }

  /** @ddi WdfObjectGetTypedContext */
  context<T>(type: ContextType<T>): T | undefined {
    return WdfObjectGetTypedContext(this.handle, type);
  }
}

targets.make = (handle) => new IoTarget(handle);
requests.make = (handle) => new Request(handle);
queues.make = (handle) => new Queue(handle);
devices.make = (handle) => new Device(handle);
files.make = (handle) => new File(handle);

function setFileConfig(init: wdf.WdfDeviceInit, config: FileConfig): void {
  refuseMisspelled("files", config, FILE_CONFIG);
  const { evtDeviceFileCreate, evtFileCleanup, evtFileClose, autoForwardCleanupClose, fileObjectClass } = config;
  const create = evtDeviceFileCreate && fileCreateWrapper(evtDeviceFileCreate);
  const settled = WDF_FILEOBJECT_CONFIG_INIT(create, fileWrapper(evtFileClose), fileWrapper(evtFileCleanup));
  if (autoForwardCleanupClose !== undefined) settled.autoForwardCleanupClose = autoForwardCleanupClose;
  if (fileObjectClass !== undefined) settled.fileObjectClass = fileObjectClass;
  const attributes: WdfObjectAttributes = { synchronizationScope: config.synchronizationScope ?? WdfSynchronizationScope.None };
  if (config.context !== undefined) attributes.contextType = config.context;
  WdfDeviceInitSetFileObjectConfig(init, settled, attributes);
}

function attributesOf(config: DeviceConfig): WdfObjectAttributes {
  const attributes: WdfObjectAttributes = {};
  if (config.executionLevel !== undefined) attributes.executionLevel = config.executionLevel;
  if (config.synchronizationScope !== undefined) attributes.synchronizationScope = config.synchronizationScope;
  if (config.context !== undefined) attributes.contextType = config.context;
  return attributes;
}
