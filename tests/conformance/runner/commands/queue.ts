// Commands about queues: making them, their state, what is taken out of them.

import {
  WdfIoForwardProgressReservedPolicy,
  WdfIoQueueDispatchType,
  WdfIoQueueState,
  WdfTriState,
} from "../../../../bindings/abi";
import * as wdf from "../../../../host/ddi/queue";
import { WdfObjectAcquireLock, WdfObjectDelete, WdfObjectReleaseLock } from "../../../../host/ddi/object";
import type { WDFFILEOBJECT, WDFOBJECT, WdfIoQueueConfig } from "../../../../host/ddi/types";
import { ioCallbacks, progressCallbacks, stateCallback } from "../callbacks";
import type { Rig, Script } from "../rig";
import { runCommand } from "../run";
import { type Command, Options } from "../script";
import { Unsupported } from "../world";
import { ddi, oneLine, told } from "./common";
import { attributesOf } from "../attributes";
import { refuseUnknown } from "./device";
import type { RunCommand } from "./index";

const TYPES: Record<string, WdfIoQueueDispatchType> = {
  sequential: WdfIoQueueDispatchType.Sequential,
  parallel: WdfIoQueueDispatchType.Parallel,
  manual: WdfIoQueueDispatchType.Manual,
};
const POWER: Record<string, WdfTriState> = { "0": WdfTriState.False, "1": WdfTriState.True, d: WdfTriState.UseDefault };

function* queue(rig: Rig, { words }: Command): Script {
  const [name, type, ...rest] = words;
  const options = new Options(rest);
  const config: WdfIoQueueConfig = {
    ...wdf.WDF_IO_QUEUE_CONFIG_INIT(TYPES[type]),
    defaultQueue: options.flag("default"),
    powerManaged: POWER[options.text("power") ?? "d"],
    allowZeroLengthRequests: options.text("zerolen") === "1",
  };
  const presented = options.number("presented");
  if (presented !== undefined) config.numberOfPresentedRequests = presented;
  setHandlers(rig, config, options.text("handlers") ?? (type === "manual" ? "stop,resume" : "read,write,ioctl,intioctl,stop,resume"));
  const attributes = attributesOf(rig, name, options);
  refuseUnknown("queue", options);
  const create = (): ReturnType<typeof wdf.WdfIoQueueCreate> => wdf.WdfIoQueueCreate(rig.world.device, config, attributes);
  const made = oneLine(rig, create, ({ status }) => `WdfIoQueueCreate ${name} ${told(status)}`);
  if (made.status >= 0) rig.world.addQueue(name, made.queue);
  return undefined;
}

function setHandlers(rig: Rig, config: WdfIoQueueConfig, names: string): void {
  const io = ioCallbacks(rig);
  for (const name of names.split(",")) {
    switch (name) {
      case "read":
        config.evtIoRead = io.read as never;
        break;
      case "write":
        config.evtIoWrite = io.write as never;
        break;
      case "ioctl":
        config.evtIoDeviceControl = io.ioctl as never;
        break;
      case "intioctl":
        config.evtIoInternalDeviceControl = io.intioctl as never;
        break;
      case "default":
        config.evtIoDefault = io.default as never;
        break;
      case "stop":
        config.evtIoStop = io.stop as never;
        break;
      case "resume":
        config.evtIoResume = io.resume as never;
        break;
      case "coq":
        config.evtIoCanceledOnQueue = io.coq as never;
        break;
      case "none":
      case "":
        break;
      default:
        throw new Unsupported(`handler ${name}`);
    }
  }
}

/** Start and the forms without a callback: one queue, nothing to say. */
function plain(name: string, run: (queue: never) => unknown): RunCommand {
  return function* (rig: Rig, { words }: Command): Script {
    const handle = rig.world.queue(words[0]).handle;
    yield* ddi(rig, `${name} ${words[0]}`, () => run(handle as never) as never, () => `${name} ${words[0]}`);
    return undefined;
  };
}

