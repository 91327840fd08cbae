// Bugchecks (Stops) the core can raise, with the first parameters that tell them apart.

/** KeBugCheckEx codes. */
export enum BugCheck {
  /** IRQL_NOT_GREATER_OR_EQUAL */
  IrqlNotGreaterOrEqual = 0x9,
  /** IRQL_NOT_LESS_OR_EQUAL */
  IrqlNotLessOrEqual = 0xa,
  /** MAXIMUM_WAIT_OBJECTS_EXCEEDED */
  MaximumWaitObjectsExceeded = 0xc,
  /** SPIN_LOCK_ALREADY_OWNED: the thread asks for a lock it holds (lock). */
  SpinLockAlreadyOwned = 0xf,
  /** SPIN_LOCK_NOT_OWNED: a lock is released that the thread does not hold (lock). */
  SpinLockNotOwned = 0x10,
  /** REFERENCE_BY_POINTER: an executive object was dereferenced more often than referenced (0, object). */
  ReferenceByPointer = 0x18,
  /** KERNEL_APC_PENDING_DURING_EXIT: a thread ended in a critical or guarded region, or above PASSIVE_LEVEL (0, count, IRQL). */
  KernelApcPendingDuringExit = 0x20,
  /** KMODE_EXCEPTION_NOT_HANDLED: a routine threw above PASSIVE_LEVEL or outside a system thread. */
  KmodeExceptionNotHandled = 0x1e,
  /** MULTIPLE_IRP_COMPLETE_REQUESTS */
  MultipleIrpCompleteRequests = 0x44,
  /** PAGE_FAULT_IN_NONPAGED_AREA: a pointer to something that is gone, or to nothing (address). */
  PageFaultInNonpagedArea = 0x50,
  /** UNEXPECTED_KERNEL_MODE_TRAP; parameter 1 is 8 (double fault) when a kernel stack is used up. */
  UnexpectedKernelModeTrap = 0x7f,
  /** SYSTEM_THREAD_EXCEPTION_NOT_HANDLED: a system thread's routine threw at PASSIVE_LEVEL. */
  SystemThreadExceptionNotHandled = 0x7e,
  /** DRIVER_POWER_STATE_FAILURE: a power transition has lasted too long (3, device, queue it waits for, request it waits for). */
  DriverPowerStateFailure = 0x9f,
  /** ATTEMPTED_SWITCH_FROM_DPC */
  AttemptedSwitchFromDpc = 0xb8,
  /** DRIVER_VERIFIER_DETECTED_VIOLATION; parameter 1 is a {@link DriverVerifierViolation}. */
  DriverVerifierDetectedViolation = 0xc4,
  /** DRIVER_UNLOADED_WITHOUT_CANCELLING_PENDING_OPERATIONS: a routine of a driver that is gone was called (routine, 8 execute). */
  DriverUnloadedWithoutCancelling = 0xce,
  /** DRIVER_IRQL_NOT_LESS_OR_EQUAL: paged or bad memory at DISPATCH_LEVEL or above (address, IRQL, 0 read / 1 write / 8 execute). */
  DriverIrqlNotLessOrEqual = 0xd1,
  /** WDF_VIOLATION; parameter 1 is a {@link WdfViolation}. */
  WdfViolation = 0x10d,
}

