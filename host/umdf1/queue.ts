// IWDFIoQueue: a queue of the device, over the same engine as a KMDF queue.
//
//   Stop, Drain, Purge    one at a time: another before the first is done ends the host process
//   OnStateChange         of the object given to Stop, Drain or Purge when it is done; of the queue's own object, on a manual
//                         queue, when it is no longer empty

import { FindingId, NtStatus, WdfIoQueueDispatchType, type WdfRequestType } from "../../bindings/abi";
import * as wdf from "../ddi/index";
import type { EvtIoQueueState, WDFDEVICE, WDFQUEUE, WDFREQUEST } from "../ddi/types";
import type { Suspendable } from "../suspension";
import { awaited, inSteps } from "./awaited";
import type { Device } from "./device";
import type { UmdfFile } from "./file";
import { ERROR_ACCESS_DENIED, type HRESULT, HRESULT_FROM_WIN32, S_OK, hresultOf } from "./hresult";
import { WdfObject } from "./object";
import type { IoRequest } from "./request";
import type { IQueueCallbackStateChange, IRequestCallbackCancel } from "./wudfddi";

type Retrieved = { readonly hr: HRESULT; readonly request: IoRequest | null };
type FromQueue = { readonly status: NtStatus; readonly request: WDFREQUEST };
type Change = (queue: WDFQUEUE, done: EvtIoQueueState) => Suspendable<void>;

export class IoQueue extends WdfObject {
  protected readonly interfaces = ["IWDFIoQueue"];
  readonly handle: WDFQUEUE;
  readonly type: WdfIoQueueDispatchType;
  private readonly device: Device;
  private readonly isDefault: boolean;
  private cancelCallback: IRequestCallbackCancel | null = null;
  /** The Stop, Drain or Purge that is under way. */
  private change: { readonly callback: IQueueCallbackStateChange | null } | null = null;

  constructor(device: Device, handle: WDFQUEUE, type: WdfIoQueueDispatchType, isDefault: boolean) {
    super();
    this.device = device;
    this.handle = handle;
    this.type = type;
    this.isDefault = isDefault;
  }

  protected get lockOwner(): WDFDEVICE {
    return this.device.handle;
  }

  /** IWDFIoQueue::GetDevice */
  GetDevice(): Device {
    return this.device;
  }

  /** IWDFIoQueue::ConfigureRequestDispatching: sends a type of request here, or with FALSE no longer. May be called again and again. */
  ConfigureRequestDispatching(RequestType: WdfRequestType, Forward: boolean): HRESULT {
    return this.device.ConfigureRequestDispatching(this, RequestType, Forward);
  }

  /** IWDFIoQueue::GetState: WDF_IO_QUEUE_STATE flags, requests in the queue, requests with the driver. */
  GetState(): { readonly state: number; readonly requestsInQueue: number; readonly requestsInDriver: number } {
    const { state, queueRequests, driverRequests } = wdf.WdfIoQueueGetState(this.handle);
    return { state, requestsInQueue: queueRequests, requestsInDriver: driverRequests };
  }

  /** IWDFIoQueue::Start: accepts and dispatches. */
  Start(): Suspendable<void> {
    return wdf.WdfIoQueueStart(this.handle);
  }

  /** IWDFIoQueue::Stop: accepts, does not dispatch. Told when the driver has no request of it. Lets requests in again after Drain. */
  Stop(pStopComplete: IQueueCallbackStateChange | null): Suspendable<void> {
    return this.begin("Stop", pStopComplete, wdf.WdfIoQueueStop);
  }

  /** IWDFIoQueue::StopSynchronously */
  StopSynchronously(): Suspendable<void> {
    return this.wait("StopSynchronously", () => wdf.WdfIoQueueStopSynchronously(this.handle));
  }

