// Commands about S0 idle.

import {
  DevicePowerState,
  WdfPowerPolicyIdleTimeoutType,
  WdfPowerPolicyS0IdleCapabilities,
  WdfTriState,
} from "../../../../bindings/abi";
import { WdfDeviceAssignS0IdleSettings, WdfDeviceResumeIdle, WdfDeviceStopIdle } from "../../../../host/ddi/device-idle";
import type { WdfDevicePowerPolicyIdleSettings } from "../../../../host/ddi/types";
import type { Rig, Script } from "../rig";
import { type Command, Options } from "../script";
import { ddi, told } from "./common";
import { refuseUnknown } from "./device";
import type { RunCommand } from "./index";

const CAPS: Record<string, WdfPowerPolicyS0IdleCapabilities> = {
  cannot: WdfPowerPolicyS0IdleCapabilities.CannotWakeFromS0,
  can: WdfPowerPolicyS0IdleCapabilities.CanWakeFromS0,
};

function settingsOf(options: Options): WdfDevicePowerPolicyIdleSettings {
  const caps = options.text("caps") ?? "cannot";
  const settings: WdfDevicePowerPolicyIdleSettings = { idleCaps: CAPS[caps] ?? Number(caps) };
  const dx = options.number("dx");
  const wakeup = options.number("wakeup");
  if (dx !== undefined) settings.dxState = DevicePowerState.D0 + dx;
  if (wakeup !== undefined) settings.powerUpIdleDeviceOnSystemWake = wakeup === 0 ? WdfTriState.False : WdfTriState.True;
  settings.idleTimeout = options.number("timeout") ?? 0;
  settings.enabled = options.number("enabled") === 0 ? WdfTriState.False : WdfTriState.True;
  settings.idleTimeoutType = options.number("timeouttype") ?? WdfPowerPolicyIdleTimeoutType.DriverManaged;
  return settings;
}

/** `idle [timeout=MS] [enabled=0|1] [caps=..] [dx=N] [wakeup=0|1] [timeouttype=N]` */
function* idle(rig: Rig, { words }: Command): Script {
  const options = new Options(words);
  const settings = settingsOf(options);
  refuseUnknown("idle", options);
  const head = ["WdfDeviceAssignS0IdleSettings", ...words].join(" ");
  yield* ddi(rig, head, () => WdfDeviceAssignS0IdleSettings(rig.world.device, settings), (status) => `${head} ${told(status)}`);
  return undefined;
}

function* stop(rig: Rig, wait: boolean): Generator<undefined, number, unknown> {
  const head = "WdfDeviceStopIdle";
  return yield* ddi<number>(rig, head, () => WdfDeviceStopIdle(rig.world.device, wait), (status) => `${head} ${told(status)}`);
}

function* stopidle(rig: Rig, { words }: Command): Script {
  yield* stop(rig, words[0] !== "0");
  return undefined;
}

function* resumeidle(rig: Rig, _command: Command): Script {
  const head = "WdfDeviceResumeIdle";
  yield* ddi(rig, head, () => WdfDeviceResumeIdle(rig.world.device), () => head);
  return undefined;
}

/** WdfDeviceStopIdle(FALSE), counted when it succeeds. */
function* stopiff(rig: Rig): Script {
  if ((yield* stop(rig, false)) >= 0) rig.world.idleReferences++;
  return undefined;
}

/** WdfDeviceResumeIdle if that count is not zero. */
function* resumeiff(rig: Rig, command: Command): Script {
  if (rig.world.idleReferences === 0) {
    rig.say("# skip (no reference)");
    return undefined;
  }
  rig.world.idleReferences--;
  return yield* resumeidle(rig, command);
}

export const IDLE_COMMANDS: Record<string, RunCommand> = { idle, stopidle, resumeidle, stopiff, resumeiff };
