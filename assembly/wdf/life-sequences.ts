// What happens in the life of a device, as sequences: device-life.ts says when, and does it.

import { PnpIrp } from "../abi/event";
import { DeviceState } from "./device";

/** One thing that happens in the life of a device. */
export enum LifeOp {
  End = 0,
  PrepareHardware = 1,
  D0Entry = 2,
  PostInterrupts = 3,
  Resume = 4,
  ManagedStart = 5,
  ManagedSuspend = 6,
  Hold = 7,
  PreInterrupts = 8,
  D0Exit = 9,
  ReleaseHardware = 10,
  PurgeManaged = 12,
  ManagedFlush = 13,
  PurgeOthers = 14,
  ManagedCleanup = 15,
  QueryStop = 16,
  QueryRemove = 17,
  /** The device is given up: it waits for its removal. */
  GiveUp = 18,
  /** EvtCleanup of all objects below the device, then its own. */
  Dispose = 19,
  DestroyChildren = 20,
  /** The IRP is answered before the device itself is destroyed. */
  Answer = 21,
  Delete = 22,
  ConnectInterrupts = 23,
  DisconnectInterrupts = 24,
  /** Those that stayed connected while the device slept. */
  DisconnectInactive = 25,
  /** Arming to wake, and what follows (wake.ts). */
  ArmWake = 26,
  RevertArming = 27,
  TellTriggered = 28,
  DisarmWake = 29,
  /** A child that is still reported is not destroyed when it is removed (pdo.ts). */
  Stay = 30,
  /** What has to be in D0 as well (pdo.ts). */
  HoldNeeded = 31,
  ReleaseNeeded = 32,
  /** EvtChildListScanForChildren of all child lists (child-list.ts). */
  ScanForChildren = 33,
  /** EvtDeviceEject */
  Eject = 34,
}

// The sequences, one LifeOp a byte. Numbers because static data takes nothing else; the table above says them in words.
const NOTHING = memory.data<u8>([0]);
const START = memory.data<u8>([1, 31, 2, 23, 3, 28, 29, 4, 5, 33, 0]);
const POWER_UP = START + 1;
/** Out of D0, to come back. */
const POWER_DOWN = memory.data<u8>([6, 7, 26, 27, 8, 24, 9, 32, 0]);
/** An idle device that is to be disarmed, or to be armed for the system. */
const SLEEP_IDLE = memory.data<u8>([31, 2, 23, 3, 28, 29, 4, 5, 33, 6, 7, 26, 27, 8, 24, 9, 32, 0]);
const STOP = memory.data<u8>([6, 7, 8, 24, 9, 32, 10, 0]);
const SURPRISE = memory.data<u8>([6, 7, 8, 24, 9, 32, 10, 12, 13, 0]);
const SURPRISE_ASLEEP = memory.data<u8>([25, 10, 12, 13, 0]);
const REMOVE_IDLE = memory.data<u8>([31, 2, 23, 3, 28, 29, 4, 5, 6, 7, 8, 24, 9, 32, 25, 10, 12, 13, 14, 15, 30, 19, 20, 21, 22, 0]);
const REMOVE = REMOVE_IDLE + 8;
/** The same from DisconnectInactive, from the purge of managed queues, and from the purge of the others on. */
const REMOVE_ASLEEP = REMOVE + 6;
const REMOVE_STOPPED = REMOVE + 8;
const REMOVE_SURPRISED = REMOVE + 10;
/** What gives a device up, from Hold, DisconnectInterrupts, ReleaseNeeded, the purge, and from its end on. */
export const UNDO = memory.data<u8>([7, 8, 24, 9, 32, 10, 12, 13, 18, 0]);
export const UNDO_D0ENTRY = UNDO + 2;
export const UNDO_PREPARE = UNDO + 4;
export const PURGE = UNDO + 6;
const GIVE_UP = UNDO + 8;
/** Queries, which an idle device hears in D0 only. */
const QUERY_STOP_IDLE = memory.data<u8>([31, 2, 23, 3, 28, 29, 4, 5, 16, 0]);
const QUERY_REMOVE_IDLE = memory.data<u8>([31, 2, 23, 3, 28, 29, 4, 5, 17, 0]);
const QUERY_STOP = QUERY_STOP_IDLE + 8;
const QUERY_REMOVE = QUERY_REMOVE_IDLE + 8;
const EJECT = memory.data<u8>([34, 0]);
/** An idle device is stopped. */
const STOP_IDLE = memory.data<u8>([25, 10, 0]);

/** What an IRP brings a device in that state; `disarms`: it has to come to D0 before the system sleeps. */
export function sequenceOf(irp: PnpIrp, state: DeviceState, disarms: bool): usize {
  const on = state == DeviceState.Started;
  const failed = state == DeviceState.Failed;
  const idle = state == DeviceState.Idle;
  switch (irp) {
    case PnpIrp.StartDevice:
      return failed ? GIVE_UP : START;
    case PnpIrp.SetPowerSx:
      if (idle && disarms) return SLEEP_IDLE;
      return on ? POWER_DOWN : NOTHING;
    case PnpIrp.SetPowerDx:
      return on ? POWER_DOWN : NOTHING;
    case PnpIrp.SetPowerD0:
      return idle || state == DeviceState.Asleep ? POWER_UP : NOTHING;
    case PnpIrp.QueryStop:
      if (idle) return QUERY_STOP_IDLE;
      return failed ? NOTHING : QUERY_STOP;
    case PnpIrp.QueryRemove:
      if (idle) return QUERY_REMOVE_IDLE;
      return failed ? NOTHING : QUERY_REMOVE;
    case PnpIrp.StopDevice:
      if (idle) return STOP_IDLE;
      return on ? STOP : NOTHING;
    case PnpIrp.Eject:
      return EJECT;
    case PnpIrp.SurpriseRemoval:
      if (failed) return NOTHING;
      return on ? SURPRISE : SURPRISE_ASLEEP;
    case PnpIrp.RemoveDevice:
      if (on) return REMOVE;
      if (idle) return REMOVE_IDLE;
      if (state == DeviceState.Surprised || failed) return REMOVE_SURPRISED;
      return state == DeviceState.Asleep ? REMOVE_ASLEEP : REMOVE_STOPPED;
    default:
      return NOTHING;
  }
}

