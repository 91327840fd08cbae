// What the host may know of a device.

/** How far a device has come (PnP states the framework's DDIs ask about). */
export enum DeviceState {
  /** Made, not started: queues may be routed. */
  Init = 0,
  /** In D0. */
  Started = 1,
  /** Its queues have been purged for good; IRPs pass it by. */
  Removed = 2,
  /** In Dx, because the system sleeps. */
  Asleep = 3,
  /** Between IRP_MN_STOP_DEVICE and the next start. */
  Stopped = 4,
  /** Surprise removed; the remove IRP is still to come. */
  Surprised = 5,
  /** A start or power-up callback failed. */
  Failed = 6,
  /** In Dx while the system works, because nothing needs it. */
  Idle = 7,
}
