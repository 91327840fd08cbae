// Driver routines as the host sees them: what they may be, and what they are called with.

import { CompletionWord, DISPATCH_CONTEXT, RoutineKind } from "../bindings/abi";
import type { Core } from "../bindings/core";
import type { WdfRequestCompletionParams } from "./ddi/target-types";
import { InternalError, ProtocolError } from "./errors";

// oxlint-disable-next-line typescript/no-explicit-any -- a driver routine takes and returns what its kind says
export type AnyRoutine = (...args: any[]) => any;

/** What a generator routine yields to the pump, which asks for nothing. */
export type GeneratorRoutine = Generator<undefined, unknown, unknown>;

/** Stands for callback 0. */
export function neverCalled(): never {
  throw new InternalError("callback 0 was called");
}

/** The arguments of a routine in the order of its documented prototype. */
export function argumentsOf(
  kind: RoutineKind,
  object: number,
  request: number,
  a: number,
  b: number,
  c: number,
  core: Core,
): unknown[] {
  switch (kind) {
    case RoutineKind.IoRead:
    case RoutineKind.IoWrite:
      return [object, request, a >>> 0];
    case RoutineKind.IoDeviceControl:
    case RoutineKind.IoInternalDeviceControl:
      return [object, request, a >>> 0, b >>> 0, c >>> 0];
    case RoutineKind.IoStop:
      return [object, request, a >>> 0];
    case RoutineKind.RequestCancel:
      return [request];
    case RoutineKind.QueueStopComplete:
    case RoutineKind.QueuePurgeComplete:
    case RoutineKind.QueueReady:
      return [object, a];
    case RoutineKind.DeviceD0Entry:
    case RoutineKind.DeviceD0Exit:
    case RoutineKind.DeviceD0EntryPostInterruptsEnabled:
    case RoutineKind.DeviceD0ExitPreInterruptsDisabled:
      return [object, a];
    case RoutineKind.DeviceFileCreate:
      return [object, request, a];
    case RoutineKind.DeviceWdmIrpDispatch:
      return [object, a & 0xff, (a >> 8) & 0xff, b >>> 0, c, request, DISPATCH_CONTEXT];
    case RoutineKind.RequestCompletion:
      return [request, object, completionParams(core), a];
    case RoutineKind.LowerDispatch:
      return [object, request, a];
    case RoutineKind.CallbackFunction:
      return [request, a];
    case RoutineKind.Thread:
      return [a];
    case RoutineKind.SystemThread:
      return [];
    case RoutineKind.InterruptIsr:
      return [object, a];
    default:
      return rareArguments(kind, object, request, a, b);
  }
}

function rareArguments(kind: RoutineKind, object: number, request: number, a: number, b: number): unknown[] {
  if (ABOUT_AN_OBJECT.has(kind)) return [object];
  if (kind === RoutineKind.ChildListCreateDevice || kind === RoutineKind.DriverDeviceAdd) return [object, a];
  return kind === RoutineKind.DeviceArmWakeFromSxWithReason ? [object, a !== 0, b !== 0] : [object, request];
}

/** Routines that get the object they are about, and nothing else. */
const ABOUT_AN_OBJECT: ReadonlySet<RoutineKind> = new Set([
  RoutineKind.DeviceArmWakeFromS0,
  RoutineKind.DeviceDisarmWakeFromS0,
  RoutineKind.DeviceWakeFromS0Triggered,
  RoutineKind.DeviceArmWakeFromSx,
  RoutineKind.DeviceDisarmWakeFromSx,
  RoutineKind.DeviceWakeFromSxTriggered,
  RoutineKind.ChildListScanForChildren,
  RoutineKind.DeviceEject,
  RoutineKind.DeviceSelfManagedIoInit,
  RoutineKind.DeviceSelfManagedIoRestart,
  RoutineKind.DeviceSelfManagedIoSuspend,
  RoutineKind.DeviceSelfManagedIoFlush,
  RoutineKind.DeviceSelfManagedIoCleanup,
  RoutineKind.DevicePrepareHardware,
  RoutineKind.DeviceReleaseHardware,
  RoutineKind.DeviceSurpriseRemoval,
  RoutineKind.DeviceQueryRemove,
  RoutineKind.DeviceQueryStop,
  RoutineKind.ObjectCleanup,
  RoutineKind.ObjectDestroy,
  RoutineKind.Timer,
  RoutineKind.Dpc,
  RoutineKind.WorkItem,
  RoutineKind.DeferredRoutine,
  RoutineKind.DriverUnload,
  RoutineKind.IoTargetQueryRemove,
  RoutineKind.IoTargetRemoveCanceled,
  RoutineKind.IoTargetRemoveComplete,
  RoutineKind.FileCleanup,
  RoutineKind.FileClose,
]);

/** WDF_REQUEST_COMPLETION_PARAMS, as the core has just written it into the scratch area. */
export function completionParams(core: Core): WdfRequestCompletionParams {
  const word = (index: CompletionWord): number => core.scratch(index);
  return {
    type: word(CompletionWord.Type),
    ioStatus: { status: word(CompletionWord.Status), information: word(CompletionWord.Information) >>> 0 },
    parameters: {
      length: word(CompletionWord.Length) >>> 0,
      buffer: word(CompletionWord.Memory),
      offset: word(CompletionWord.Offset) >>> 0,
      ioControlCode: word(CompletionWord.Code) >>> 0,
      inputBuffer: word(CompletionWord.InputMemory),
      inputOffset: word(CompletionWord.InputOffset) >>> 0,
    },
  };
}

const GeneratorFunction = Object.getPrototypeOf(function* () {}).constructor as new () => unknown;
const AsyncFunction = Object.getPrototypeOf(async function () {}).constructor as new () => unknown;
const AsyncGeneratorFunction = Object.getPrototypeOf(async function* () {}).constructor as new () => unknown;

/** function* */
export function isGeneratorFunction(routine: AnyRoutine): boolean {
  return routine instanceof GeneratorFunction;
}

/** What a function* gives. */
export function isGenerator(value: object): value is GeneratorRoutine {
  return "next" in value && typeof value.next === "function" && Symbol.iterator in value;
}

/** Async functions are refused where they are registered, with what to do instead. */
export function refuseAsync(routine: AnyRoutine): void {
  if (typeof routine !== "function") throw new ProtocolError(`a driver routine must be a function, not ${typeof routine}`);
  if (routine instanceof AsyncFunction || routine instanceof AsyncGeneratorFunction) {
    throw new ProtocolError(`${routine.name || "a driver routine"} is an async function. ${INSTEAD}`);
  }
}

/** What to say about a routine that returned a promise; null when it did not. */
export function promiseReturned(name: string, value: unknown): ProtocolError | null {
  if (typeof value !== "object" || value === null || !("then" in value)) return null;
  if (value instanceof Promise) value.catch(() => {});
  return new ProtocolError(`${name} returned a promise. ${INSTEAD}`);
}

const INSTEAD =
  "A driver routine runs to its end before the system goes on: make it a plain function, or a generator function (function*) " +
  "if it has to wait.";
