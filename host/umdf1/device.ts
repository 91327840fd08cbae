// IWDFDevice: a device of a UMDF 1 driver, over a KMDF device of execution level Passive whose synchronization scope is the
// locking constraint.
//
//   callback object ─QueryInterface─▶ interfaces ─▶ handlers of a KMDF queue, which give objects for handles
//
// Which type of request goes to which queue may be changed at any time here, so the routes are set directly (routeRequests) and
// not by WdfDeviceConfigureRequestDispatching, which refuses most changes.

import { HANDLE_INDEX_MASK, NtStatus, WdfIoQueueDispatchType, WdfRequestType, WdfTriState } from "../../bindings/abi";
import type { FindingId } from "../../bindings/abi";
import { machine } from "../current";
import * as wdf from "../ddi/index";
import type { EvtIoQueueState, EvtRequestCancel, WDFDEVICE, WDFFILEOBJECT, WDFQUEUE, WDFREQUEST } from "../ddi/types";
import { awaited } from "./awaited";
import { IdlingDevice } from "./device-idle";
import type { DeviceInitialize } from "./device-initialize";
import { queryInterface, warnOfMisspelled } from "./discovery";
import { UmdfFile } from "./file";
import { E_INVALIDARG, ERROR_BAD_CONFIGURATION, ERROR_INVALID_PARAMETER, type HRESULT } from "./hresult";
import { HRESULT_FROM_NT, HRESULT_FROM_WIN32, S_OK, hresultOf } from "./hresult";
import type { HostProcess } from "./host-process";
import type { WdfObject } from "./object";
import { IoQueue } from "./queue";
import { type Found, handlersFor, interfacesOf } from "./queue-callbacks";
import { IoRequest, completionParams } from "./request";
import { RemoteTarget } from "./remote-target";
import { IoTarget } from "./target";
import type { UmdfDriver } from "./driver";
import type { IObjectCleanup, IQueueCallbackStateChange, QueueCallbackObject } from "./wudfddi";

type Created = { readonly hr: HRESULT; readonly queue: IoQueue | null };

/** What IWDFDevice::ConfigureRequestDispatching takes. */
const ROUTABLE: ReadonlySet<number> = new Set([
  WdfRequestType.Create,
  WdfRequestType.Read,
  WdfRequestType.Write,
  WdfRequestType.DeviceControl,
]);

export class Device extends IdlingDevice {
  protected readonly interfaces = ["IWDFDevice", "IWDFDevice2"];
  handle = 0 as WDFDEVICE;
  readonly host: HostProcess;
  /** OnCreateFile is not asked. */
  readonly forwardsCreates: boolean;
  readonly ownsPowerPolicy: boolean;
  private readonly driver: UmdfDriver;
  private readonly queues = new Map<WDFQUEUE, IoQueue>();
  private readonly routes = new Map<WdfRequestType, IoQueue>();
  private defaultQueue: IoQueue | null = null;
  private defaultTarget: IoTarget | null = null;
  /** By the index of the handle. */
  private readonly requests: (IoRequest | undefined)[] = [];
  private readonly files: (UmdfFile | undefined)[] = [];

  constructor(driver: UmdfDriver, host: HostProcess, { forwardsCreates, ownsPowerPolicy }: DeviceInitialize) {
    super();
    this.driver = driver;
    this.host = host;
    this.forwardsCreates = forwardsCreates;
    this.ownsPowerPolicy = ownsPowerPolicy;
  }

  protected get lockOwner(): WDFDEVICE {
    return this.handle;
  }

  /** IWDFDevice::GetDriver */
  GetDriver(): UmdfDriver {
    return this.driver;
  }

  /** IWDFDevice::GetDefaultIoQueue: NULL when the driver has made none. */
  GetDefaultIoQueue(): IoQueue | null {
    return this.defaultQueue;
  }

  /**
   * IWDFDevice::CreateRequest: a request of the driver's own below another object (NULL: the device), which a target has to
   * format. It is not completed but deleted.
   */
  CreateRequest(
    pCallbackInterface: Partial<IObjectCleanup> | null,
    pParentObject: (WdfObject & { readonly handle: wdf.WDFOBJECT }) | null,
  ): { readonly hr: HRESULT; readonly request: IoRequest | null } {
    const parentObject = pParentObject?.handle ?? this.handle;
    const made = wdf.WdfRequestCreate({ parentObject, evtCleanupCallback: this.evtRequestCleanup });
    if (made.status < 0) return { hr: hresultOf(made.status), request: null };
    const request = new IoRequest(this, made.request, true);
    request.addCleanup(queryInterface(pCallbackInterface, "IObjectCleanup"));
    this.requests[made.request & HANDLE_INDEX_MASK] = request;
    return { hr: S_OK, request };
  }

