// Which interfaces a driver's object has: as QueryInterface says, or as its methods show.
//
//   the object has QueryInterface     ask it for each interface; what it gives is what is called
//   it has not                        an interface is there when all its methods are
//
// An interface that is not there is never called. A method whose name is one letter away from a documented one is a finding:
// it would otherwise just never be called.

import { FindingId } from "../../bindings/abi";
import type { Machine } from "../machine";
import type { InterfaceName, Interfaces, IUnknown } from "./wudfddi";

/** The methods of each interface. */
export const METHODS: Readonly<Record<InterfaceName, readonly string[]>> = {
  IDriverEntry: ["OnInitialize", "OnDeviceAdd", "OnDeinitialize"],
  IQueueCallbackCreate: ["OnCreateFile"],
  IQueueCallbackRead: ["OnRead"],
  IQueueCallbackWrite: ["OnWrite"],
  IQueueCallbackDeviceIoControl: ["OnDeviceIoControl"],
  IQueueCallbackDefaultIoHandler: ["OnDefaultIoHandler"],
  IQueueCallbackIoStop: ["OnIoStop"],
  IQueueCallbackIoResume: ["OnIoResume"],
  IQueueCallbackIoCanceledOnQueue: ["OnIoCanceledOnQueue"],
  IQueueCallbackStateChange: ["OnStateChange"],
  IRequestCallbackCancel: ["OnCancel"],
  IRequestCallbackRequestCompletion: ["OnCompletion"],
  IObjectCleanup: ["OnCleanup"],
  IFileCallbackCleanup: ["OnCleanupFile"],
  IFileCallbackClose: ["OnCloseFile"],
  IImpersonateCallback: ["OnImpersonate"],
  IPnpCallback: ["OnD0Entry", "OnD0Exit", "OnSurpriseRemoval", "OnQueryRemove", "OnQueryStop"],
  IPnpCallbackHardware: ["OnPrepareHardware", "OnReleaseHardware"],
  IPnpCallbackSelfManagedIo: [
    "OnSelfManagedIoInit",
    "OnSelfManagedIoSuspend",
    "OnSelfManagedIoRestart",
    "OnSelfManagedIoStop",
    "OnSelfManagedIoFlush",
    "OnSelfManagedIoCleanup",
  ],
};

const DOCUMENTED = new Set(Object.values(METHODS).flat());

/** The object's implementation of an interface, undefined when it has none. */
export function queryInterface<Name extends InterfaceName>(object: object | null, name: Name): Interfaces[Name] | undefined {
  if (object === null) return undefined;
  const implementation = "QueryInterface" in object ? (object as IUnknown).QueryInterface(name) : object;
  if (implementation === null) return undefined;
  const methods = implementation as Readonly<Record<string, unknown>>;
  return METHODS[name].every((method) => typeof methods[method] === "function") ? (implementation as Interfaces[Name]) : undefined;
}

/** Warns of methods that are one letter away from a documented one. */
export function warnOfMisspelled(m: Machine, object: object | null): void {
  if (object === null) return;
  for (const method of methodNames(object)) {
    if (DOCUMENTED.has(method)) continue;
    const meant = [...DOCUMENTED].find((name) => isOneEditAway(method, name));
    if (meant !== undefined) m.exports.noteRule(FindingId.Umdf1Misspelled, m.names.text(method), m.names.text(meant));
  }
}

/** Names of an object's own and inherited methods. */
function methodNames(object: object): Set<string> {
  const names = new Set<string>();
  for (let at: object | null = object; at !== null && at !== Object.prototype; at = Object.getPrototypeOf(at) as object | null) {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(at))) {
      if (typeof value === "function" && name !== "constructor") names.add(name);
    }
  }
  return names;
}

/** True when one letter more, one less, another one, two swapped, or another case makes one name of the other. */
export function isOneEditAway(a: string, b: string): boolean {
  if (a === b) return false;
  if (a.toLowerCase() === b.toLowerCase()) return true;
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  if (long.length - short.length > 1) return false;
  let same = 0;
  while (same < short.length && short[same] === long[same]) same++;
  if (short.length < long.length) return short.slice(same) === long.slice(same + 1);
  const swapped = short[same] === long[same + 1] && short[same + 1] === long[same];
  return short.slice(same + 1) === long.slice(same + 1) || (swapped && short.slice(same + 2) === long.slice(same + 2));
}
