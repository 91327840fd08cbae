// Which kind of handler a major function asks for.

import { RoutineKind } from "../abi/event";
import { WdfRequestType } from "../abi/wdf";

/** A RoutineKind from IoRead to IoDefault. */
export function kindOfMajor(major: u32): u32 {
  switch (major) {
    case WdfRequestType.Read as u32:
      return RoutineKind.IoRead;
    case WdfRequestType.Write as u32:
      return RoutineKind.IoWrite;
    case WdfRequestType.DeviceControl as u32:
      return RoutineKind.IoDeviceControl;
    case WdfRequestType.DeviceControlInternal as u32:
      return RoutineKind.IoInternalDeviceControl;
    default:
      return RoutineKind.IoDefault;
  }
}

/** True for the four major functions that reach queues through the routing table. */
export function isQueued(major: u32): bool {
  return kindOfMajor(major) != (RoutineKind.IoDefault as u32);
}
