// The bits of a request: what it is, where it is, and what the framework and its verifier remember about it.

/** Kinds of object a handle can stand for, in the lowest five bits of an entry. */
export enum ObjectKind {
  None = 0,
  /** WDFREQUEST */
  Request = 1,
  /** WDFQUEUE */
  Queue = 2,
  /** WDFDEVICE */
  Device = 3,
  /** WDFDRIVER */
  Driver = 4,
  /** WDFFILEOBJECT */
  FileObject = 5,
  /** WDFOBJECT */
  Object = 6,
  /** WDFCOLLECTION */
  Collection = 7,
  /** WDFSTRING */
  String = 8,
  /** WDFLOOKASIDE */
  Lookaside = 9,
  /** WDFMEMORY */
  Memory = 10,
  /** WDFIOTARGET */
  IoTarget = 11,
  /** WDFTIMER, KTIMER */
  Timer = 12,
  /** WDFDPC, KDPC */
  Dpc = 13,
  /** WDFWORKITEM */
  WorkItem = 14,
  /** WDFSPINLOCK */
  SpinLock = 15,
  /** WDFWAITLOCK */
  WaitLock = 16,
  /** WDFINTERRUPT */
  Interrupt = 17,
  /** WDFCHILDLIST */
  ChildList = 18,
  /** WDFKEY */
  Key = 21,
  /** KEVENT, KSEMAPHORE, KMUTEX, KSPIN_LOCK, FAST_MUTEX, KGUARDED_MUTEX, KTHREAD (KernelType) */
  KernelObject = 28,
  /** PCALLBACK_OBJECT */
  CallbackObject = 29,
  /** PFILE_OBJECT */
  WdmFileObject = 30,
  /** What ExRegisterCallback returns. */
  CallbackRegistration = 31,
}

/** Kinds up to this one are framework objects (WDFOBJECT); those above are the kernel's and the executive's. */
export const LAST_FRAMEWORK_KIND: u32 = 27;

/** The lowest five bits of every entry's bits. */
export const KIND_MASK: u32 = 0x1f;

/**
 * Where a request is, in bits 5 to 7. Exactly one place at a time.
 *
 *   place      on which ring              who may complete it
 *   ────────── ────────────────────────── ─────────────────────────────────────────────
 *   Transit    none                       the framework, which is about to place it
 *   Queued     queue.queued               the framework (cancel, purge)
 *   Owned      queue.owned (or a power    the driver; when marked cancelable also its EvtRequestCancel
 *              partition of it)
 *   Caller     none                       the driver, in or after EvtIoInCallerContext
 *   Reserved   none                       nobody: a reserved request without an IRP
 *   Postponed  queue's postponed ring     the framework: an IRP that waits for a reserved request
 *   Gone       none                       nobody: completed, kept alive by references only
 *   Below      none                       a driver that is not the framework's: the device below (wdf/lower.ts)
 */
export enum RequestPlace {
  Transit = 0 << 5,
  Queued = 1 << 5,
  Owned = 2 << 5,
  Caller = 3 << 5,
  Reserved = 4 << 5,
  Postponed = 5 << 5,
  Gone = 6 << 5,
  Below = 7 << 5,
}

/** Bits 5 to 7. */
export const PLACE_MASK: u32 = 7 << 5;

/** Bits 8 to 12: the IRP's major function. */
export const MAJOR_SHIFT: u32 = 8;
export const MAJOR_MASK: u32 = 0x1f << 8;

/** Single facts. */
export enum RequestBits {
  /** The driver has seen it at least once. */
  Presented = 1 << 13,
  /** The framework has begun to cancel it (m_Canceled). Not the same as IrpCanceled. */
  Canceled = 1 << 14,
  /** The sender has asked for cancellation (Irp->Cancel). */
  IrpCanceled = 1 << 15,
  /** Made by WdfIoQueueAssignForwardProgressPolicy; used again and again. */
  Reserved = 1 << 16,
  /** EvtIoStop was answered: keep it. */
  StopAcknowledged = 1 << 17,
  /** EvtIoStop was answered: put it back. */
  StopRequeue = 1 << 18,
  /** On the queue's ring of cancelable requests. */
  Cancelable = 1 << 19,
  /** On the queue's ring of requests whose cancel callback is due. */
  CancelDue = 1 << 20,
  /** Something beyond the record has to be seen to when it ends: callbacks, children, references. */
  Attached = 1 << 21,
  /** Sent by a kernel-mode sender. */
  KernelMode = 1 << 22,
  /** IRP_PAGING_IO */
  Paging = 1 << 23,

  /** FXREQUEST_FLAG_DRIVER_OWNED */
  VerifierOwned = 1 << 24,
  /** FXREQUEST_FLAG_DRIVER_CANCELABLE: from a mark until an Unmark that succeeds. */
  VerifierCancelable = 1 << 25,
  /** FXREQUEST_FLAG_CANCELLED: a cancel callback has been called. */
  VerifierCancelled = 1 << 26,
  /** FXREQUEST_FLAG_DRIVER_INPROCESS_CONTEXT: not yet enqueued by EvtIoInCallerContext. */
  VerifierInCaller = 1 << 27,
  /** FXREQUEST_FLAG_DRIVER_IN_EVTIOSTOP_CONTEXT: since EvtIoStop, until the answer is processed. */
  VerifierInStop = 1 << 28,
  /** FXREQUEST_FLAG_TAG_REQUEST: given out by WdfIoQueueFindRequest. */
  VerifierTag = 1 << 29,
  /** The request has an extension. */
  Extended = 1 << 30,
  /** Its buffers are addresses that cannot be locked. */
  BadBuffer = 1 << 31,
}
