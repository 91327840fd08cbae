// Commands about the buffers and parameters of requests.

import { BufferKind, MdlKind, ProcessorMode, STRUCTURE_SIZE, WdfRequestType } from "../../../../bindings/abi";
import * as buffer from "../../../../host/ddi/request-buffer";
import * as about from "../../../../host/ddi/request-parameters";
import { WdfRequestCompleteWithPriorityBoost } from "../../../../host/ddi/request";
import type { WDFREQUEST, WdfRequestParameters } from "../../../../host/ddi/types";
import { hex8 } from "../../../../host/format";
import type { Rig, Script } from "../rig";
import { type Command, parseNumber } from "../script";
import { ddi, oneLine, told } from "./common";
import type { RunCommand } from "./index";

const BUFFERS: Record<BufferKind, string> = {
  [BufferKind.None]: "NULL",
  [BufferKind.System]: "SystemBuffer",
  [BufferKind.Mdl]: "MdlAddress",
  [BufferKind.User]: "UserBuffer",
  [BufferKind.Type3]: "Type3InputBuffer",
};
const MDLS: Record<MdlKind, string> = {
  [MdlKind.None]: "NULL",
  [MdlKind.Framework]: "framework",
  [MdlKind.Irp]: "Irp.MdlAddress",
};

/** Which buffer the core has just found. */
export function bufferFound(rig: Rig): string {
  return BUFFERS[rig.machine.core.outValue(1) as BufferKind];
}

/** inbuf, outbuf: `COMMAND REQ MIN` */
function retrieving(name: string, run: (request: WDFREQUEST, minimum: number) => buffer.BufferResult): RunCommand {
  return function* (rig: Rig, { words }: Command): Script {
    const { handle } = rig.world.request(words[0]);
    const head = `${name} ${words[0]}`;
    yield* ddi(
      rig,
      `${head} min=${words[1]}`,
      () => run(handle, parseNumber(words[1])),
      (result) => `${head} ${told(result.status)} buffer=${bufferFound(rig)} len=${result.status < 0 ? 0 : rig.machine.core.outValue(0)}`,
    );
    return undefined;
  };
}

/** inmdl, outmdl */
function retrievingMdl(name: string, run: (request: WDFREQUEST) => buffer.MdlResult): RunCommand {
  return function* (rig: Rig, { words }: Command): Script {
    const { handle } = rig.world.request(words[0]);
    const head = `${name} ${words[0]}`;
    yield* ddi(
      rig,
      head,
      () => run(handle),
      ({ status, mdl }) => `${head} ${told(status)} mdl=${MDLS[mdl?.kind ?? MdlKind.None]} len=${mdl?.byteCount ?? 0}`,
    );
    return undefined;
  };
}

/** inmem, outmem: the memory is called R.in or R.out. */
function retrievingMemory(name: string, suffix: string, run: (request: WDFREQUEST) => buffer.RequestMemoryResult): RunCommand {
  return function* (rig: Rig, { words }: Command): Script {
    const { handle } = rig.world.request(words[0]);
    const head = `${name} ${words[0]}`;
    yield* ddi(
      rig,
      head,
      () => run(handle),
      ({ status, memory }) => {
        if (status < 0) return `${head} ${told(status)} buffer=- len=0`;
        rig.world.addObject(`${words[0]}.${suffix}`, memory);
        return `${head} ${told(status)} buffer=${bufferFound(rig)} len=${rig.machine.core.outValue(2)}`;
      },
    );
    return undefined;
  };
}

/** `probelock REQ read|write [LEN] [null]`: the N-th memory is called REQ.lockN. */
function* probelock(rig: Rig, { words }: Command): Script {
  const [name, direction, ...rest] = words;
  const { handle } = rig.world.request(name);
  const got = rig.world.userBuffers.get(name);
  const asked = rest.find((word) => word !== "null");
  const length = asked === undefined ? (got?.length ?? 0) : parseNumber(asked);
  const address = rest.includes("null") ? null : (got?.buffer ?? null);
  const reads = direction === "read";
  const run = reads ? buffer.WdfRequestProbeAndLockUserBufferForRead : buffer.WdfRequestProbeAndLockUserBufferForWrite;
  const head = `WdfRequestProbeAndLockUserBufferFor${reads ? "Read" : "Write"} ${name}`;
  rig.say(`-> ${head} len=${length}`);
  rig.nest(1);
  const { status, memory } = run(handle, address, length);
  rig.machine.takeNotifications();
  if (status >= 0 || address?.irp.buffers.isBad) rig.say(`kernel: MmProbeAndLockPages ${hex8(status)}`);
  if (status >= 0) {
    const lock = `${name}.lock${rig.world.countLock(name)}`;
    rig.world.addObject(lock, memory);
    rig.say(`memory ${lock} len=${length}`);
  }
  rig.nest(-1);
  rig.say(`<- ${head} ${told(status)}`);
  return undefined;
}

