// Commands about requests that are sent to I/O targets.

import { WdfRequestReuseFlag, WdfRequestSendOption } from "../../../../bindings/abi";
import * as format from "../../../../host/ddi/target-format";
import { WdfRequestGetStatus } from "../../../../host/ddi/request-parameters";
import * as wdf from "../../../../host/ddi/request-send";
import type { WdfMemoryOffset, WdfRequestSendOptions } from "../../../../host/ddi/target-types";
import type { WDFIOTARGET, WDFMEMORY } from "../../../../host/ddi/types";
import type { Rig, Script } from "../rig";
import { type Command, Options, parseNumber } from "../script";
import { ddi, oneLine, told } from "./common";
import { refuseUnknown } from "./device";
import type { RunCommand } from "./index";
import { finish } from "./request";
import { targetOf } from "./target";

const UNITS_PER_MS = 10_000;
const TYPES: Record<number, string> = { 3: "read", 4: "write", 14: "ioctl", 15: "intioctl", 255: "noformat" };
const UNSUCCESSFUL = 0xc0000001 | 0;

/** The options of a send: `sync timeout=MS forget ignorestate flags=N osize=N`. */
export function sendOptions(options: Options): WdfRequestSendOptions | undefined {
  const timeout = options.number("timeout");
  const size = options.number("osize");
  const named =
    (options.flag("sync") ? WdfRequestSendOption.Synchronous : 0) |
    (options.flag("forget") ? WdfRequestSendOption.SendAndForget : 0) |
    (options.flag("ignorestate") ? WdfRequestSendOption.IgnoreTargetState : 0) |
    (timeout === undefined ? 0 : WdfRequestSendOption.Timeout);
  const flags = (options.number("flags") ?? 0) | named;
  if (flags === 0 && size === undefined) return undefined;
  return { flags, timeout: -(timeout ?? 0) * UNITS_PER_MS, ...(size === undefined ? {} : { size }) };
}

/** `send R [target=T] ...`. True when it was sent. */
export function* send(rig: Rig, words: readonly string[]): Generator<undefined, boolean, unknown> {
  const note = rig.world.request(words[0]);
  const options = new Options(words.slice(1));
  const target = targetOf(rig, options.text("target"));
  const settings = sendOptions(options);
  refuseUnknown("send", options);
  const head = `WdfRequestSend ${words.join(" ")}`;
  rig.say(`-> ${head} irql=${rig.irql}`);
  rig.nest(1);
  note.owned = false;
  note.sent = true;
  const { handle } = note;
  const took = (yield* wdf.WdfRequestSend(handle, target, settings)) as boolean;
  rig.machine.takeNotifications();
  rig.nest(-1);
  const synchronous = ((settings?.flags ?? 0) & WdfRequestSendOption.Synchronous) !== 0;
  const status = took && !synchronous ? "" : ` status=${told(WdfRequestGetStatus(handle))}`;
  rig.say(`<- ${head} ${took ? "TRUE" : "FALSE"}${status}`);
  if (!took || synchronous) note.sent = false;
  if (!took) note.owned = !note.made;
  return took;
}

function* sendCommand(rig: Rig, { words }: Command): Script {
  yield* send(rig, words);
  return undefined;
}

/** `sendown R ...`: if the driver owns it; a queue's request that could not be sent is completed. */
function* sendown(rig: Rig, { words, text }: Command): Script {
  const note = rig.world.requests.get(words[0]);
  if (note === undefined || !note.owned || note.marked || note.sent) {
    rig.say(`# skip (not owned): ${text}`);
    return undefined;
  }
  const took = yield* send(rig, words);
  if (!took && !note.made) yield* finish(rig, words[0], UNSUCCESSFUL, 0);
  return undefined;
}