/** Stop, drain and purge: with `cb` a state callback is passed. */
function changing(name: string, operation: string, run: (queue: never, callback: never) => unknown): RunCommand {
  return function* (rig: Rig, { words }: Command): Script {
    const handle = rig.world.queue(words[0]).handle;
    const callback = words[1] === "cb" ? stateCallback(rig, operation) : null;
    yield* ddi(rig, `${name} ${words[0]}`, () => run(handle as never, callback as never) as never, () => `${name} ${words[0]}`);
    return undefined;
  };
}

function* state(rig: Rig, { words }: Command): Script {
  const handle = rig.world.queue(words[0]).handle;
  const { state: flags, queueRequests, driverRequests } = wdf.WdfIoQueueGetState(handle);
  const names = [
    [WdfIoQueueState.AcceptRequests, "accept"],
    [WdfIoQueueState.DispatchRequests, "dispatch"],
    [WdfIoQueueState.NoRequests, "noreq"],
    [WdfIoQueueState.DriverNoRequests, "drvnoreq"],
    [WdfIoQueueState.PnpHeld, "pnpheld"],
  ] as const;
  const set = names.filter(([bit]) => (flags & bit) !== 0).map(([, name]) => name);
  const number = `0x${flags.toString(16).padStart(2, "0")}`;
  rig.say(["STATE", words[0], number, ...set, `queued=${queueRequests | 0}`, `driver=${driverRequests | 0}`].join(" "));
  return undefined;
}

/** `retrieve QUEUE [file=F] [:ACTION]` */
function* retrieve(rig: Rig, { words }: Command): Script {
  const text = words.join(" ");
  const colon = text.indexOf(":");
  const action = colon < 0 ? "" : text.slice(colon + 1).trim();
  const options = new Options((colon < 0 ? text : text.slice(0, colon)).trim().split(/\s+/).slice(1));
  const file = options.text("file");
  refuseUnknown("retrieve", options);
  const handle = rig.world.queue(words[0]).handle;
  const { status, request } = yield* ddi(
    rig,
    `WdfIoQueueRetrieveNextRequest ${words[0]}`,
    () =>
      file === undefined
        ? wdf.WdfIoQueueRetrieveNextRequest(handle)
        : wdf.WdfIoQueueRetrieveRequestByFileObject(handle, rig.world.fileObject(file) as never),
    (result) => `WdfIoQueueRetrieveNextRequest ${words[0]} ${told(result.status)}${took(rig, result)}`,
  );
  if (status < 0) return undefined;
  const name = rig.world.requestName(request);
  if (action !== "") yield* runCommand(rig, action, { request: name, queue: words[0] });
  return undefined;
}

/** The name of what came out; the driver has it now. */
function took(rig: Rig, { status, request }: wdf.RequestResult): string {
  if (status < 0) return "";
  return ` ${rig.world.own(request)}`;
}

function* find(rig: Rig, { words }: Command): Script {
  const options = new Options(words.slice(1));
  const after = options.text("after");
  const file = options.text("file");
  refuseUnknown("find", options);
  const head = ["WdfIoQueueFindRequest", ...words].join(" ");
  const tag = after === undefined ? null : rig.world.request(after).handle;
  const fileObject = file === undefined ? null : ((rig.world.fileObject(file) ?? null) as WDFFILEOBJECT | null);
  const handle = rig.world.queue(words[0]).handle;
  oneLine(
    rig,
    () => wdf.WdfIoQueueFindRequest(handle, tag, fileObject),
    ({ status, request }) => `${head} ${told(status)}${status >= 0 ? ` ${rig.world.requestName(request)}` : ""}`,
  );
  return undefined;
}

function* retrievefound(rig: Rig, { words }: Command): Script {
  const [queueName, name] = words;
  const handle = rig.world.queue(queueName).handle;
  const request = rig.world.request(name).handle;
  const head = `WdfIoQueueRetrieveFoundRequest ${queueName} ${name}`;
  yield* ddi(rig, head, () => wdf.WdfIoQueueRetrieveFoundRequest(handle, request), (result) => {
    took(rig, result);
    return `${head} ${told(result.status)}`;
  });
  return undefined;
}

