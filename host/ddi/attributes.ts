// WDF_OBJECT_ATTRIBUTES on its way to the core.

import { AttributesWord, STRUCTURE_SIZE, WdfExecutionLevel, WdfSynchronizationScope } from "../../bindings/abi";
import type { Machine } from "../machine";
import type { ContextType, WdfObjectAttributes } from "./types";

/** WDF_OBJECT_ATTRIBUTES_INIT */
export function WDF_OBJECT_ATTRIBUTES_INIT(): WdfObjectAttributes {
  return {
    executionLevel: WdfExecutionLevel.InheritFromParent,
    synchronizationScope: WdfSynchronizationScope.InheritFromParent,
  };
}

/** WDF_DECLARE_CONTEXT_TYPE: a context type by its name and what a new context looks like. */
export function WDF_DECLARE_CONTEXT_TYPE<T>(name: string, create: () => T): ContextType<T> {
  return { name, create };
}

/** Writes the attributes into the scratch area: where all DDIs look for them, or at another word. */
export function writeAttributes(m: Machine, attributes: WdfObjectAttributes | undefined, at = 0): void {
  const words = Array.from({ length: 16 }, () => 0);
  words[AttributesWord.Driver] = m.callbacks.running();
  if (attributes !== undefined) {
    words[AttributesWord.Present] = 1;
    words[AttributesWord.Size] = attributes.size ?? STRUCTURE_SIZE;
    words[AttributesWord.ExecutionLevel] = attributes.executionLevel ?? WdfExecutionLevel.InheritFromParent;
    words[AttributesWord.SynchronizationScope] = attributes.synchronizationScope ?? WdfSynchronizationScope.InheritFromParent;
    words[AttributesWord.ParentObject] = attributes.parentObject ?? 0;
    words[AttributesWord.EvtCleanupCallback] = m.callback(attributes.evtCleanupCallback);
    words[AttributesWord.EvtDestroyCallback] = m.callback(attributes.evtDestroyCallback);
    const type = attributes.contextType;
    words[AttributesWord.ContextType] = m.contexts.idOf(type);
    words[AttributesWord.ContextTypeSize] = type?.structureSize ?? STRUCTURE_SIZE;
    words[AttributesWord.ContextSize] = type?.size ?? 0;
    words[AttributesWord.ContextNamed] = type?.name ? 1 : 0;
    words[AttributesWord.ContextSizeOverride] = attributes.contextSizeOverride ?? 0;
  }
  m.core.writeScratch(at, words);
}
