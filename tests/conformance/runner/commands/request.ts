// Commands about requests: sending, cancelling, completing and moving them.

import { WdfRequestType } from "../../../../bindings/abi";
import { hex8 } from "../../../../host/format";
import { WdfDeviceEnqueueRequest } from "../../../../host/ddi/device";
import { WdfObjectDereference } from "../../../../host/ddi/object";
import * as wdf from "../../../../host/ddi/request";
import type { WDFREQUEST } from "../../../../host/ddi/types";
import type { SendRequest } from "../../../../host/sending";
import { cancelCallback } from "../callbacks";
import type { Rig, Script } from "../rig";
import { type Command, Options, parseNumber } from "../script";
import { letters } from "../sender";
import { ddi, oneLine, told } from "./common";
import { refuseUnknown } from "./device";
import type { RunCommand } from "./index";

const MAJORS: Record<string, number> = { read: 3, write: 4, flush: 9, ioctl: 14, intioctl: 15, shutdown: 16 };
const KERNEL = 1;
const PAGING = 2;
const CANCELED = 4;
const DEFAULT_CODE = 0x222000;

/** `submit REQ TYPE LEN ...`: an IRP arrives. */
function* submit(rig: Rig, { words }: Command): Script {
  const [name, type, length, ...rest] = words;
  const options = new Options(rest);
  const request = parametersOf(rig, MAJORS[type], parseNumber(length), options);
  refuseUnknown("submit", options);
  yield* send(rig, name, ["submit", ...words].join(" "), `submit ${name}`, request);
  return undefined;
}

function parametersOf(rig: Rig, major: number, length: number, options: Options): SendRequest {
  const control = major === WdfRequestType.DeviceControl || major === WdfRequestType.DeviceControlInternal;
  const file = options.text("file");
  const inputLength = options.number("in") ?? 0;
  const code = options.number("code") ?? DEFAULT_CODE;
  const brought = control ? inputLength : major === WdfRequestType.Write ? length : 0;
  return {
    major,
    file: file === undefined ? 0 : (rig.world.files.get(file) ?? 0),
    flags: (options.flag("kernel") ? KERNEL : 0) | (options.flag("paging") ? PAGING : 0) | (options.flag("cancelled") ? CANCELED : 0),
    input: letters(brought),
    ...(major === WdfRequestType.Write ? {} : { output: letters(length) }),
    code: control ? code : 0,
    offset: options.number("off"),
    key: options.number("key"),
    badBuffer: options.flag("badbuf"),
  };
}

/** Sends an IRP from the running thread; its name is known before anybody sees it. */
export function* send(rig: Rig, name: string, head: string, tail: string, request: SendRequest): Generator<undefined, number, unknown> {
  rig.say(`-> ${head}`);
  rig.nest(1);
  const { irp, status } = rig.sendIrp(rig.world.device, request);
  rig.world.addRequest(name, irp as WDFREQUEST);
  const result = yield* status;
  rig.machine.takeNotifications();
  rig.nest(-1);
  rig.say(`<- ${tail} ${told(result)}`);
  return result;
}

function* cancel(rig: Rig, { words }: Command): Script {
  const [name] = words;
  const note = rig.world.request(name);
  if (!rig.world.live.has(note.handle)) {
    rig.say(`?? ${name} already done`);
    return undefined;
  }
  rig.say(`-> IoCancelIrp ${name}`);
  rig.nest(1);
  const reacts = yield* rig.call("cancel", note.handle);
  rig.nest(-1);
  rig.say(`<- IoCancelIrp ${name} ${reacts !== 0 ? "TRUE" : "FALSE"}`);
  return undefined;
}

/** `complete REQ STATUS [INFO]` */
function* complete(rig: Rig, { words }: Command): Script {
  const [name, status, information] = words;
  yield* completeAs(rig, name, parseNumber(status), information === undefined ? undefined : parseNumber(information));
  return undefined;
}

function* completeAs(rig: Rig, name: string, status: number, information: number | undefined): Script {
  const note = rig.world.request(name);
  const { handle } = note;
  note.owned = false;
  if (information === undefined) {
    const text = `WdfRequestComplete ${name} ${hex8(status)}`;
    yield* ddi(rig, text, () => wdf.WdfRequestComplete(handle, status), () => text);
  } else {
    const text = `WdfRequestCompleteWithInformation ${name} ${hex8(status)} ${information}`;
    yield* ddi(rig, text, () => wdf.WdfRequestCompleteWithInformation(handle, status, information), () => text);
  }
  return undefined;
}

/** Takes the script's mark off first; true when the cancel callback has the request. */
export function* unmarkFirst(rig: Rig, name: string): Generator<undefined, boolean, unknown> {
  if (!rig.world.request(name).marked) return false;
  const status = yield* unmarkOne(rig, name);
  return status < 0;
}