  /** IWDFDevice2::CreateRemoteTarget: a target below another object (NULL: the device) that leads nowhere until it is opened. */
  CreateRemoteTarget(
    pCallbackInterface: Partial<IObjectCleanup> | null,
    pParentObject: (WdfObject & { readonly handle: wdf.WDFOBJECT }) | null,
  ): { readonly hr: HRESULT; readonly target: RemoteTarget | null } {
    const evtCleanupCallback = (): void => this.cleanUpOf(target);
    const made = wdf.WdfIoTargetCreate(this.handle, { parentObject: pParentObject?.handle ?? this.handle, evtCleanupCallback });
    const stranger = made.status === NtStatus.InvalidDeviceRequest;
    if (made.status < 0) return { hr: stranger ? HRESULT_FROM_WIN32(ERROR_INVALID_PARAMETER) : hresultOf(made.status), target: null };
    const target = new RemoteTarget(this, made.target);
    target.addCleanup(queryInterface(pCallbackInterface, "IObjectCleanup"));
    return { hr: S_OK, target };
  }

  /** Requests that a target has and that belong to a file. */
  sentTo(target: IoTarget, file: UmdfFile): IoRequest[] {
    const belongs = (request: IoRequest): boolean =>
      (request.targetFile === 0 ? wdf.WdfRequestGetFileObject(request.handle) : request.targetFile) === file.handle;
    return this.requests.filter((request): request is IoRequest => request?.sentTo === target && belongs(request));
  }

  /** IWDFDevice::GetDefaultIoTarget: the next driver below; NULL when there is none. */
  GetDefaultIoTarget(): IoTarget | null {
    const handle = wdf.WdfDeviceGetIoTarget(this.handle);
    if (handle !== 0) this.defaultTarget ??= new IoTarget(this, handle);
    return this.defaultTarget;
  }

  /** IWDFDevice::CreateSymbolicLink: a name applications can open. */
  CreateSymbolicLink(pSymbolicLink: string): HRESULT {
    return hresultOf(wdf.WdfDeviceCreateSymbolicLink(this.handle, pSymbolicLink));
  }

  /**
   * IWDFDevice::CreateIoQueue. The callback object is asked for the queue's interfaces: a sequential or parallel queue needs one
   * of the five request handlers, a manual one may have none, else ERROR_BAD_CONFIGURATION.
   */
  CreateIoQueue(
    pCallbackInterface: QueueCallbackObject | null,
    bDefaultQueue: boolean,
    DispatchType: WdfIoQueueDispatchType,
    bPowerManaged: boolean,
    bAllowZeroLengthRequests: boolean,
  ): Created {
    const m = machine();
    warnOfMisspelled(m, pCallbackInterface);
    const found = interfacesOf(pCallbackInterface);
    const manual = DispatchType === WdfIoQueueDispatchType.Manual;
    if (found.handlers === manual || (!manual && found.stateChange !== undefined)) {
      return { hr: HRESULT_FROM_WIN32(ERROR_BAD_CONFIGURATION), queue: null };
    }
    const config: wdf.WdfIoQueueConfig = {
      ...wdf.WDF_IO_QUEUE_CONFIG_INIT(DispatchType),
      ...handlersFor(this, found),
      defaultQueue: bDefaultQueue,
      powerManaged: bPowerManaged ? WdfTriState.True : WdfTriState.False,
      allowZeroLengthRequests: bAllowZeroLengthRequests,
    };
    const evtCleanupCallback = (handle: wdf.WDFOBJECT): void => this.cleanUpOf(this.queues.get(handle as WDFQUEUE));
    const made = wdf.WdfIoQueueCreate(this.handle, config, { evtCleanupCallback });
    if (made.status < 0) return { hr: hresultOf(made.status), queue: null };
    const queue = new IoQueue(this, made.queue, DispatchType, bDefaultQueue);
    this.queues.set(made.queue, queue);
    queue.addCleanup(queryInterface(pCallbackInterface, "IObjectCleanup"));
    this.afterCreation(queue, found, bDefaultQueue);
    return { hr: S_OK, queue };
  }

  private afterCreation(queue: IoQueue, { create, defaultIo, stateChange }: Found, isDefault: boolean): void {
    if (isDefault) this.defaultQueue = queue;
    if (isDefault && !this.forwardsCreates && (create ?? defaultIo) !== undefined) this.route(WdfRequestType.Create, queue);
    if (stateChange === undefined) return;
    wdf.WdfIoQueueReadyNotify(queue.handle, (handle) => this.tell(stateChange, handle));
  }

  /** IWDFDevice::ConfigureRequestDispatching: sends a type of request to a queue, or with FALSE no longer. */
  ConfigureRequestDispatching(pQueue: IoQueue, RequestType: WdfRequestType, Forward: boolean): HRESULT {
    if (!ROUTABLE.has(RequestType)) return HRESULT_FROM_NT(NtStatus.InvalidParameter);
    if (this.queues.get(pQueue.handle) !== pQueue) return E_INVALIDARG;
    if (Forward) this.route(RequestType, pQueue);
    else if (this.routes.get(RequestType) === pQueue) this.unroute(RequestType);
    return S_OK;
  }

