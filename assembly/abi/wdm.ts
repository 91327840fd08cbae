// The kernel's own enums, with the prefixes of the C names dropped. Values are Microsoft's (wdm.h).

/** KDPC_IMPORTANCE */
export enum DpcImportance {
  /** LowImportance */
  Low = 0,
  /** MediumImportance */
  Medium = 1,
  /** HighImportance */
  High = 2,
  /** MediumHighImportance */
  MediumHigh = 3,
}

/** TIMER_TYPE */
export enum TimerType {
  /** NotificationTimer */
  Notification = 0,
  /** SynchronizationTimer */
  Synchronization = 1,
}
