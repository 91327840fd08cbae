// wdf-wasm/umdf1: the interfaces of UMDF 1, over the same queues.

export * from "./hresult";
export * from "./wudfddi";
export { umdf1Driver } from "./driver";
export { METHODS as UMDF1_METHODS } from "./discovery";
export type { WDFMEMORY_OFFSET } from "./memory";
export {
  DevicePowerState,
  NtStatus,
  WdfDeviceIoType,
  WdfIoQueueDispatchType,
  WdfIoQueueState,
  WdfIoTargetSentIoAction,
  WdfIoTargetState,
  WdfPowerDeviceState,
  WdfPowerPolicyS0IdleCapabilities,
  WdfRequestSendOption,
  WdfRequestStopAction,
  WdfRequestType,
  WdfTriState,
} from "../../bindings/abi";
