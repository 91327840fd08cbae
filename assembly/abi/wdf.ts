// The framework's own enums, with the prefixes of the C names dropped. Values are Microsoft's (wdfio.h, wdfrequest.h,
// wdfobject.h, wdfdevice.h, KMDF 1.33).

/** WDF_IO_QUEUE_DISPATCH_TYPE */
export enum WdfIoQueueDispatchType {
  /** WdfIoQueueDispatchSequential: one driver-owned request at a time. */
  Sequential = 1,
  /** WdfIoQueueDispatchParallel: up to NumberOfPresentedRequests at a time. */
  Parallel = 2,
  /** WdfIoQueueDispatchManual: only what the driver retrieves. */
  Manual = 3,
}

/** WDF_IO_QUEUE_STATE, a set of flags. */
export enum WdfIoQueueState {
  /** WdfIoQueueAcceptRequests */
  AcceptRequests = 0x01,
  /** WdfIoQueueDispatchRequests */
  DispatchRequests = 0x02,
  /** WdfIoQueueNoRequests */
  NoRequests = 0x04,
  /** WdfIoQueueDriverNoRequests */
  DriverNoRequests = 0x08,
  /** WdfIoQueuePnpHeld */
  PnpHeld = 0x10,
}

/** WDF_TRI_STATE */
export enum WdfTriState {
  /** WdfFalse */
  False = 0,
  /** WdfTrue */
  True = 1,
  /** WdfUseDefault */
  UseDefault = 2,
}

/** WDF_DEVICE_IO_TYPE */
export enum WdfDeviceIoType {
  /** WdfDeviceIoUndefined */
  Undefined = 0,
  /** WdfDeviceIoNeither */
  Neither = 1,
  /** WdfDeviceIoBuffered */
  Buffered = 2,
  /** WdfDeviceIoDirect */
  Direct = 3,
}

/** WDF_EXECUTION_LEVEL */
export enum WdfExecutionLevel {
  /** WdfExecutionLevelInvalid */
  Invalid = 0,
  /** WdfExecutionLevelInheritFromParent */
  InheritFromParent = 1,
  /** WdfExecutionLevelPassive */
  Passive = 2,
  /** WdfExecutionLevelDispatch */
  Dispatch = 3,
}

/** WDF_SYNCHRONIZATION_SCOPE */
export enum WdfSynchronizationScope {
  /** WdfSynchronizationScopeInvalid */
  Invalid = 0,
  /** WdfSynchronizationScopeInheritFromParent */
  InheritFromParent = 1,
  /** WdfSynchronizationScopeDevice */
  Device = 2,
  /** WdfSynchronizationScopeQueue */
  Queue = 3,
  /** WdfSynchronizationScopeNone */
  None = 4,
}

/** WDF_REQUEST_TYPE: the IRP's major function. */
export enum WdfRequestType {
  /** WdfRequestTypeCreate */
  Create = 0x0,
  /** WdfRequestTypeClose */
  Close = 0x2,
  /** WdfRequestTypeRead */
  Read = 0x3,
  /** WdfRequestTypeWrite */
  Write = 0x4,
  /** IRP_MJ_FLUSH_BUFFERS */
  FlushBuffers = 0x9,
  /** WdfRequestTypeDeviceControl */
  DeviceControl = 0xe,
  /** WdfRequestTypeDeviceControlInternal */
  DeviceControlInternal = 0xf,
  /** IRP_MJ_SHUTDOWN */
  Shutdown = 0x10,
  /** WdfRequestTypeCleanup */
  Cleanup = 0x12,
}

/** WDF_DISPATCH_IRP_TO_IO_QUEUE_FLAGS */
export enum WdfDispatchIrpToIoQueueFlags {
  /** WDF_DISPATCH_IRP_TO_IO_QUEUE_NO_FLAGS */
  None = 0,
  /** WDF_DISPATCH_IRP_TO_IO_QUEUE_INVOKE_INCALLERCTX_CALLBACK */
  InvokeInCallerContextCallback = 1,
  /** WDF_DISPATCH_IRP_TO_IO_QUEUE_PREPROCESSED_IRP */
  PreprocessedIrp = 2,
}

/** WDF_REQUEST_FORWARD_OPTIONS_FLAGS */
export enum WdfRequestForwardOptionsFlags {
  /** WDF_REQUEST_FORWARD_OPTION_SEND_AND_FORGET */
  SendAndForget = 1,
}

/** WDF_REQUEST_STOP_ACTION_FLAGS */
export enum WdfRequestStopAction {
  /** WdfRequestStopActionSuspend: the device leaves D0. */
  Suspend = 0x1,
  /** WdfRequestStopActionPurge: the device goes away. */
  Purge = 0x2,
  /** WdfRequestStopRequestCancelable: unmark before completing or requeuing. */
  RequestCancelable = 0x10000000,
}

/** WDF_IO_FORWARD_PROGRESS_RESERVED_POLICY */
export enum WdfIoForwardProgressReservedPolicy {
  /** WdfIoForwardProgressReservedPolicyAlwaysUseReservedRequest */
  AlwaysUseReservedRequest = 1,
  /** WdfIoForwardProgressReservedPolicyUseExamine */
  UseExamine = 2,
  /** WdfIoForwardProgressReservedPolicyPagingIO */
  PagingIO = 3,
}

/** WDF_IO_FORWARD_PROGRESS_ACTION */
export enum WdfIoForwardProgressAction {
  /** WdfIoForwardProgressActionFailRequest */
  FailRequest = 1,
  /** WdfIoForwardProgressActionUseReservedRequest */
  UseReservedRequest = 2,
}

/** POOL_TYPE, as far as drivers name them. */
export enum PoolType {
  /** NonPagedPool */
  NonPaged = 0,
  /** PagedPool */
  Paged = 1,
  /** NonPagedPoolNx */
  NonPagedNx = 512,
}

/** WDF_POWER_DEVICE_STATE */
export enum WdfPowerDeviceState {
  /** WdfPowerDeviceD0 */
  D0 = 1,
  /** WdfPowerDeviceD1 */
  D1 = 2,
  /** WdfPowerDeviceD2 */
  D2 = 3,
  /** WdfPowerDeviceD3 */
  D3 = 4,
  /** WdfPowerDeviceD3Final */
  D3Final = 5,
}