  private route(type: WdfRequestType, queue: IoQueue): void {
    this.routes.set(type, queue);
    machine().exports.routeRequests(this.handle, queue.handle, type);
  }

  /** The default queue gets the type again, except creates. */
  private unroute(type: WdfRequestType): void {
    this.routes.delete(type);
    const queue = type === WdfRequestType.Create ? null : this.defaultQueue;
    machine().exports.routeRequests(this.handle, queue?.handle ?? 0, type);
  }

  /** True when a type of request goes to that queue. */
  isRouted(queue: IoQueue): boolean {
    return [...this.routes.values()].includes(queue);
  }

  /** EvtCleanup of the device's requests, once the driver has seen them. */
  readonly evtRequestCleanup = (handle: wdf.WDFOBJECT): void => {
    const known = this.requests[handle & HANDLE_INDEX_MASK];
    if (known?.handle === (handle as number)) this.cleanUpOf(known);
  };

  /** EvtCleanup of the device's files. */
  readonly evtFileCleanup = (handle: wdf.WDFOBJECT): void => {
    const known = this.files[handle & HANDLE_INDEX_MASK];
    if (known?.handle === (handle as number)) this.cleanUpOf(known);
  };

  /** An object is about to go: OnCleanup of whoever wants to know. */
  cleanUpOf(object: WdfObject | undefined): void {
    if (object !== undefined) void this.host.run(() => object.cleanUp(), undefined);
  }

  queueOf(handle: WDFQUEUE): IoQueue {
    return this.queues.get(handle)!;
  }

  /** The object of a request. */
  requestOf(handle: WDFREQUEST): IoRequest {
    const index = handle & HANDLE_INDEX_MASK;
    const known = this.requests[index];
    if (known?.handle === handle) return known;
    const made = new IoRequest(this, handle);
    this.requests[index] = made;
    return made;
  }

  /** The object of a request that the driver is given. */
  given(handle: WDFREQUEST): IoRequest {
    const request = this.requestOf(handle);
    request.owned = true;
    request.retrieved = false;
    return request;
  }

  fileOf(handle: WDFFILEOBJECT): UmdfFile {
    const index = handle & HANDLE_INDEX_MASK;
    const known = this.files[index];
    if (known?.handle === handle) return known;
    const made = new UmdfFile(this, handle);
    this.files[index] = made;
    return made;
  }

  /** EvtRequestCancel of all requests: OnCancel of the object each was marked with. */
  readonly evtCancel: EvtRequestCancel = (handle) => {
    const request = this.requestOf(handle);
    const callback = request.cancelCallback;
    request.cancelCallback = null;
    if (callback === null || this.host.isDead) return this.fail(handle);
    return this.host.run(() => callback.OnCancel(request), undefined);
  };

  /** EvtIoQueueState of all Stops, Drains and Purges: OnStateChange of the object each was given. */
  readonly evtStateChanged: EvtIoQueueState = (handle) => {
    const callback = this.queueOf(handle).changed();
    return callback === null ? undefined : this.tell(callback, handle);
  };

  /** The completion routine of all requests: OnCompletion of the object each was sent with. No lock is held. */
  readonly evtCompletion: wdf.EvtRequestCompletionRoutine = (handle, _target, params) => {
    const request = this.requestOf(handle);
    const target = request.sentTo!;
    const completion = request.returned();
    if (this.host.isDead) return this.fail(handle);
    if (completion === null) return undefined;
    const given = completionParams(params.ioStatus.status, params.ioStatus.information);
    return this.host.run(() => completion.callback.OnCompletion(request, target, given, completion.context), undefined);
  };

  private tell(callback: IQueueCallbackStateChange, handle: WDFQUEUE): void | Generator<undefined, void, unknown> {
    const { state } = wdf.WdfIoQueueGetState(handle);
    return this.host.run(() => callback.OnStateChange(this.queueOf(handle), state), undefined);
  }

  /** A rule of UMDF 1 was broken. */
  note(what: FindingId, first: number, second = 0): void {
    machine().exports.noteRule(what, first, second);
  }

  /** Fails a request in place of a driver whose process has ended. */
  fail(handle: WDFREQUEST): ReturnType<typeof wdf.WdfRequestComplete> {
    return wdf.WdfRequestComplete(handle, NtStatus.DriverProcessTerminated);
  }

  /** The host process has ended. */
  *abandon(): Generator<undefined, void, unknown> {
    for (const request of this.requests) {
      if (request === undefined || !request.owned) continue;
      request.owned = false;
      const due = request.cancelCallback !== null && wdf.WdfRequestUnmarkCancelable(request.handle) < 0;
      if (!due) yield* awaited(this.fail(request.handle));
    }
    for (const queue of this.queues.keys()) yield* awaited(wdf.WdfIoQueuePurge(queue));
  }
}
