// From the callback interfaces of a queue to the handlers of a KMDF queue.
//
//   IQueueCallbackRead, Write, DeviceIoControl     EvtIoRead, EvtIoWrite, EvtIoDeviceControl
//   IQueueCallbackCreate                           creates among what comes to EvtIoDefault
//   IQueueCallbackDefaultIoHandler                 the rest of EvtIoDefault; without it STATUS_INVALID_DEVICE_REQUEST

import { NtStatus, WdfRequestType } from "../../bindings/abi";
import { WdfRequestComplete, WdfRequestGetFileObject, WdfRequestGetParameters } from "../ddi/index";
import type { WDFQUEUE, WDFREQUEST, WdfIoQueueConfig } from "../ddi/types";
import type { Device } from "./device";
import { queryInterface } from "./discovery";
import type { IoQueue } from "./queue";
import type { IoRequest } from "./request";
import type * as wudf from "./wudfddi";

/** What a queue's callback object was found to have. */
export interface Found {
  readonly create: wudf.IQueueCallbackCreate | undefined;
  readonly read: wudf.IQueueCallbackRead | undefined;
  readonly write: wudf.IQueueCallbackWrite | undefined;
  readonly deviceIoControl: wudf.IQueueCallbackDeviceIoControl | undefined;
  readonly defaultIo: wudf.IQueueCallbackDefaultIoHandler | undefined;
  readonly ioStop: wudf.IQueueCallbackIoStop | undefined;
  readonly ioResume: wudf.IQueueCallbackIoResume | undefined;
  readonly ioCanceled: wudf.IQueueCallbackIoCanceledOnQueue | undefined;
  readonly stateChange: wudf.IQueueCallbackStateChange | undefined;
  /** One of the five request handlers is there. */
  readonly handlers: boolean;
}

/** Asks a callback object for each interface once. */
export function interfacesOf(object: wudf.QueueCallbackObject | null): Found {
  const create = queryInterface(object, "IQueueCallbackCreate");
  const defaultIo = queryInterface(object, "IQueueCallbackDefaultIoHandler");
  const deviceIoControl = queryInterface(object, "IQueueCallbackDeviceIoControl");
  const read = queryInterface(object, "IQueueCallbackRead");
  const write = queryInterface(object, "IQueueCallbackWrite");
  return {
    create,
    read,
    write,
    deviceIoControl,
    defaultIo,
    ioStop: queryInterface(object, "IQueueCallbackIoStop"),
    ioResume: queryInterface(object, "IQueueCallbackIoResume"),
    ioCanceled: queryInterface(object, "IQueueCallbackIoCanceledOnQueue"),
    stateChange: queryInterface(object, "IQueueCallbackStateChange"),
    handlers: (create ?? defaultIo ?? deviceIoControl ?? read ?? write) !== undefined,
  };
}

type Handlers = Partial<WdfIoQueueConfig>;
type Outcome = void | Generator<undefined, void, unknown>;

/** The handlers of a queue, with objects in place of handles. */
export function handlersFor(device: Device, found: Found): Handlers {
  const { read, write, deviceIoControl, ioStop, ioResume, ioCanceled } = found;
  /** Calls a method about a request, or fails the request when the host process has ended. */
  const give = (q: WDFQUEUE, r: WDFREQUEST, method: (queue: IoQueue, request: IoRequest) => Outcome): Outcome => {
    if (device.host.isDead) return device.fail(r);
    return device.host.run(() => method(device.queueOf(q), device.given(r)), undefined);
  };
  return {
    evtIoRead: read && ((q, r, length) => give(q, r, (queue, request) => read.OnRead(queue, request, length))),
    evtIoWrite: write && ((q, r, length) => give(q, r, (queue, request) => write.OnWrite(queue, request, length))),
    evtIoDeviceControl:
      deviceIoControl &&
      ((q, r, output, input, code) =>
        give(q, r, (queue, request) => deviceIoControl.OnDeviceIoControl(queue, request, code, input, output))),
    evtIoDefault: defaultHandler(device, found, give),
    evtIoStop: ioStop && ((q, r, flags) => told(device, q, r, (queue, request) => ioStop.OnIoStop(queue, request, flags))),
    evtIoResume: ioResume && ((q, r) => told(device, q, r, (queue, request) => ioResume.OnIoResume(queue, request))),
    evtIoCanceledOnQueue: ioCanceled && ((q, r) => give(q, r, (queue, request) => ioCanceled.OnIoCanceledOnQueue(queue, request))),
  };
}

type Give = (q: WDFQUEUE, r: WDFREQUEST, method: (queue: IoQueue, request: IoRequest) => Outcome) => Outcome;

function defaultHandler(device: Device, { create, defaultIo }: Found, give: Give): Handlers["evtIoDefault"] {
  if (create === undefined && defaultIo === undefined) return undefined;
  return (q, r) => {
    if (create !== undefined && WdfRequestGetParameters(r).type === (WdfRequestType.Create as number)) {
      const file = device.fileOf(WdfRequestGetFileObject(r));
      return give(q, r, (queue, request) => create.OnCreateFile(queue, request, file));
    }
    if (defaultIo === undefined) return WdfRequestComplete(r, NtStatus.InvalidDeviceRequest);
    return give(q, r, (queue, request) => defaultIo.OnDefaultIoHandler(queue, request));
  };
}

/** Calls a method about a request the driver has already. */
function told(device: Device, q: WDFQUEUE, r: WDFREQUEST, method: (queue: IoQueue, request: IoRequest) => Outcome): Outcome {
  return device.host.run(() => method(device.queueOf(q), device.requestOf(r)), undefined);
}