/** `finish`: completes a request the driver owns, unmarked first. */
export function* finish(rig: Rig, name: string, status: number, information: number): Script {
  if (yield* unmarkFirst(rig, name)) rig.say("# finish: left to the cancel callback");
  else yield* completeAs(rig, name, status, information);
  return undefined;
}

/** forward, requeue, enqueue: the request is not the driver's unless they fail. */
function moving(name: string, run: (rig: Rig, handle: WDFREQUEST, words: readonly string[]) => unknown): RunCommand {
  return function* (rig: Rig, { words }: Command): Script {
    const note = rig.world.request(words[0]);
    const head = [name, ...words].join(" ");
    note.owned = false;
    const status = yield* ddi(rig, head, () => run(rig, note.handle, words) as number, (result) => `${head} ${told(result)}`);
    if (status < 0) note.owned = true;
    return undefined;
  };
}

function* markcancelable(rig: Rig, { words }: Command): Script {
  const note = rig.world.request(words[0]);
  const head = `WdfRequestMarkCancelable ${words[0]}`;
  note.marked = true;
  yield* ddi(rig, head, () => wdf.WdfRequestMarkCancelable(note.handle, cancelCallback(rig) as never), () => head);
  return undefined;
}

function* markcancelableex(rig: Rig, { words }: Command): Script {
  const note = rig.world.request(words[0]);
  const head = `WdfRequestMarkCancelableEx ${words[0]}`;
  note.marked = true;
  const run = () => wdf.WdfRequestMarkCancelableEx(note.handle, cancelCallback(rig) as never);
  const status = yield* ddi(rig, head, run, (result) => `${head} ${told(result)}`);
  if (status < 0) note.marked = false;
  return undefined;
}

function* unmarkOne(rig: Rig, name: string): Generator<undefined, number, unknown> {
  const note = rig.world.request(name);
  const head = `WdfRequestUnmarkCancelable ${name}`;
  note.marked = false;
  return yield* ddi(rig, head, () => wdf.WdfRequestUnmarkCancelable(note.handle) as number, (status) => `${head} ${told(status)}`);
}

function* unmark(rig: Rig, { words }: Command): Script {
  yield* unmarkOne(rig, words[0]);
  return undefined;
}

/** DDIs that only tell something. */
function* iscanceled(rig: Rig, { words }: Command): Script {
  const { handle } = rig.world.request(words[0]);
  oneLine(rig, () => wdf.WdfRequestIsCanceled(handle), (yes) => `WdfRequestIsCanceled ${words[0]} ${yes ? 1 : 0}`);
  return undefined;
}

function* isreserved(rig: Rig, { words }: Command): Script {
  const { handle } = rig.world.request(words[0]);
  oneLine(rig, () => wdf.WdfRequestIsReserved(handle), (yes) => `WdfRequestIsReserved ${words[0]} ${yes ? 1 : 0}`);
  return undefined;
}

function* getqueue(rig: Rig, { words }: Command): Script {
  const { handle } = rig.world.request(words[0]);
  const name = (queue: number) => (queue === 0 ? "NULL" : rig.world.queueName(queue));
  oneLine(rig, () => wdf.WdfRequestGetIoQueue(handle), (queue) => `WdfRequestGetIoQueue ${words[0]} = ${name(queue)}`);
  return undefined;
}

function* stopack(rig: Rig, { words }: Command): Script {
  const [name, requeue] = words;
  const note = rig.world.request(name);
  const head = `WdfRequestStopAcknowledge ${name} requeue=${requeue}`;
  if (requeue === "1") note.owned = false;
  yield* ddi(rig, head, () => wdf.WdfRequestStopAcknowledge(note.handle, requeue === "1"), () => head);
  return undefined;
}

function* deref(rig: Rig, { words }: Command): Script {
  const { handle } = rig.world.request(words[0]);
  yield* WdfObjectDereference(handle);
  rig.machine.takeNotifications();
  rig.say(`WdfObjectDereference ${words[0]}`);
  return undefined;
}

export const REQUEST_COMMANDS: Record<string, RunCommand> = {
  submit,
  cancel,
  complete,
  forward: moving("WdfRequestForwardToIoQueue", (rig, handle, words) =>
    wdf.WdfRequestForwardToIoQueue(handle, rig.world.queue(words[1]).handle),
  ),
  requeue: moving("WdfRequestRequeue", (_rig, handle) => wdf.WdfRequestRequeue(handle)),
  enqueue: moving("WdfDeviceEnqueueRequest", (rig, handle) => WdfDeviceEnqueueRequest(rig.world.device, handle)),
  markcancelable,
  markcancelableex,
  unmark,
  iscanceled,
  isreserved,
  getqueue,
  stopack,
  deref,
};
