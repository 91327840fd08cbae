// wdf-wasm/umdf1: the interfaces of UMDF 1, over the same queues.

export * from "./hresult";
export * from "./wudfddi";
export { umdf1Driver } from "./driver";
export { METHODS as UMDF1_METHODS } from "./discovery";
export type { WDFMEMORY_OFFSET } from "./memory";
export {
  NtStatus,
  WdfIoQueueDispatchType,
  WdfIoQueueState,
  WdfPowerDeviceState,
  WdfRequestStopAction,
  WdfRequestType,
  WdfTriState,
} from "../../bindings/abi";
