// Attribute options of `new`, `allocctx`, `queue` and `device`, as WDF_OBJECT_ATTRIBUTES.

import { WdfExecutionLevel, WdfSynchronizationScope } from "../../../bindings/abi";
import { WDF_DECLARE_CONTEXT_TYPE } from "../../../host/ddi/attributes";
import type { ContextType, WDFOBJECT, WdfObjectAttributes } from "../../../host/ddi/types";
import { objectCallback } from "./callbacks";
import type { Rig } from "./rig";
import type { Options } from "./script";

const SCOPES: Record<string, WdfSynchronizationScope> = {
  none: WdfSynchronizationScope.None,
  queue: WdfSynchronizationScope.Queue,
  device: WdfSynchronizationScope.Device,
};
const LEVELS: Record<string, WdfExecutionLevel> = {
  passive: WdfExecutionLevel.Passive,
  dispatch: WdfExecutionLevel.Dispatch,
};

/** A context of the script: nobody ever writes into it. */
type ScriptContext = Readonly<Record<string, never>>;

const declare = (name: string, size: number): ContextType<ScriptContext> => ({ ...WDF_DECLARE_CONTEXT_TYPE(name, () => ({})), size });
/** The context types of a script, each as large as it is first used. */
const types = new WeakMap<Rig, Map<string, ContextType<ScriptContext>>>();

/** The context type A, B or C. */
export function contextType(rig: Rig, name: string, size = 0): ContextType<ScriptContext> {
  const mine = types.get(rig) ?? new Map<string, ContextType<ScriptContext>>();
  types.set(rig, mine);
  const known = mine.get(name) ?? declare(name, size);
  mine.set(name, known);
  return known;
}

/** The attributes a command asks for; undefined for `noattr`. */
export function attributesOf(rig: Rig, name: string, options: Options): WdfObjectAttributes | undefined {
  const attributes: WdfObjectAttributes = {};
  setConstraints(attributes, options);
  setContext(rig, attributes, options);
  setCallbacks(rig, attributes, options);
  const parent = options.text("parent");
  if (parent !== undefined) attributes.parentObject = rig.world.handle(parent) as WDFOBJECT;
  const size = options.number("asize");
  if (size !== undefined) attributes.size = size === 0 ? 0 : WRONG_SIZE;
  if (attributes.evtCleanupCallback !== undefined || attributes.evtDestroyCallback !== undefined) rig.world.watched.add(name);
  return options.flag("noattr") ? undefined : attributes;
}

const WRONG_SIZE = 8;

function setConstraints(attributes: WdfObjectAttributes, options: Options): void {
  const scope = options.text("sync");
  const level = options.text("exec");
  const rawScope = options.number("ss");
  const rawLevel = options.number("el");
  if (scope !== undefined) attributes.synchronizationScope = SCOPES[scope];
  if (level !== undefined) attributes.executionLevel = LEVELS[level];
  if (rawScope !== undefined) attributes.synchronizationScope = rawScope;
  if (rawLevel !== undefined) attributes.executionLevel = rawLevel;
}

function setContext(rig: Rig, attributes: WdfObjectAttributes, options: Options): void {
  const size = options.number("ctx");
  const type = options.text("type") ?? "A";
  const bad = options.text("ctxbad");
  const override = options.number("over");
  if (size !== undefined) attributes.contextType = contextType(rig, type, size);
  if (bad === "size") attributes.contextType = { ...declare("bad", 16), structureSize: 0 };
  if (bad === "noname") attributes.contextType = declare("", 16);
  if (override !== undefined) attributes.contextSizeOverride = override;
}

function setCallbacks(rig: Rig, attributes: WdfObjectAttributes, options: Options): void {
  const both = options.flag("cb");
  const second = options.flag("cb2");
  if (options.flag("cleanup") || both) attributes.evtCleanupCallback = objectCallback(rig, "Cleanup", "") as never;
  if (options.flag("destroy") || both) attributes.evtDestroyCallback = objectCallback(rig, "Destroy", "") as never;
  if (!second) return;
  attributes.evtCleanupCallback = objectCallback(rig, "Cleanup", "(2)") as never;
  attributes.evtDestroyCallback = objectCallback(rig, "Destroy", "(2)") as never;
}
