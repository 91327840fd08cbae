// What `checkInvariants` answers: 0, or the first relation between records that does not hold.

export enum Invariant {
  /** All of them hold. */
  Good = 0,
  /** A ring of a queue is torn: a node's neighbours do not point back at it, or the ring does not come round. */
  RingTorn = 1,
  /** An undelivered request's place or queue is not that of the ring it is on. */
  QueuedMisplaced = 2,
  /** queuedCount is not the length of the ring. */
  QueuedCount = 3,
  /** A driver-owned request's place or queue is not that of the ring it is on. */
  OwnedMisplaced = 4,
  /** driverCount is less than its rings hold, or, while nothing runs, more. */
  DriverCount = 5,
  /** A node of a cancel ring is not the extension of a driver-owned request of the queue. */
  CancelMisplaced = 6,
  /** A request on a cancel ring without the bit for it, or with both bits. */
  CancelUnmarked = 7,
  /** As many requests say that they are queued as are on rings: no. */
  QueuedStray = 8,
  /** The same for driver-owned ones. */
  OwnedStray = 9,
  /** The same for cancelable ones, and those whose cancel callback is due. */
  CancelStray = 10,
  /** The gate of a queue is not what its facts amount to. */
  GateStale = 11,
  /** The list of free entries does not lead from its oldest to its newest entry in as many steps as it counts. */
  FreeListTorn = 12,
  /** An entry on the list of free ones is in use, or has an extension. */
  FreeInUse = 13,
  /** An entry that is not in use is not on the list. */
  FreeLost = 14,
  /** An entry's own handle does not lead to it. */
  HandleWrong = 15,
  /** An object without a life, or with that of another. */
  LifeWrong = 16,
  /** An object is not among its parent's children, or is among some without having a parent. */
  ChildTorn = 17,
  /** A child names another parent, or is gone. */
  ChildMisplaced = 18,
  /** A ring of an I/O target is torn. */
  TargetTorn = 19,
  /** A request on a ring of a target is not out at that target, or not in the way that ring stands for. */
  TargetMisplaced = 20,
  /** As many requests say that they are out as are on rings of targets: no. */
  TargetStray = 21,
  /** A target does not count as many requests as are on its rings. */
  TargetCount = 22,
}