/** `sendx R read|write M ...`: reuse, format, completion routine, send. */
function* sendx(rig: Rig, { words, text }: Command): Script {
  const [name, type, memory, ...rest] = words;
  const note = rig.world.requests.get(name);
  if (note === undefined || note.sent || note.gone) {
    rig.say(`# skip (sent or gone): ${text}`);
    return undefined;
  }
  yield* reuse(rig, [name]);
  yield* fmt(rig, [name, type, `mem=${memory}`]);
  yield* comprt(rig, [name]);
  yield* send(rig, [name, ...rest]);
  return undefined;
}

function range(options: Options): WdfMemoryOffset | undefined {
  const offset = options.number("moff");
  const length = options.number("mlen");
  return offset === undefined && length === undefined ? undefined : { bufferOffset: offset ?? 0, bufferLength: length ?? 0 };
}

const FORMATS: Record<string, string> = { read: "Read", write: "Write", ioctl: "Ioctl", intioctl: "InternalIoctl" };

/** `fmt R read|write|ioctl|intioctl [mem=M] [inmem=M] ...` */
function* fmt(rig: Rig, words: readonly string[]): Script {
  const [name, type] = words;
  const options = new Options(words.slice(2));
  const { handle } = rig.world.request(name);
  const memory = rig.world.memory(options.text("mem"));
  const input = rig.world.memory(options.text("inmem"));
  const offset = range(options);
  const target = targetOf(rig, options.text("target"));
  const deviceOffset = options.number("off");
  const code = options.number("code") ?? 0;
  refuseUnknown("fmt", options);
  const head = `WdfIoTargetFormatRequestFor${FORMATS[type]} ${words.join(" ")}`;
  const run = () => formatted(type, target, handle, { memory, input, offset, deviceOffset, code });
  const locks = memory !== undefined && isDirect(code);
  yield* ddi(rig, head, run, (status) => `${head} ${told(status)}`, locks ? "kernel: MmProbeAndLockPages 0x00000000" : undefined);
  return undefined;
}

/** METHOD_IN_DIRECT, METHOD_OUT_DIRECT */
function isDirect(code: number): boolean {
  return (code & 3) === 1 || (code & 3) === 2;
}

interface Asked {
  readonly memory: WDFMEMORY | undefined;
  readonly input: WDFMEMORY | undefined;
  readonly offset: WdfMemoryOffset | undefined;
  readonly deviceOffset: number | undefined;
  readonly code: number;
}

function formatted(type: string, target: WDFIOTARGET, request: Parameters<typeof wdf.WdfRequestReuse>[0], asked: Asked) {
  const { memory, input, offset, deviceOffset, code } = asked;
  if (type === "read") return format.WdfIoTargetFormatRequestForRead(target, request, memory, offset, deviceOffset);
  if (type === "write") return format.WdfIoTargetFormatRequestForWrite(target, request, memory, offset, deviceOffset);
  const run = type === "ioctl" ? format.WdfIoTargetFormatRequestForIoctl : format.WdfIoTargetFormatRequestForInternalIoctl;
  return run(target, request, code, input, undefined, memory, offset);
}

function* fmtcur(rig: Rig, { words }: Command): Script {
  const head = `WdfRequestFormatRequestUsingCurrentType ${words[0]}`;
  yield* ddi(rig, head, () => wdf.WdfRequestFormatRequestUsingCurrentType(rig.world.request(words[0]).handle), () => head);
  return undefined;
}

/** `fmtstack R read|write LEN` */
function* fmtstack(rig: Rig, { words }: Command): Script {
  const head = `WdfRequestWdmFormatUsingStackLocation ${words[0]} ${words[1]}`;
  const location = { majorFunction: words[1] === "read" ? 3 : 4, length: parseNumber(words[2]) };
  yield* ddi(rig, head, () => wdf.WdfRequestWdmFormatUsingStackLocation(rig.world.request(words[0]).handle, location), () => head);
  return undefined;
}

