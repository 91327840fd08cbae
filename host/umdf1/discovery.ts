// Which interfaces a driver's object has: as QueryInterface says, or as its methods show.
//
//   the object has QueryInterface     ask it for each interface; what it gives is what is called
//   it has not                        an interface is there when all its methods are
//
// An interface that is not there is never called. A method whose name is one letter away from a documented one is a finding:
// it would otherwise just never be called.

import { FindingId } from "../../bindings/abi";
import { machine } from "../current";
import type { Machine } from "../machine";
import { isOneEditAway, memberNames } from "../misspelled";
import type { InterfaceName, Interfaces, IObjectCleanup, IUnknown } from "./wudfddi";

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
  IRemoteTargetCallbackRemoval: ["OnRemoteTargetQueryRemove", "OnRemoteTargetRemoveCanceled", "OnRemoteTargetRemoveComplete"],
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

/** The IObjectCleanup of an object that may have no other interface; a misspelled one is warned of. */
export function cleanupOf(object: Partial<IObjectCleanup> | null): IObjectCleanup | undefined {
  warnOfMisspelled(machine(), object);
  return queryInterface(object, "IObjectCleanup");
}

/** Warns of methods that are one letter away from a documented one. */
export function warnOfMisspelled(m: Machine, object: object | null): void {
  if (object === null) return;
  for (const method of memberNames(object)) {
    if (DOCUMENTED.has(method) || !isMethod(object, method)) continue;
    const meant = [...DOCUMENTED].find((name) => isOneEditAway(method, name));
    if (meant !== undefined) m.exports.noteRule(FindingId.Umdf1Misspelled, m.names.text(method), m.names.text(meant));
  }
}

function isMethod(object: object, name: string): boolean {
  return typeof (object as Readonly<Record<string, unknown>>)[name] === "function";
}