function* ready(rig: Rig, { words }: Command): Script {
  const handle = rig.world.queue(words[0]).handle;
  const callback = words[1] === "off" ? null : stateCallback(rig, "ready");
  const head = ["WdfIoQueueReadyNotify", ...words].join(" ");
  yield* ddi(rig, head, () => wdf.WdfIoQueueReadyNotify(handle, callback as never), (status) => `${head} ${told(status)}`);
  return undefined;
}

const POLICIES: Record<string, WdfIoForwardProgressReservedPolicy> = {
  always: WdfIoForwardProgressReservedPolicy.AlwaysUseReservedRequest,
  examine: WdfIoForwardProgressReservedPolicy.UseExamine,
  paging: WdfIoForwardProgressReservedPolicy.PagingIO,
};

function* fwdprogress(rig: Rig, { words }: Command): Script {
  const options = new Options(words.slice(1));
  const count = options.number("n") ?? 0;
  const policy = options.text("policy") ?? "always";
  const resources = options.flag("res");
  refuseUnknown("fwdprogress", options);
  const callbacks = progressCallbacks(rig);
  const handle = rig.world.queue(words[0]).handle;
  const head = `WdfIoQueueAssignForwardProgressPolicy ${words[0]} n=${count}`;
  yield* ddi(
    rig,
    head,
    () =>
      wdf.WdfIoQueueAssignForwardProgressPolicy(handle, {
        totalForwardProgressRequests: count,
        forwardProgressReservedPolicy: POLICIES[policy],
        evtIoWdmIrpForForwardProgress: policy === "examine" ? (callbacks.examine as never) : undefined,
        evtIoAllocateResourcesForReservedRequest: resources ? (callbacks.reserved as never) : undefined,
        evtIoAllocateRequestResources: resources ? (callbacks.ordinary as never) : undefined,
      }),
    (status) => `${head} ${told(status)}`,
  );
  return undefined;
}

function objectOf(rig: Rig, name: string): WDFOBJECT {
  return name === "dev" ? rig.world.device : rig.world.queue(name).handle;
}

/** lock, unlock, delete: one object, nothing to say. */
function onObject(name: string, run: (object: WDFOBJECT) => unknown): RunCommand {
  return function* (rig: Rig, { words }: Command): Script {
    const object = objectOf(rig, words[0]);
    yield* ddi(rig, `${name} ${words[0]}`, () => run(object) as never, () => `${name} ${words[0]}`);
    return undefined;
  };
}

export const QUEUE_COMMANDS: Record<string, RunCommand> = {
  queue,
  state,
  retrieve,
  find,
  retrievefound,
  ready,
  fwdprogress,
  start: plain("WdfIoQueueStart", wdf.WdfIoQueueStart as never),
  stop: changing("WdfIoQueueStop", "stop", wdf.WdfIoQueueStop as never),
  drain: changing("WdfIoQueueDrain", "drain", wdf.WdfIoQueueDrain as never),
  purge: changing("WdfIoQueuePurge", "purge", wdf.WdfIoQueuePurge as never),
  stopandpurge: changing("WdfIoQueueStopAndPurge", "stopandpurge", wdf.WdfIoQueueStopAndPurge as never),
  stopsync: plain("WdfIoQueueStopSynchronously", wdf.WdfIoQueueStopSynchronously as never),
  drainsync: plain("WdfIoQueueDrainSynchronously", wdf.WdfIoQueueDrainSynchronously as never),
  purgesync: plain("WdfIoQueuePurgeSynchronously", wdf.WdfIoQueuePurgeSynchronously as never),
  stopandpurgesync: plain("WdfIoQueueStopAndPurgeSynchronously", wdf.WdfIoQueueStopAndPurgeSynchronously as never),
  lock: onObject("WdfObjectAcquireLock", WdfObjectAcquireLock),
  unlock: onObject("WdfObjectReleaseLock", WdfObjectReleaseLock),
  delete: onObject("WdfObjectDelete", WdfObjectDelete),
};
