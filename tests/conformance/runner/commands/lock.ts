// Commands about locks: WDFSPINLOCK, WDFWAITLOCK, the callback locks of objects. What the level is comes in a line of its own.

import * as wdf from "../../../../host/ddi/lock";
import { WdfObjectAcquireLock, WdfObjectReleaseLock } from "../../../../host/ddi/object";
import type { WDFWAITLOCK } from "../../../../host/ddi/types";
import type { Suspendable } from "../../../../host/suspension";
import type { Rig, Script } from "../rig";
import type { Command } from "../script";
import { ddi, told } from "./common";
import type { RunCommand } from "./index";

/** Milliseconds in units of 100 ns. */
const MS = 10_000;

/** A lock is taken or given up; then the level. `before`: the level goes with the name too. */
export function locking<T extends number>(name: string, run: (object: T) => Suspendable<void>, before = false): RunCommand {
  return function* (rig: Rig, { words }: Command): Script {
    const object = rig.world.handle(words[0]) as T;
    const head = `${name} ${words[0]}${before ? ` irql=${rig.irql}` : ""}`;
    yield* ddi(rig, head, () => run(object), () => head);
    rig.say(`irql=${rig.irql}`);
    return undefined;
  };
}

/** `waitacq L [MS]` */
function* waitacq(rig: Rig, { words }: Command): Script {
  const [name, ms] = words;
  const lock = rig.world.handle(name) as WDFWAITLOCK;
  const head = `WdfWaitLockAcquire ${name} ${ms ?? "infinite"} irql=${rig.irql}`;
  const timeout = ms === undefined ? undefined : -Number(ms) * MS;
  yield* ddi(rig, head, () => wdf.WdfWaitLockAcquire(lock, timeout), (status) => `${head} ${told(status)}`);
  return undefined;
}

function* waitrel(rig: Rig, { words }: Command): Script {
  const lock = rig.world.handle(words[0]) as WDFWAITLOCK;
  const head = `WdfWaitLockRelease ${words[0]}`;
  yield* ddi(rig, head, () => wdf.WdfWaitLockRelease(lock), () => head);
  return undefined;
}

export const LOCK_COMMANDS: Record<string, RunCommand> = {
  spinacq: locking("WdfSpinLockAcquire", wdf.WdfSpinLockAcquire, true),
  spinrel: locking("WdfSpinLockRelease", wdf.WdfSpinLockRelease),
  waitacq,
  waitrel,
  objlock: locking("WdfObjectAcquireLock", WdfObjectAcquireLock),
  objunlock: locking("WdfObjectReleaseLock", WdfObjectReleaseLock as never),
};
