// KeWaitForSingleObject and its like: a thread waits until objects are set, or until its time is up.
//
// Reference of each function: https://learn.microsoft.com/windows-hardware/drivers/ddi/wdm/

import { CONFIG_WORD, type NtStatus, type ProcessorMode, type WaitType } from "../../bindings/abi";
import type { KTIMER, PKEVENT, PKMUTEX, PKSEMAPHORE, PKTHREAD } from "../../bindings/handles";
import { machine } from "../current";
import { call } from "../ddi/call";
import type { Suspendable } from "../suspension";
import { type TimeoutValue, dueWords, timeoutWords } from "../ddi/due-time";

export type { TimeoutValue } from "../ddi/due-time";

/** What can be waited for. */
export type Waitable = PKEVENT | PKSEMAPHORE | PKMUTEX | PKTHREAD | KTIMER;

/** KWAIT_REASON: Executive. Drivers give no other. */
export const Executive = 0;

/**
 * Waits until the object is set, and takes what a wait takes from it. The timeout is in units of 100 ns, negative for relative;
 * 0 only looks, NULL (undefined) waits for ever. There are no alerts here: Alertable is accepted.
 *
 * @irql <= DISPATCH_LEVEL; <= APC_LEVEL unless the timeout is 0
 * @returns STATUS_SUCCESS, STATUS_TIMEOUT
 * @bugcheck 0xC4 / 0x120, 0x121, 0x122 for a wait at DISPATCH_LEVEL (Driver Verifier); without it 0xB8 in a DPC, 0xA elsewhere,
 * unless the object is set
 */
export function KeWaitForSingleObject(
  Object: Waitable,
  _WaitReason: number,
  _WaitMode: ProcessorMode,
  _Alertable: boolean,
  Timeout?: TimeoutValue,
): Suspendable<NtStatus> {
  return call("KeWaitForSingleObject", [Object, ...timeoutWords(Timeout)], (status) => status);
}

/**
 * Waits for any of several objects, and takes the first one of the array that is set; or for all, and takes all or none.
 * More than three need an array of wait blocks (its contents do not matter); 64 is the most.
 *
 * @irql <= DISPATCH_LEVEL; <= APC_LEVEL unless the timeout is 0
 * @returns STATUS_WAIT_0 and up (WaitAny), STATUS_SUCCESS (WaitAll), STATUS_TIMEOUT
 * @bugcheck MAXIMUM_WAIT_OBJECTS_EXCEEDED for too many objects; otherwise as KeWaitForSingleObject
 */
// oxlint-disable-next-line max-params -- the documented prototype
export function KeWaitForMultipleObjects(
  Objects: readonly Waitable[],
  WaitType: WaitType,
  _WaitReason: number,
  _WaitMode: ProcessorMode,
  _Alertable: boolean,
  Timeout?: TimeoutValue,
  WaitBlockArray?: readonly unknown[],
): Suspendable<NtStatus> {
  const blocks = WaitBlockArray === undefined ? 0 : 1;
  machine().core.writeScratch(CONFIG_WORD, Objects.slice(0, OBJECTS_PASSED));
  return call("KeWaitForMultipleObjects", [Objects.length, WaitType, ...timeoutWords(Timeout), blocks], (status) => status);
}

/** As many as the scratch area has room for; more are an error anyway. */
const OBJECTS_PASSED = 64;

/**
 * Waits until the interval is over: units of 100 ns, negative for relative.
 *
 * @irql <= APC_LEVEL
 * @returns STATUS_SUCCESS
 * @bugcheck as KeWaitForSingleObject
 */
export function KeDelayExecutionThread(_WaitMode: ProcessorMode, _Alertable: boolean, Interval: number | bigint): Suspendable<NtStatus> {
  return call("KeDelayExecutionThread", dueWords(Interval), (status) => status);
}