  /** IWDFIoQueue::Drain: refuses new requests, delivers what there is. */
  Drain(pDrainComplete: IQueueCallbackStateChange | null): Suspendable<void> {
    return this.begin("Drain", pDrainComplete, wdf.WdfIoQueueDrain);
  }

  /** IWDFIoQueue::DrainSynchronously */
  DrainSynchronously(): Suspendable<void> {
    return this.wait("DrainSynchronously", () => wdf.WdfIoQueueDrainSynchronously(this.handle));
  }

  /** IWDFIoQueue::Purge: refuses new requests, cancels what is queued or cancelable. */
  Purge(pPurgeComplete: IQueueCallbackStateChange | null): Suspendable<void> {
    return this.begin("Purge", pPurgeComplete, wdf.WdfIoQueuePurge);
  }

  /** IWDFIoQueue::PurgeSynchronously */
  PurgeSynchronously(): Suspendable<void> {
    return this.wait("PurgeSynchronously", () => wdf.WdfIoQueuePurgeSynchronously(this.handle));
  }

  private begin(name: string, callback: IQueueCallbackStateChange | null, change: Change): Suspendable<void> {
    if (this.change !== null) return this.overlap(name);
    this.change = { callback };
    return change(this.handle, this.device.evtStateChanged);
  }

  private wait(name: string, change: () => Suspendable<void>): Suspendable<void> {
    if (this.change !== null) return this.overlap(name);
    this.change = { callback: null };
    return inSteps(name, function* (this: IoQueue) {
      yield* awaited(change());
      this.change = null;
    }.bind(this));
  }

  private overlap(name: string): Suspendable<void> {
    return inSteps(name, () => this.device.host.terminate("Stop, Drain and Purge of a queue overlap"));
  }

  /** The Stop, Drain or Purge is done: whom to tell. */
  changed(): IQueueCallbackStateChange | null {
    const callback = this.change?.callback ?? null;
    this.change = null;
    return callback;
  }

  /** IWDFIoQueue::RetrieveNextRequest: STATUS_WDF_PAUSED of a stopped queue, ERROR_NO_MORE_ITEMS of an empty one. */
  RetrieveNextRequest(): Suspendable<Retrieved> {
    return this.retrieve("RetrieveNextRequest", () => wdf.WdfIoQueueRetrieveNextRequest(this.handle));
  }

  /** IWDFIoQueue::RetrieveNextRequestByFileObject */
  RetrieveNextRequestByFileObject(pFile: UmdfFile): Suspendable<Retrieved> {
    const { handle } = pFile;
    return this.retrieve("RetrieveNextRequestByFileObject", () => wdf.WdfIoQueueRetrieveRequestByFileObject(this.handle, handle));
  }

  private retrieve(name: string, from: () => Suspendable<FromQueue>): Suspendable<Retrieved> {
    return inSteps(name, function* (this: IoQueue) {
      const { status, request } = yield* awaited(from());
      if (status < 0) return { hr: hresultOf(status), request: null };
      const given = this.device.given(request);
      given.retrieved = true;
      return { hr: S_OK, request: given };
    }.bind(this));
  }

  /** IWDFObject::DeleteWdfObject: not of the default queue. */
  override DeleteWdfObject(): Suspendable<HRESULT> {
    if (this.isDefault) return super.DeleteWdfObject();
    return inSteps("DeleteWdfObject", function* (this: IoQueue) {
      if (this.device.isRouted(this)) return HRESULT_FROM_WIN32(ERROR_ACCESS_DENIED);
      yield* awaited(wdf.WdfObjectDelete(this.handle));
      return S_OK;
    }.bind(this));
  }

  /** One OnCancel object serves the requests of a queue. */
  noteCancelCallback(callback: IRequestCallbackCancel, request: WDFREQUEST): void {
    if (this.cancelCallback === null) this.cancelCallback = callback;
    else if (this.cancelCallback !== callback) this.device.note(FindingId.Umdf1SecondCancelObject, this.handle, request);
  }
}
