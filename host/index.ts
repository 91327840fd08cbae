// wdf-wasm: a table of contents.

export { System, } from "./system";
export type { SendRequest } from "./sending";
export type { AddedDevice, DevicePlace } from "./pnp";
export { SystemThread } from "./threads";
export type { RunSettings } from "./clock";
export type { SystemOptions } from "./options";
export { type RegistryContents, type RegistryData, RegistryValue } from "./registry-data";
export type { SystemRegistry } from "./system-registry";
export type { DriverModule } from "./driver";
export { type ApplicationFile, type IoOptions, type IoResult, type OpenOptions, type TransferOptions } from "./application";
export { BugCheckError, InternalError, ProtocolError, StaleHandleError } from "./errors";
export type { Finding } from "./findings";
export { type LeakedObject, describeLeak } from "./leaks";
export type { Report } from "./report";
export { InputLog, type LoggedInput, type SavedLog } from "./log";
export { replay } from "./replay";
export { TraceRecorder } from "./trace/record";
export { textTrace } from "./trace/text";
export { perfettoTrace } from "./trace/perfetto";
export { Statistics } from "./trace/statistics";
export { statusName } from "./format";
export { useCore } from "../bindings/load";

export { defineDriver, type DriverDefinition } from "./framework/driver";
export { Device, DeviceInit, type DeviceConfig, type FileConfig, type PreprocessConfig } from "./framework/device";
export { Driver } from "./framework/driver-object";
export { File } from "./framework/file";
export { Irp } from "./framework/irp";
export { Collection, FrameworkString } from "./framework/collection";
export { Lookaside, Memory, type PoolOptions } from "./framework/memory";
export { FrameworkObject, GeneralObject, type HasHandle, type ObjectOptions } from "./framework/object";
export { RegistryKey, type KeyMade, type KeyOptions } from "./framework/registry";
export { Queue, type QueueConfig, type QueueState, type RetrieveResult } from "./framework/queue";
export { Dpc, type DpcConfig, Timer, type TimerConfig, WorkItem, type WorkItemConfig } from "./framework/later";
export { type LockOptions, SpinLock, WaitLock } from "./framework/lock";
export { Request, type CompleteOptions, type CompletionRoutine, type SendOptions } from "./framework/request";
export { IoTarget, type ControlFormat, type SyncOptions, type TargetOpening, type TransferFormat } from "./framework/target";
export type { LowerDriver, LowerIrp } from "./lower";
export { Interrupt, type InterruptConfig } from "./framework/interrupt";

export { Choices, type ChoiceOptions, tapeOf, tokenOf } from "./choices";
export { DevicePower } from "./power";
export { SystemCallbacks } from "./executive/system-callbacks";
export { Port, type PortCallback } from "./port";
export type { InterruptLine, InterruptLineOptions } from "./hardware/interrupt-line";

export { AccessViolation, Mdl, UserBuffer } from "./user-memory";

// What a Recorder is told of.
export type { Place, Recorder } from "./recorder";
export type { Irp as IrpUnderWay } from "./irps";
export type { Names } from "./naming";
export type { EventKind, RoutineKind } from "../bindings/abi";
export type { Suspendable } from "./suspension";
export { BugCheck, FindingId, WdfViolation } from "../bindings/abi";
export {
  DeviceRegistryKey,
  IoctlMethod,
  Irql,
  KeyAccess,
  NtStatus,
  PoolType,
  ProcessorMode,
  RegistryDisposition,
  RegistryOption,
  RegistryType,
  WdfDeviceIoType,
  WdfExecutionLevel,
  WdfFileObjectClass,
  WdfIoForwardProgressAction,
  WdfIoForwardProgressReservedPolicy,
  WdfIoQueueDispatchType,
  WdfIoQueueState,
  WdfIoTargetOpenType,
  WdfIoTargetPurgeIoAction,
  WdfIoTargetSentIoAction,
  WdfIoTargetState,
  WdfPowerDeviceState,
  WdfRequestReuseFlag,
  WdfRequestSendOption,
  WdfRequestStopAction,
  WdfRequestType,
  WdfSynchronizationScope,
  WdfTriState,
} from "../bindings/abi";
export { WDF_DECLARE_CONTEXT_TYPE } from "./ddi/attributes";
export type { ContextType, Routine } from "./ddi/types";