/** `comprt R [off]` */
function* comprt(rig: Rig, words: readonly string[]): Script {
  const head = `WdfRequestSetCompletionRoutine ${words.join(" ")}`;
  const routine = words[1] === "off" ? null : rig.completion;
  yield* ddi(rig, head, () => wdf.WdfRequestSetCompletionRoutine(rig.world.request(words[0]).handle, routine), () => head);
  return undefined;
}

function* cancelsent(rig: Rig, { words }: Command): Script {
  const head = `WdfRequestCancelSentRequest ${words[0]}`;
  rig.say(`-> ${head} irql=${rig.irql}`);
  rig.nest(1);
  const asked = (yield* wdf.WdfRequestCancelSentRequest(rig.world.request(words[0]).handle)) as boolean;
  rig.machine.takeNotifications();
  rig.nest(-1);
  rig.say(`<- ${head} ${asked ? "TRUE" : "FALSE"}`);
  return undefined;
}

function* cancelsentiff(rig: Rig, command: Command): Script {
  const note = rig.world.requests.get(command.words[0]);
  if (note?.sent !== true) rig.say(`# skip (not sent): ${command.text}`);
  else yield* cancelsent(rig, command);
  return undefined;
}

/** `finishq R STATUS INFO`: completes what a queue delivered. */
function* finishq(rig: Rig, { words, text }: Command): Script {
  const note = rig.world.requests.get(words[0]);
  if (note?.made === true) return undefined;
  if (note?.owned !== true) rig.say(`# skip (not owned): ${text}`);
  else yield* finish(rig, words[0], parseNumber(words[1]), parseNumber(words[2] ?? "0"));
  return undefined;
}

/** `reuse R [STATUS] [newirp=1|null] [rsize]` */
function* reuse(rig: Rig, words: readonly string[]): Script {
  const [name, ...rest] = words;
  const given = rest[0] !== undefined && /^[0-9]/.test(rest[0]) ? rest[0] : undefined;
  const options = new Options(given === undefined ? rest : rest.slice(1));
  const newIrp = options.text("newirp");
  const badSize = options.flag("rsize");
  refuseUnknown("reuse", options);
  const head = `WdfRequestReuse ${words.join(" ")}`;
  const parameters = {
    status: parseNumber(given ?? "0"),
    flags: newIrp === undefined ? 0 : WdfRequestReuseFlag.SetNewIrp,
    newIrp: newIrp === "1",
    ...(badSize ? { size: 0 } : {}),
  };
  yield* ddi(rig, head, () => wdf.WdfRequestReuse(rig.world.request(name).handle, parameters), (status) => `${head} ${told(status)}`);
  return undefined;
}

function* changetarget(rig: Rig, { words }: Command): Script {
  const head = `WdfRequestChangeTarget ${words[0]} ${words[1]}`;
  const { handle } = rig.world.request(words[0]);
  const target = targetOf(rig, words[1]);
  yield* ddi(rig, head, () => wdf.WdfRequestChangeTarget(handle, target), (status) => `${head} ${told(status)}`);
  return undefined;
}

function* compparams(rig: Rig, { words }: Command): Script {
  const { handle } = rig.world.request(words[0]);
  oneLine(rig, () => wdf.WdfRequestGetCompletionParams(handle), (params) => {
    const status = params?.ioStatus.status ?? 0;
    const type = TYPES[params?.type ?? 255];
    return `WdfRequestGetCompletionParams ${words[0]} type=${type} ${told(status)} info=${params?.ioStatus.information ?? 0}`;
  });
  return undefined;
}

function onWords(run: (rig: Rig, words: readonly string[]) => Script): RunCommand {
  return (rig, { words }) => run(rig, words);
}

export const SEND_COMMANDS: Record<string, RunCommand> = {
  send: sendCommand,
  sendown,
  sendx,
  fmt: onWords(fmt),
  fmtcur,
  fmtstack,
  comprt: onWords(comprt),
  cancelsent,
  cancelsentiff,
  finishq,
  reuse: onWords(reuse),
  changetarget,
  compparams,
};
