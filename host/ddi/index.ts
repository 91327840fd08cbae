// wdf-wasm/ddi: Microsoft's exact names, for ports of C drivers.

export { WDF_DECLARE_CONTEXT_TYPE, WDF_OBJECT_ATTRIBUTES_INIT } from "./attributes";
export * from "./request-buffer";
export * from "../executive/callback";
export type { OperationStatus, ProcessorChangeContext } from "../executive/system-callbacks";
export { pagedPool } from "../executive/paged";
export {
  InitializeObjectAttributes,
  OBJ_CASE_INSENSITIVE,
  OBJ_EXCLUSIVE,
  OBJ_INHERIT,
  OBJ_KERNEL_HANDLE,
  OBJ_OPENIF,
  OBJ_OPENLINK,
  OBJ_PERMANENT,
  type ObjectAttributes,
} from "../executive/object-attributes";
export * from "./dpc";
export {
  type DueTime,
  WDF_ABS_TIMEOUT_IN_MS,
  WDF_REL_TIMEOUT_IN_MS,
  WDF_REL_TIMEOUT_IN_SEC,
  WDF_REL_TIMEOUT_IN_US,
} from "./due-time";
export * from "./device";
export * from "./device-interface";
export * from "./interrupt";
export * from "./lock";
export * from "./file";
export * from "./collection";
export * from "./memory";
export * from "./object";
export * from "./registry";
export * from "./registry-value";
export * from "./string";
export * from "./irp";
export * from "./device-idle";
export * from "./device-wake";
export * from "./child-list";
export * from "./static-child";
export * from "./object";
export * from "./pdo";
export * from "./queue";
export * from "./request";
export * from "./request-send";
export * from "./request-parameters";
export * from "./status";
export {
  KeClearEvent,
  KeInitializeEvent,
  KeInitializeMutex,
  KeInitializeSemaphore,
  KePulseEvent,
  KeReadStateEvent,
  KeReadStateMutex,
  KeReadStateSemaphore,
  KeReleaseMutex,
  KeReleaseSemaphore,
  KeResetEvent,
  KeSetEvent,
} from "../executive/event";
export * from "../executive/kernel-lock";
export * from "../executive/queued-lock";
export * from "../executive/interrupt";
export * from "./timer";
export * from "./work-item";
export * from "../executive/kernel-dpc";
export * from "../executive/kernel-timer";
export * from "./target";
export * from "./target-format";
export type * from "./target-types";
export * from "../executive/processor";
export * from "../executive/region";
export * from "../executive/thread";
export * from "../executive/wait";
export type * from "./types";
export type { Mdl, UserBuffer } from "../user-memory";
export {
  DeviceRegistryKey,
  EventType,
  Irql,
  KeyAccess,
  NtStatus,
  ProcessorMode,
  PoolType,
  DevicePowerState,
  DpcImportance,
  TimerType,
  RegistryDisposition,
  RegistryOption,
  RegistryType,
  PowerStateCallback,
  ProcessorChangeState,
  WdfDeviceIoType,
  WdfDispatchIrpToIoQueueFlags,
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
  WdfRequestForwardOptionsFlags,
  WdfPowerPolicyIdleTimeoutType,
  WdfPowerPolicyS0IdleCapabilities,
  WdfRequestStopAction,
  WdfRequestType,
  WdfSynchronizationScope,
  WdfTriState,
  WaitType,
} from "../../bindings/abi";
