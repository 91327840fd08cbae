// How a DDI reaches the core.
//
// `call` is for DDIs that may run other driver code or wait, `ask` for those in which nothing can happen. Both tell
// the observer. The few DDIs on every request's way (complete, forward, retrieve) do by hand what `call` does, when
// nobody looks on and the routine is a plain function.

import { Ddi, FRAME_RESULT_OFFSET, FindingId } from "../../bindings/abi";
import { machine } from "../current";
import type { Machine } from "../machine";
import { Mode } from "../mode";
import { Suspension, type Suspendable } from "../suspension";

type Export = (...args: number[]) => number | void;

/** Calls a DDI that may run driver code or wait; `map` turns its word into what the caller gets. */
export function call<T>(name: string, args: readonly number[], map: (result: number) => T): Suspendable<T> {
  return callMachine(machine(), name, args, map);
}

/** Calls an input of the core from inside a routine; the result is that of the nested activation. */
export function callWith(m: Machine, name: string, run: () => number): Suspendable<number> {
  m.requireSettled(name);
  run();
  if ((m.mode & Mode.Generator) !== 0) {
    const suspension = new Suspension(m, name, 0, same, true);
    m.unsettled = suspension;
    return suspension as unknown as Suspendable<number>;
  }
  m.settle(0, name);
  return m.core.word(m.activation + FRAME_RESULT_OFFSET) as Suspendable<number>;
}

/** The same on a machine that is known. */
export function callMachine<T>(m: Machine, name: string, args: readonly number[], map: (result: number) => T): Suspendable<T> {
  m.requireSettled(name);
  if (m.core.rules) checkCall(m, name, args);
  if (m.observer !== null) m.observer.ddiCalled(name, args);
  const value = m.offer(Number((m.exports as unknown as Record<string, Export>)[name](...args) ?? 0));
  const finish = (result: number): T => {
    const mapped = map(result);
    if (m.observer !== null) m.observer.ddiReturned(name, args, mapped);
    return mapped;
  };
  if ((m.mode & Mode.Generator) !== 0) {
    const suspension = new Suspension(m, name, value, finish);
    m.unsettled = suspension;
    return suspension as unknown as Suspendable<T>;
  }
  const result = m.settle(value, name);
  if (m.observer !== null || m.irps.lent !== 0) m.takeNotifications();
  return finish(result) as Suspendable<T>;
}

/** Calls a DDI in which nothing can happen but what it says. */
export function ask<T>(name: string, args: readonly number[], map: (result: number) => T): T {
  const m = machine();
  m.requireSettled(name);
  if (m.core.rules) checkCall(m, name, args);
  if (m.observer !== null) m.observer.ddiCalled(name, args);
  const value = Number((m.exports as unknown as Record<string, Export>)[name](...args) ?? 0);
  if ((m.mode & Mode.Generator) === 0) m.offer(value);
  m.settle(value);
  if (m.observer !== null) m.takeNotifications();
  const mapped = map(value);
  if (m.observer !== null) m.observer.ddiReturned(name, args, mapped);
  return mapped;
}

/** For functions that only fill in a structure of the host's: their level is checked like that of all others. */
export function hostOnly(name: string): void {
  const m = machine();
  m.requireSettled(name);
  if (m.core.rules) checkIrql(m, name);
}

/** Begins a DDI that is on many requests' way. False: it has to go through {@link ask} or {@link call}. */
export function beginShort(m: Machine, row: Ddi): boolean {
  if (m.mode !== Mode.Plain || m.callbacks.destroying !== 0) return false;
  if (m.core.rules) checkRow(m, row);
  return true;
}

/** Rules of ours: the caller's level, and what EvtDestroyCallback may do. */
function checkCall(m: Machine, name: string, args: readonly number[]): void {
  checkIrql(m, name);
  const { destroying } = m.callbacks;
  if (destroying === 0 || args[0] !== destroying) return;
  m.exports.noteRule(FindingId.UsedInDestroy, destroying, 0);
  m.takeNotifications();
}

/** Rule finding: the caller's level against the table (assembly/abi/irql-rules.ts). Names without a row are no DDIs. */
export function checkIrql(m: Machine, name: string): void {
  const row = Ddi[name as keyof typeof Ddi];
  if (row !== undefined && m.exports.checkIrql(row) !== 0) m.takeNotifications();
}

/** The same by the row's number, for DDIs on every request's way. */
export function checkRow(m: Machine, row: Ddi): void {
  if (m.exports.checkIrql(row) !== 0) m.takeNotifications();
}

/** For results that are the word itself. */
export function same(result: number): number {
  return result;
}

/** For VOID. */
export function nothing(): void {}

/** For BOOLEAN. */
export function yes(result: number): boolean {
  return result !== 0;
}
