// Paged pool, for what a test wants to be paged: touching it at DISPATCH_LEVEL or above is a page fault nobody can serve.
//
// All values of JavaScript stand for nonpaged memory otherwise.

import { machine } from "../current";

/**
 * An object as if it lay in paged pool (POOL_FLAG_PAGED): reading or writing a property of it at DISPATCH_LEVEL or above stops
 * the System with DRIVER_IRQL_NOT_LESS_OR_EQUAL. It may be touched while a driver routine runs, and only then.
 */
export function pagedPool<T extends object>(contents: T): T {
  return new Proxy(contents, {
    get: (target, key) => {
      touch(0);
      return Reflect.get(target, key, target) as unknown;
    },
    set: (target, key, value) => {
      touch(1);
      return Reflect.set(target, key, value);
    },
  });
}

/** 1 for a write. */
function touch(write: 0 | 1): void {
  const m = machine();
  m.exports.touchPagedMemory(0, write);
  m.settle(0);
}
