// Commands about I/O targets: their state, remote ones, and synchronous sends.

import { WdfIoTargetOpenType, WdfIoTargetState } from "../../../../bindings/abi";
import * as format from "../../../../host/ddi/target-format";
import * as wdf from "../../../../host/ddi/target";
import type { WDFIOTARGET } from "../../../../host/ddi/types";
import type { Rig, Script } from "../rig";
import { type Command, Options, parseNumber } from "../script";
import { ddi, oneLine, told } from "./common";
import { refuseUnknown } from "./device";
import type { RunCommand } from "./index";
import { sendOptions } from "./send";

/** The target of a name; `tgt`, or no name, is the device's default target. */
export function targetOf(rig: Rig, name: string | undefined): WDFIOTARGET {
  return name === undefined || name === "tgt" ? rig.world.defaultTarget : rig.world.target(name);
}

const STOP_ACTIONS: Record<string, number> = { cancel: 1, wait: 2, leave: 3 };
const PURGE_ACTIONS: Record<string, number> = { wait: 1, nowait: 2 };

function* tstop(rig: Rig, { words }: Command): Script {
  const head = `WdfIoTargetStop ${words[0]} ${words[1]}`;
  const action = STOP_ACTIONS[words[1]] ?? parseNumber(words[1]);
  yield* ddi(rig, head, () => wdf.WdfIoTargetStop(targetOf(rig, words[0]), action), () => head);
  return undefined;
}

function* tpurge(rig: Rig, { words }: Command): Script {
  const head = `WdfIoTargetPurge ${words[0]} ${words[1]}`;
  const action = PURGE_ACTIONS[words[1]] ?? parseNumber(words[1]);
  yield* ddi(rig, head, () => wdf.WdfIoTargetPurge(targetOf(rig, words[0]), action), () => head);
  return undefined;
}

function* tstart(rig: Rig, { words }: Command): Script {
  const head = `WdfIoTargetStart ${words[0]}`;
  yield* ddi(rig, head, () => wdf.WdfIoTargetStart(targetOf(rig, words[0])), (status) => `${head} ${told(status)}`);
  return undefined;
}

function* tstate(rig: Rig, { words }: Command): Script {
  const target = targetOf(rig, words[0]);
  oneLine(rig, () => wdf.WdfIoTargetGetState(target), (state) => `WdfIoTargetGetState ${words[0]} = ${state} ${WdfIoTargetState[state]}`);
  return undefined;
}

/** `topen T`: opens the device below. */
function* topen(rig: Rig, { words }: Command): Script {
  const head = `WdfIoTargetOpen ${words[0]} (existing device: the bus)`;
  const open = { type: WdfIoTargetOpenType.UseExistingDevice, below: rig.world.device };
  yield* ddi(rig, head, () => wdf.WdfIoTargetOpen(targetOf(rig, words[0]), open), (status) => `${head} ${told(status)}`);
  return undefined;
}

function* tclose(rig: Rig, { words }: Command): Script {
  const head = `WdfIoTargetClose ${words[0]}`;
  yield* ddi(rig, head, () => wdf.WdfIoTargetClose(targetOf(rig, words[0])), () => head);
  return undefined;
}

function* tcloseqr(rig: Rig, { words }: Command): Script {
  const head = `WdfIoTargetCloseForQueryRemove ${words[0]}`;
  yield* ddi(rig, head, () => wdf.WdfIoTargetCloseForQueryRemove(targetOf(rig, words[0])), () => head);
  return undefined;
}

const SYNC_NAMES: Record<string, string> = { syncread: "Read", syncwrite: "Write", syncioctl: "Ioctl" };

/** `syncread T [len=N] [code=N] [timeout=MS] [req=R] [ignorestate]` */
function syncing(command: string): RunCommand {
  return function* (rig: Rig, { words }: Command): Script {
    const options = new Options(words.slice(1));
    const name = `WdfIoTargetSend${SYNC_NAMES[command]}Synchronously ${words[0]}`;
    const buffer = { buffer: new Uint8Array(options.number("len") ?? 0) };
    const code = options.number("code") ?? 0;
    const settings = sendOptions(options);
    const given = options.text("req");
    refuseUnknown(command, options);
    const request = given === undefined ? undefined : rig.world.request(given).handle;
    const target = targetOf(rig, words[0]);
    const run = () => {
      if (command === "syncread") return format.WdfIoTargetSendReadSynchronously(target, request, buffer, 0, settings);
      if (command === "syncwrite") return format.WdfIoTargetSendWriteSynchronously(target, request, buffer, 0, settings);
      return format.WdfIoTargetSendIoctlSynchronously(target, request, code, undefined, buffer, settings);
    };
    const head = [name, ...words.slice(1)].join(" ");
    yield* ddi(rig, head, run, ({ status, bytesReturned }) => `${name} ${told(status)} bytes=${bytesReturned}`);
    return undefined;
  };
}

export const TARGET_COMMANDS: Record<string, RunCommand> = {
  tstop,
  tpurge,
  tstart,
  tstate,
  topen,
  tclose,
  tcloseqr,
  ...Object.fromEntries(Object.keys(SYNC_NAMES).map((command) => [command, syncing(command)])),
};
