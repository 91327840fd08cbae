// SpinLock and WaitLock: each member calls the DDI it names.

import { describe, expect, it } from "vitest";
import { Irql, NtStatus } from "../../bindings/abi";
import { SpinLock, WaitLock } from "../../host/framework/lock";
import { member } from "../support/members";
import { Rig } from "../support/rig";

const spin = (rig: Rig): SpinLock => SpinLock.create({ parentObject: rig.device }).lock;
const wait = (rig: Rig): WaitLock => WaitLock.create({ parentObject: rig.device }).lock;

member("SpinLock.create", {
  calls: ["WdfSpinLockCreate()"],
  act: (rig) => spin(rig) instanceof SpinLock,
  result: true,
});
member("SpinLock.release", {
  calls: ["WdfSpinLockCreate()", "WdfSpinLockAcquire(spinlock1)", "WdfSpinLockRelease(spinlock1)"],
  act: (rig) => {
    const lock = spin(rig);
    lock.acquire();
    const { level } = rig;
    lock.release();
    return [level, rig.level];
  },
  result: [Irql.Dispatch, Irql.Passive],
});
member("WaitLock.create", {
  calls: ["WdfWaitLockCreate()"],
  act: (rig) => wait(rig) instanceof WaitLock,
  result: true,
});
member("WaitLock.release", {
  calls: ["WdfWaitLockCreate()", "WdfWaitLockAcquire(waitlock1, 0, 0, 0)", "WdfWaitLockRelease(waitlock1)"],
  act: (rig) => {
    const lock = wait(rig);
    const status = lock.acquire();
    lock.release();
    return status;
  },
  result: NtStatus.Success,
});

describe("WaitLock.acquire", () => {
  it("gives up after so many milliseconds", () => {
    const rig = new Rig();
    const lock = rig.run(() => wait(rig));
    rig.start(function* () {
      yield* lock.acquire();
      rig.say(`status ${yield* lock.acquire({ timeoutMs: 1.5 })} at ${rig.system.now}`);
      yield* lock.release();
    });
    rig.system.advance(2);
    rig.expect(`status ${NtStatus.Timeout} at 1.5`);
    expect(rig.system.now).toBe(2);
  });
});
