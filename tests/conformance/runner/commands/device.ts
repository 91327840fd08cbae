// Commands about the device: making it, starting it, stopping its queues as power code does.

import { WdfDeviceIoType } from "../../../../bindings/abi";
import {
  WdfDeviceConfigureRequestDispatching,
  WdfDeviceCreate,
  WdfDeviceInit,
  WdfDriverCreate,
} from "../../../../host/ddi/device";
import { WdfObjectReference } from "../../../../host/ddi/object";
import type { WDFOBJECT, WdfObjectAttributes, WdfPnpPowerEventCallbacks } from "../../../../host/ddi/types";
import { attributesOf, contextType } from "../attributes";
import { deviceCallbacks, inCallerCallback, objectCallback } from "../callbacks";
import { setFileObjects } from "../files";
import { PNP_IRPS } from "../pnp";
import type { Rig, Script } from "../rig";
import { type Command, Options, parseCommand, parseNumber } from "../script";
import { Unsupported } from "../world";
import { ddi, oneLine, told } from "./common";
import type { RunCommand } from "./index";

const IO_TYPES: Record<string, WdfDeviceIoType> = {
  neither: WdfDeviceIoType.Neither,
  buffered: WdfDeviceIoType.Buffered,
  direct: WdfDeviceIoType.Direct,
};
/** Throws for an option nobody has asked for. */
export function refuseUnknown(what: string, options: Options): void {
  const unknown = options.unknown();
  if (unknown.length > 0) throw new Unsupported(`${what} ${unknown[0]}`);
}

function powerCallbacks(callbacks: ReturnType<typeof deviceCallbacks>, all: boolean): WdfPnpPowerEventCallbacks {
  return (all ? { ...callbacks.always, ...callbacks.pnpcb } : callbacks.always) as WdfPnpPowerEventCallbacks;
}

/** `reqcb` and `reqctx`: what every request of the device has. */
function requestAttributes(rig: Rig, options: Options): WdfObjectAttributes {
  const callbacks = options.flag("reqcb");
  const attributes: WdfObjectAttributes = {};
  if (options.flag("reqctx") || callbacks) attributes.contextType = contextType(rig, "A");
  if (!callbacks) return attributes;
  attributes.evtCleanupCallback = objectCallback(rig, "Cleanup", "") as never;
  attributes.evtDestroyCallback = objectCallback(rig, "Destroy", "") as never;
  return attributes;
}

function* device(rig: Rig, { words }: Command): Script {
  const options = new Options(words);
  rig.world.driver = WdfDriverCreate("scenario");
  const init = new WdfDeviceInit(rig.world.driver);
  const callbacks = deviceCallbacks(rig);
  init.filter = options.flag("filter");
  if (options.flag("incaller")) init.evtIoInCallerContext = inCallerCallback(rig) as never;
  setFileObjects(rig, init, options);
  const io = options.text("io");
  if (io !== undefined) init.ioType = IO_TYPES[io];
  init.pnpPowerEventCallbacks = powerCallbacks(callbacks, options.flag("pnpcb"));
  init.requestAttributes = requestAttributes(rig, options);
  options.flag("devcb"); // what it once meant is not known: the traces show no trace of it
  const attributes = attributesOf(rig, "dev", options);
  refuseUnknown("device", options);
  const made = oneLine(rig, () => WdfDeviceCreate(init, attributes), ({ status }) => `WdfDeviceCreate ${told(status)}`);
  rig.world.device = made.device;
  rig.attachBus(made.device);
  return undefined;
}

/**
 * Scripts look at a removed device and its queues, which was taken for memory that is freed but still readable. Here a
 * reference does that, on those whose destruction nobody is told of.
 */
function keepReadable(rig: Rig): void {
  for (const handle of rig.world.unwatched()) WdfObjectReference(handle as WDFOBJECT);
}

function sending(name: string): RunCommand {
  return function* (rig: Rig): Script {
    if (name === "remove") keepReadable(rig);
    for (const [irp, told_] of PNP_IRPS[name]) {
      rig.say(`-> send ${told_}`);
      rig.nest(1);
      rig.world.pnpOutstanding++;
      const status = yield* rig.call("sendPnp", rig.world.device, irp);
      rig.nest(-1);
      rig.say(`<- send ${told_} ${told(status)}`);
    }
    return undefined;
  };
}

/** `iffpnp powerdown|powerup|remove|surprise`: only when it makes sense now. */
function* iffpnp(rig: Rig, { words: [name] }: Command): Script {
  const { world } = rig;
  if (world.pnpOutstanding !== 0) {
    rig.say("# skip (a PnP or power IRP is outstanding)");
    return undefined;
  }
  if (world.asleep !== (name === "powerup")) {
    rig.say("# skip");
    return undefined;
  }
  world.asleep = name === "powerdown";
  return yield* sending(name)(rig, parseCommand(name), { request: "", queue: "" });
}

const TYPES: Record<string, number> = { create: 0, read: 3, write: 4, ioctl: 14, intioctl: 15 };

function* dispatch(rig: Rig, { words }: Command): Script {
  const [queue, type] = words;
  const head = `WdfDeviceConfigureRequestDispatching ${queue} ${type}`;
  const handle = rig.world.queue(queue).handle;
  yield* ddi(
    rig,
    head,
    () => WdfDeviceConfigureRequestDispatching(rig.world.device, handle, TYPES[type] ?? parseNumber(type)),
    (status) => `${head} ${told(status)}`,
  );
  return undefined;
}

/** The device's queues are stopped or purged as the power code does it. */
function holding(action: number, name: string): RunCommand {
  return function* (rig: Rig): Script {
    rig.say(`-> FxPkgIo::StopProcessingForPower ${name}`);
    rig.nest(1);
    yield* rig.call("stopProcessingForPower", rig.world.device, action);
    rig.nest(-1);
    rig.say(`<- FxPkgIo::StopProcessingForPower ${name}`);
    return undefined;
  };
}

function* resumeio(rig: Rig): Script {
  rig.say("-> FxPkgIo::ResumeProcessingForPower");
  rig.nest(1);
  yield* rig.call("resumeProcessingForPower", rig.world.device);
  rig.nest(-1);
  rig.say("<- FxPkgIo::ResumeProcessingForPower");
  return undefined;
}

export const DEVICE_COMMANDS: Record<string, RunCommand> = {
  device,
  iffpnp,
  ...Object.fromEntries(Object.keys(PNP_IRPS).map((name) => [name, sending(name)])),
  dispatch,
  hold: holding(0, "hold"),
  purgemanaged: holding(1, "purgemanaged"),
  purgenonmanaged: holding(2, "purgenonmanaged"),
  resumeio,
};
