// How structures cross the seam: the host writes words into the scratch area, then calls.
//
//   scratch  ┬ words 0-15   WDF_OBJECT_ATTRIBUTES          (AttributesWord)
//            └ words 16-95  the structure of the DDI       (QueueConfigWord, ...)
//
// Callbacks are numbers the host gave out; 0 is NULL.

/** Words of the scratch area. */
export const SCRATCH_WORDS: u32 = 96;
/** Where the structure of the DDI begins. */
export const CONFIG_WORD: u32 = 16;

/** What stands in for sizeof: a structure whose Size word is anything else is refused. */
export const STRUCTURE_SIZE: u32 = 1;

/** WDF_OBJECT_ATTRIBUTES */
export enum AttributesWord {
  /** 0 for WDF_NO_OBJECT_ATTRIBUTES. */
  Present = 0,
  Size = 1,
  ExecutionLevel = 2,
  SynchronizationScope = 3,
  ParentObject = 4,
  EvtCleanupCallback = 5,
  EvtDestroyCallback = 6,
  /** 0 for no context type. */
  ContextType = 7,
  /** Size word of the context type. */
  ContextTypeSize = 8,
  /** Bytes of the context. */
  ContextSize = 9,
  /** 1 when the context type has a name. */
  ContextNamed = 10,
  ContextSizeOverride = 11,
  /** The driver that calls, 0 when there is only one. */
  Driver = 12,
}

/** WDF_IO_QUEUE_CONFIG */
export enum QueueConfigWord {
  Size = 16,
  DispatchType = 17,
  PowerManaged = 18,
  AllowZeroLengthRequests = 19,
  DefaultQueue = 20,
  EvtIoDefault = 21,
  EvtIoRead = 22,
  EvtIoWrite = 23,
  EvtIoDeviceControl = 24,
  EvtIoInternalDeviceControl = 25,
  EvtIoStop = 26,
  EvtIoResume = 27,
  EvtIoCanceledOnQueue = 28,
  NumberOfPresentedRequests = 29,
  /** 1 when the caller gave a place for the handle. */
  WantsHandle = 30,
}

/** WDFDEVICE_INIT, as far as the core has to know it. */
export enum DeviceInitWord {
  Filter = 16,
  EvtIoInCallerContext = 17,
  /** From here on WDF_PNPPOWER_EVENT_CALLBACKS, in the order of the device record. */
  EvtDeviceD0Entry = 18,
  EvtDeviceD0Exit = 19,
  EvtDeviceSelfManagedIoInit = 20,
  EvtDevicePrepareHardware = 21,
  EvtDeviceReleaseHardware = 22,
  EvtDeviceD0EntryPostInterruptsEnabled = 23,
  EvtDeviceD0ExitPreInterruptsDisabled = 24,
  EvtDeviceSelfManagedIoRestart = 25,
  EvtDeviceSelfManagedIoSuspend = 26,
  EvtDeviceSelfManagedIoFlush = 27,
  EvtDeviceSelfManagedIoCleanup = 28,
  EvtDeviceSurpriseRemoval = 29,
  EvtDeviceQueryRemove = 30,
  EvtDeviceQueryStop = 31,
  /** WdfDeviceIoType of reads and writes */
  IoType = 32,
  /** The device of the bus driver that makes this one, 0 unless it is a PDO. */
  ParentDevice = 46,
  /** 1 after WdfPdoInitAllowForwardingRequestToParent. */
  ForwardsToParent = 47,
  /** Type of the context every request of the device has, 0 for none, and its callbacks. */
  RequestContext = 33,
  EvtRequestCleanup = 34,
  EvtRequestDestroy = 35,
  /** From here on WDF_POWER_POLICY_EVENT_CALLBACKS, in the order of the device record. */
  EvtDeviceArmWakeFromS0 = 48,
  EvtDeviceDisarmWakeFromS0 = 49,
  EvtDeviceWakeFromS0Triggered = 50,
  EvtDeviceArmWakeFromSx = 51,
  EvtDeviceArmWakeFromSxWithReason = 52,
  EvtDeviceDisarmWakeFromSx = 53,
  EvtDeviceWakeFromSxTriggered = 54,
  /** WDF_PDO_EVENT_CALLBACKS.EvtDeviceEject */
  EvtDeviceEject = 55,
  /** 1 after WdfDeviceInitSetExclusive. */
  Exclusive = 60,
  /** 1 after WdfDeviceInitSetFileObjectConfig; from here on WDF_FILEOBJECT_CONFIG and its attributes. */
  FileConfigured = 61,
  FileObjectClass = 62,
  AutoForwardCleanupClose = 63,
  EvtDeviceFileCreate = 64,
  EvtFileCleanup = 65,
  EvtFileClose = 66,
  FileContext = 67,
  EvtFileObjectCleanup = 68,
  EvtFileObjectDestroy = 69,
  /** WdfSynchronizationScope of the file callbacks; 0 when there are no attributes. */
  FileScope = 70,
}

