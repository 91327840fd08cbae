// wdf-wasm/ddi: Microsoft's exact names, for ports of C drivers.

export { WDF_DECLARE_CONTEXT_TYPE, WDF_OBJECT_ATTRIBUTES_INIT } from "./attributes";
export * from "./buffer";
export * from "./device";
export * from "./irp";
export * from "./object";
export * from "./pdo";
export * from "./queue";
export * from "./request";
export * from "./status";
export type * from "./types";
export {
  Irql,
  NtStatus,
  WdfDeviceIoType,
  WdfDispatchIrpToIoQueueFlags,
  WdfExecutionLevel,
  WdfIoForwardProgressAction,
  WdfIoForwardProgressReservedPolicy,
  WdfIoQueueDispatchType,
  WdfIoQueueState,
  WdfPowerDeviceState,
  WdfRequestForwardOptionsFlags,
  WdfRequestStopAction,
  WdfRequestType,
  WdfSynchronizationScope,
  WdfTriState,
} from "../../bindings/abi";
