// I/O targets: states, options, and the structures that cross the seam when a request is formatted and comes back.

/** WDF_IO_TARGET_STATE */
export enum WdfIoTargetState {
  Undefined = 0,
  Started = 1,
  Stopped = 2,
  ClosedForQueryRemove = 3,
  Closed = 4,
  Deleted = 5,
  Purged = 6,
}

/** WDF_IO_TARGET_SENT_IO_ACTION: what WdfIoTargetStop does with requests that are out. */
export enum WdfIoTargetSentIoAction {
  /** WdfIoTargetCancelSentIo: cancel, then wait. */
  CancelSentIo = 1,
  /** WdfIoTargetWaitForSentIoToComplete */
  WaitForSentIoToComplete = 2,
  /** WdfIoTargetLeaveSentIoPending */
  LeaveSentIoPending = 3,
}

/** WDF_IO_TARGET_PURGE_IO_ACTION */
export enum WdfIoTargetPurgeIoAction {
  /** WdfIoTargetPurgeIoAndWait */
  PurgeIoAndWait = 1,
  /** WdfIoTargetPurgeIo */
  PurgeIo = 2,
}

/** WDF_IO_TARGET_OPEN_TYPE */
export enum WdfIoTargetOpenType {
  Undefined = 0,
  /** WdfIoTargetOpenUseExistingDevice */
  UseExistingDevice = 1,
  /** WdfIoTargetOpenByName */
  ByName = 2,
  /** WdfIoTargetOpenReopen */
  Reopen = 3,
}

/** Where the callbacks of WDF_IO_TARGET_OPEN_PARAMS stand in the scratch area. */
export enum TargetOpenWord {
  EvtIoTargetQueryRemove = 16,
  EvtIoTargetRemoveCanceled = 17,
  EvtIoTargetRemoveComplete = 18,
}

/** What the PnP manager says of the device a target leads to. */
export enum TargetEvent {
  /** GUID_TARGET_DEVICE_QUERY_REMOVE */
  QueryRemove = 1,
  /** GUID_TARGET_DEVICE_REMOVE_CANCELLED */
  RemoveCanceled = 2,
  /** GUID_TARGET_DEVICE_REMOVE_COMPLETE */
  RemoveComplete = 3,
}

/** WDF_REQUEST_SEND_OPTIONS_FLAGS */
export enum WdfRequestSendOption {
  /** WDF_REQUEST_SEND_OPTION_TIMEOUT */
  Timeout = 1,
  /** WDF_REQUEST_SEND_OPTION_SYNCHRONOUS */
  Synchronous = 2,
  /** WDF_REQUEST_SEND_OPTION_IGNORE_TARGET_STATE */
  IgnoreTargetState = 4,
  /** WDF_REQUEST_SEND_OPTION_SEND_AND_FORGET */
  SendAndForget = 8,
}

/** WDF_REQUEST_REUSE_FLAGS */
export enum WdfRequestReuseFlag {
  /** WDF_REQUEST_REUSE_SET_NEW_IRP */
  SetNewIrp = 1,
  /** WDF_REQUEST_REUSE_MUST_COMPLETE */
  MustComplete = 2,
}

/** WdfRequestTypeNoFormat: the type of a request that no target has formatted. */
export const WDF_REQUEST_TYPE_NO_FORMAT: u32 = 0xff;

/** What WdfRequestFormatRequest..., WdfIoTargetFormatRequest... and WdfIoTargetSend...Synchronously pass in the scratch area. */
export enum FormatWord {
  /** Major function of the next stack location. */
  Major = 16,
  Code = 17,
  /** The buffer of a read or write, the output of a device control: a WDFMEMORY or 0. */
  Memory = 18,
  /** 1 when a WDFMEMORY_OFFSET goes with it. */
  HasOffset = 19,
  Offset = 20,
  Length = 21,
  /** The input of a device control. */
  InputMemory = 22,
  HasInputOffset = 23,
  InputOffset = 24,
  InputLength = 25,
  /** DeviceOffset of a read or write, low and high. */
  DeviceOffsetLow = 26,
  DeviceOffsetHigh = 27,
  /** Bytes of a buffer that is no WDFMEMORY (WDF_MEMORY_DESCRIPTOR), with Memory 0. */
  BufferLength = 28,
  InputBufferLength = 29,
  /** The numbers under which the host lends their bytes: from {@link LENT_BYTES} on. */
  Buffer = 30,
  InputBuffer = 31,
}

/** Where the numbers of lent bytes begin: above all handles. */
export const LENT_BYTES: u32 = 0x40000000;

/** WDF_REQUEST_SEND_OPTIONS in the scratch area. */
export enum SendOptionsWord {
  /** 0 for WDF_NO_SEND_OPTIONS. */
  Present = 32,
  Size = 33,
  Flags = 34,
  /** Timeout in units of 100 ns, low and high; negative: from now. */
  TimeoutLow = 35,
  TimeoutHigh = 36,
}

/** WDF_REQUEST_REUSE_PARAMS in the scratch area. */
export enum ReuseWord {
  Size = 16,
  Flags = 17,
  Status = 18,
  /** 1 when NewIrp is not NULL. */
  NewIrp = 19,
}

/** WDF_REQUEST_COMPLETION_PARAMS as the core writes it into the scratch area before it calls a completion routine. */
export enum CompletionWord {
  Type = 16,
  Status = 17,
  Information = 18,
  Memory = 19,
  Length = 20,
  Offset = 21,
  Code = 22,
  InputMemory = 23,
  InputOffset = 24,
}