/** WDF_REQUEST_FORWARD_OPTIONS */
export enum ForwardOptionsWord {
  Size = 16,
  Flags = 17,
}

/** WDF_REQUEST_PARAMETERS, as the core fills them in. */
export enum ParametersWord {
  /** The IRP's major function. */
  Type = 16,
  /** Parameters.Read.Length, Parameters.Write.Length, Parameters.DeviceIoControl.OutputBufferLength */
  Length = 17,
  InputLength = 18,
  IoControlCode = 19,
  /** 1 when Type3InputBuffer is not NULL. */
  Type3InputBuffer = 20,
  OffsetLow = 21,
  OffsetHigh = 22,
  Key = 23,
}

/** Bits of an IRP that the sender decides. */
export enum SendFlag {
  /** KernelMode requestor. */
  KernelMode = 1,
  /** IRP_PAGING_IO */
  Paging = 2,
  /** Cancelled before it is sent. */
  Canceled = 4,
  /** The words of IrpWord have been written. */
  Located = 8,
  /** Its buffers are addresses that cannot be locked. */
  BadBuffer = 16,
}

/** What only some IRPs have beside their lengths: SendFlag.Located. */
export enum IrpWord {
  /** Parameters.Read.DeviceOffset, Parameters.Write.DeviceOffset */
  OffsetLow = 16,
  OffsetHigh = 17,
  /** Parameters.Read.Key, Parameters.Write.Key */
  Key = 18,
  /** IoStatus.Status as the sender left it. */
  Status = 19,
}

/** WDF_IO_QUEUE_FORWARD_PROGRESS_POLICY */
export enum ProgressPolicyWord {
  Size = 16,
  Policy = 17,
  TotalForwardProgressRequests = 18,
  EvtIoAllocateRequestResources = 19,
  EvtIoAllocateResourcesForReservedRequest = 20,
  EvtIoWdmIrpForForwardProgress = 21,
}

/** WDF_TIMER_CONFIG */
export enum TimerConfigWord {
  Size = 16,
  EvtTimerFunc = 17,
  Period = 18,
  AutomaticSerialization = 19,
  TolerableDelay = 20,
  UseHighResolutionTimer = 21,
}

/** WDF_DPC_CONFIG */
export enum DpcConfigWord {
  Size = 16,
  EvtDpcFunc = 17,
  AutomaticSerialization = 18,
}

/** WDF_WORKITEM_CONFIG */
export enum WorkItemConfigWord {
  Size = 16,
  EvtWorkItemFunc = 17,
  AutomaticSerialization = 18,
}

/** WDF_DEVICE_POWER_POLICY_IDLE_SETTINGS */
export enum IdleSettingsWord {
  Size = 16,
  IdleCaps = 17,
  DxState = 18,
  /** Milliseconds; 0 for IdleTimeoutDefaultValue. */
  IdleTimeout = 19,
  UserControlOfIdleSettings = 20,
  Enabled = 21,
  PowerUpIdleDeviceOnSystemWake = 22,
  IdleTimeoutType = 23,
}

/** WDF_DEVICE_POWER_POLICY_WAKE_SETTINGS */
export enum WakeSettingsWord {
  Size = 16,
  DxState = 17,
  UserControlOfWakeSettings = 18,
  Enabled = 19,
  ArmForWakeIfChildrenAreArmedForWake = 20,
  /** Not used: children hear of their own wake only. */
  IndicateChildWakeOnParentWake = 21,
}

/** WDF_INTERRUPT_CONFIG */
export enum InterruptConfigWord {
  Size = 16,
  EvtInterruptIsr = 17,
  EvtInterruptDpc = 18,
  EvtInterruptWorkItem = 19,
  EvtInterruptEnable = 20,
  EvtInterruptDisable = 21,
  AutomaticSerialization = 22,
  PassiveHandling = 23,
  SpinLock = 24,
  WaitLock = 25,
  ShareVector = 26,
  ReportInactiveOnPowerDown = 27,
  CanWakeDevice = 28,
  InterruptRaw = 29,
  InterruptTranslated = 30,
}
