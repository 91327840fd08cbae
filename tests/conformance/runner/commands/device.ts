// Commands about the device: making it, starting it, stopping its queues as power code does.

import { WdfDeviceIoType, WdfExecutionLevel, WdfSynchronizationScope } from "../../../../bindings/abi";
import {
  WdfDeviceConfigureRequestDispatching,
  WdfDeviceCreate,
  WdfDeviceInit,
  WdfDriverCreate,
} from "../../../../host/ddi/device";
import type { WdfObjectAttributes, WdfPnpPowerEventCallbacks } from "../../../../host/ddi/types";
import { deviceCallbacks, inCallerCallback } from "../callbacks";
import { PNP_IRPS } from "../pnp";
import type { Rig, Script } from "../rig";
import { type Command, Options, parseNumber } from "../script";
import { Unsupported } from "../world";
import { ddi, oneLine, told } from "./common";
import type { RunCommand } from "./index";

const SCOPES: Record<string, WdfSynchronizationScope> = {
  none: WdfSynchronizationScope.None,
  queue: WdfSynchronizationScope.Queue,
  device: WdfSynchronizationScope.Device,
};
const IO_TYPES: Record<string, WdfDeviceIoType> = {
  neither: WdfDeviceIoType.Neither,
  buffered: WdfDeviceIoType.Buffered,
  direct: WdfDeviceIoType.Direct,
};
const LEVELS: Record<string, WdfExecutionLevel> = {
  passive: WdfExecutionLevel.Passive,
  dispatch: WdfExecutionLevel.Dispatch,
};

/** sync= and exec= of devices and queues. */
export function attributesOf(options: Options): WdfObjectAttributes {
  const attributes: WdfObjectAttributes = {};
  const scope = options.text("sync");
  const level = options.text("exec");
  if (scope !== undefined) attributes.synchronizationScope = SCOPES[scope];
  if (level !== undefined) attributes.executionLevel = LEVELS[level];
  return attributes;
}

/** Throws for an option nobody has asked for. */
export function refuseUnknown(what: string, options: Options): void {
  const unknown = options.unknown();
  if (unknown.length > 0) throw new Unsupported(`${what} ${unknown[0]}`);
}

function powerCallbacks(callbacks: ReturnType<typeof deviceCallbacks>, all: boolean): WdfPnpPowerEventCallbacks {
  return (all ? { ...callbacks.always, ...callbacks.pnpcb } : callbacks.always) as WdfPnpPowerEventCallbacks;
}

function* device(rig: Rig, { words }: Command): Script {
  const options = new Options(words);
  rig.world.driver = WdfDriverCreate("scenario");
  const init = new WdfDeviceInit(rig.world.driver);
  const callbacks = deviceCallbacks(rig);
  init.filter = options.flag("filter");
  if (options.flag("incaller")) init.evtIoInCallerContext = inCallerCallback(rig) as never;
  options.flag("fileobj");
  const io = options.text("io");
  if (io !== undefined) init.ioType = IO_TYPES[io];
  init.pnpPowerEventCallbacks = powerCallbacks(callbacks, options.flag("pnpcb"));
  const attributes = attributesOf(options);
  refuseUnknown("device", options);
  const made = oneLine(rig, () => WdfDeviceCreate(init, attributes), ({ status }) => `WdfDeviceCreate ${told(status)}`);
  rig.world.device = made.device;
  rig.attachBus(made.device);
  return undefined;
}

function sending(name: string): RunCommand {
  return function* (rig: Rig): Script {
    for (const [irp, told_] of PNP_IRPS[name]) {
      rig.say(`-> send ${told_}`);
      rig.nest(1);
      const status = yield* rig.call("sendPnp", rig.world.device, irp);
      rig.nest(-1);
      rig.say(`<- send ${told_} ${told(status)}`);
    }
    return undefined;
  };
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
  ...Object.fromEntries(Object.keys(PNP_IRPS).map((name) => [name, sending(name)])),
  dispatch,
  hold: holding(0, "hold"),
  purgemanaged: holding(1, "purgemanaged"),
  purgenonmanaged: holding(2, "purgenonmanaged"),
  resumeio,
};