/** unsafein, unsafeout: what comes back is what `probelock` is about. */
function retrievingUnsafe(name: string, run: (request: WDFREQUEST, minimum: number) => buffer.UserBufferResult): RunCommand {
  return function* (rig: Rig, { words }: Command): Script {
    const { handle } = rig.world.request(words[0]);
    const head = `${name} ${words[0]}`;
    yield* ddi(
      rig,
      `${head} min=${words[1]}`,
      () => run(handle, parseNumber(words[1])),
      (result) => {
        rig.world.userBuffers.set(words[0], result);
        return `${head} ${told(result.status)} buffer=${bufferFound(rig)} len=${result.length}`;
      },
    );
    return undefined;
  };
}

function* params(rig: Rig, { words }: Command): Script {
  const { handle } = rig.world.request(words[0]);
  const head = `WdfRequestGetParameters ${words[0]}`;
  const size = words[1] === "badsize" ? 0 : STRUCTURE_SIZE;
  yield* ddi(rig, head, () => about.WdfRequestGetParameters(handle, size), (parameters) => `${head} ${describe(parameters)}`);
  return undefined;
}

function describe(p: WdfRequestParameters): string {
  switch (p.type) {
    case WdfRequestType.Read:
    case WdfRequestType.Write:
      return `type=${p.type === WdfRequestType.Read ? "read" : "write"} len=${p.length} off=${p.deviceOffset} key=${p.key}`;
    case WdfRequestType.DeviceControl:
    case WdfRequestType.DeviceControlInternal: {
      const type = p.type === WdfRequestType.DeviceControl ? "ioctl" : "intioctl";
      const type3 = p.type3InputBuffer === null ? "NULL" : "set";
      return `type=${type} out=${p.length} in=${p.inputBufferLength} code=0x${p.ioControlCode.toString(16)} type3=${type3} minor=0`;
    }
    default:
      return `type=${p.type === WdfRequestType.Create ? "create" : p.type} minor=0`;
  }
}

/** DDIs that tell one thing of a request. */
function telling<T>(name: string, run: (request: WDFREQUEST) => T, text: (result: T, rig: Rig) => string): RunCommand {
  return function* (rig: Rig, { words }: Command): Script {
    const { handle } = rig.world.request(words[0]);
    oneLine(rig, () => run(handle), (result) => `${name} ${words[0]} = ${text(result, rig)}`);
    return undefined;
  };
}

function* setinfo(rig: Rig, { words }: Command): Script {
  const { handle } = rig.world.request(words[0]);
  const head = `WdfRequestSetInformation ${words[0]} ${words[1]}`;
  yield* ddi(rig, head, () => about.WdfRequestSetInformation(handle, parseNumber(words[1])), () => head);
  return undefined;
}

function* completeboost(rig: Rig, { words }: Command): Script {
  const note = rig.world.request(words[0]);
  const status = parseNumber(words[1]);
  const head = `WdfRequestCompleteWithPriorityBoost ${words[0]} ${hex8(status)} ${words[2]}`;
  note.owned = false;
  yield* ddi(rig, head, () => WdfRequestCompleteWithPriorityBoost(note.handle, status, parseNumber(words[2])), () => head);
  return undefined;
}

export const BUFFER_COMMANDS: Record<string, RunCommand> = {
  inbuf: retrieving("WdfRequestRetrieveInputBuffer", buffer.WdfRequestRetrieveInputBuffer),
  outbuf: retrieving("WdfRequestRetrieveOutputBuffer", buffer.WdfRequestRetrieveOutputBuffer),
  inmem: retrievingMemory("WdfRequestRetrieveInputMemory", "in", buffer.WdfRequestRetrieveInputMemory),
  outmem: retrievingMemory("WdfRequestRetrieveOutputMemory", "out", buffer.WdfRequestRetrieveOutputMemory),
  probelock,
  inmdl: retrievingMdl("WdfRequestRetrieveInputWdmMdl", buffer.WdfRequestRetrieveInputWdmMdl),
  outmdl: retrievingMdl("WdfRequestRetrieveOutputWdmMdl", buffer.WdfRequestRetrieveOutputWdmMdl),
  unsafein: retrievingUnsafe("WdfRequestRetrieveUnsafeUserInputBuffer", buffer.WdfRequestRetrieveUnsafeUserInputBuffer),
  unsafeout: retrievingUnsafe("WdfRequestRetrieveUnsafeUserOutputBuffer", buffer.WdfRequestRetrieveUnsafeUserOutputBuffer),
  params,
  setinfo,
  completeboost,
  mode: telling("WdfRequestGetRequestorMode", about.WdfRequestGetRequestorMode, (mode) => ProcessorMode[mode]),
  getinfo: telling("WdfRequestGetInformation", about.WdfRequestGetInformation, String),
  getstatus: telling("WdfRequestGetStatus", about.WdfRequestGetStatus, told),
  reqfile: telling("WdfRequestGetFileObject", about.WdfRequestGetFileObject, (file, rig) => rig.world.fileName(file)),
};
