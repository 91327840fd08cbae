// Objects of the kernel: what they are, and the words of its functions.

/** What a kernel object is (KOBJECTS, and locks that Windows has no type for). */
export enum KernelType {
  None = 0,
  /** KEVENT, NotificationEvent: releases all who wait, and stays set. */
  NotificationEvent = 1,
  /** KEVENT, SynchronizationEvent: releases one, and clears itself. */
  SynchronizationEvent = 2,
  /** KSEMAPHORE */
  Semaphore = 3,
  /** KMUTEX */
  Mutex = 4,
  /** KTHREAD: set when it has ended. */
  Thread = 5,
  /** KTIMER, NotificationTimer */
  NotificationTimer = 6,
  /** KTIMER, SynchronizationTimer */
  SynchronizationTimer = 7,
  /** FAST_MUTEX */
  FastMutex = 8,
  /** KGUARDED_MUTEX */
  GuardedMutex = 9,
  /** KSPIN_LOCK, WDFSPINLOCK, the lock of an interrupt */
  SpinLock = 10,
  /** WDFWAITLOCK, the lock of a passive-level interrupt */
  WaitLock = 11,
}

/** EVENT_TYPE */
export enum EventType {
  /** NotificationEvent */
  NotificationEvent = 0,
  /** SynchronizationEvent */
  SynchronizationEvent = 1,
}

/** WAIT_TYPE */
export enum WaitType {
  /** WaitAll: until all are set at once, then takes all. */
  WaitAll = 0,
  /** WaitAny: until one is set, then takes the first of them. */
  WaitAny = 1,
}

/** KPROCESSOR_MODE */
export enum ProcessorMode {
  /** KernelMode */
  KernelMode = 0,
  /** UserMode */
  UserMode = 1,
}

/** Timeout words of a wait: whether there is one, then 64 bits in units of 100 ns. */
export enum Timeout {
  /** NULL: wait for ever. */
  None = 0,
  Given = 1,
}

/** MAXIMUM_WAIT_OBJECTS */
export const WAIT_OBJECTS_MAX: u32 = 64;
/** THREAD_WAIT_OBJECTS: as many without an array of wait blocks. */
export const THREAD_WAIT_OBJECTS: u32 = 3;