/** Parameter 1 of WDF_VIOLATION. */
export enum WdfViolation {
  /** WDF_POWER_ROUTINE_TIMED_OUT */
  PowerRoutineTimedOut = 0x1,
  /** WDF_RECURSIVE_LOCK; parameter 2 the object whose lock it is. */
  RecursiveLock = 0x2,
  /** WDF_VERIFIER_FATAL_ERROR: a request completed with references on its buffers (request, count). */
  VerifierFatalError = 0x3,
  /** WDF_REQUIRED_PARAMETER_IS_NULL */
  RequiredParameterIsNull = 0x4,
  /** WDF_INVALID_HANDLE (handle, wanted {@link ObjectKind}). */
  InvalidHandle = 0x5,
  /** WDF_REQUEST_FATAL_ERROR; parameter 2 is a {@link RequestFatalError}. */
  RequestFatalError = 0x6,
  /** WDF_OBJECT_ERROR */
  ObjectError = 0x7,
  /** WDF_QUEUE_FATAL_ERROR (queue, status). */
  QueueFatalError = 0xa,
  /** WDF_INVALID_LOCK_OPERATION (handle, 0 no lock on this object / 1 released by another thread). */
  InvalidLockOperation = 0xb,
  /** WDF_PNP_FATAL_ERROR */
  PnpFatalError = 0xc,
  /** WDF_VERIFIER_IRQL_MISMATCH (IRQL before, after). */
  IrqlMismatch = 0xe,
  /** WDF_VERIFIER_CRITICAL_REGION_MISMATCH */
  CriticalRegionMismatch = 0xf,
}

/** Parameter 2 of WDF_VIOLATION / WDF_REQUEST_FATAL_ERROR. */
export enum RequestFatalError {
  /** WDF_REQUEST_FATAL_ERROR_NO_MORE_STACK_LOCATIONS */
  NoMoreStackLocations = 1,
  /** WDF_REQUEST_FATAL_ERROR_NULL_IRP */
  NullIrp = 2,
  /** WDF_REQUEST_FATAL_ERROR_REQUEST_ALREADY_SENT */
  AlreadySent = 3,
  /** WDF_REQUEST_FATAL_ERROR_INFORMATION_LENGTH_MISMATCH */
  InformationLengthMismatch = 4,
  /** WDF_REQUEST_FATAL_ERROR_REQUEST_NOT_IN_QUEUE */
  NotInQueue = 5,
}

/** Parameter 1 of DRIVER_VERIFIER_DETECTED_VIOLATION. */
export enum DriverVerifierViolation {
  /** Paged pool allocated above APC_LEVEL (current level, pool type, bytes). */
  AllocatePagedTooHigh = 0x1,
  /** KeRaiseIrql to a lower level, or above HIGH_LEVEL (current level, asked level). */
  RaiseToLower = 0x30,
  /** KeLowerIrql to a higher level (current level, asked level). */
  LowerToHigher = 0x31,
  /** KeLeaveCriticalRegion, KeLeaveGuardedRegion: not entered (count). */
  RegionNotEntered = 0x3e,
  /** KeReleaseSpinLock not at DISPATCH_LEVEL (current level, lock). */
  ReleaseSpinLockNotAtDispatch = 0x32,
  /** ExAcquireFastMutex above APC_LEVEL (current level, mutex). */
  AcquireFastMutexTooHigh = 0x33,
  /** ExReleaseFastMutex not at APC_LEVEL (current level, mutex). */
  ReleaseFastMutexNotAtApc = 0x34,
  /** KeAcquireSpinLockAtDpcLevel below DISPATCH_LEVEL (current level, lock). */
  AcquireAtDpcTooLow = 0x40,
  /** KeReleaseSpinLockFromDpcLevel below DISPATCH_LEVEL (current level, lock). */
  ReleaseFromDpcTooLow = 0x41,
  /** KeAcquireSpinLock above DISPATCH_LEVEL (current level, lock). */
  AcquireSpinLockTooHigh = 0x42,
  /** A wait above DISPATCH_LEVEL (current level, object). */
  WaitTooHigh = 0x120,
  /** A wait for ever at DISPATCH_LEVEL (current level, object). */
  WaitAtDispatch = 0x121,
  /** A wait with a timeout that is not 0 at DISPATCH_LEVEL (current level, object). */
  WaitAtDispatchWithTimeout = 0x122,
  /** KeEnterCriticalRegion, KeEnterGuardedRegion above APC_LEVEL (current level). */
  EnterRegionTooHigh = 0x11a,
  /** KeLeaveCriticalRegion, KeLeaveGuardedRegion above APC_LEVEL (current level). */
  LeaveRegionTooHigh = 0x11b,
  /** The rule IrqlExPassive: ExCreateCallback at DISPATCH_LEVEL or above. */
  IrqlExPassive = 0x20008,
}
