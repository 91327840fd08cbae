// A device: who gets which IRP.
//
//   routes[major]   the queue IRPs of that major function go to; creating the default queue fills the empty ones,
//                   WdfDeviceConfigureRequestDispatching overwrites one
//   createQueue     the queue create requests go to, when the driver has named one
//
// Source: fxpkgio.cpp (m_DispatchTable, InitializeDefaultQueue, ConfigureForwarding), fxpkggeneral.cpp.

import { DeviceState } from "../abi/device";
import { PnpIrp } from "../abi/event";
import { MAJOR_FUNCTION_COUNT } from "../abi/layout";
import { Timer } from "../nt/clock";
import { DeferredCall } from "../nt/deferred";
import { Links } from "../nt/links";
import { CallbackLock } from "./callback-lock";
import { Queue, queueAt } from "./queue";
import { Extension, Request } from "./request";

export { DeviceState } from "../abi/device";

@unmanaged
export class Device {
  /** The next device, in creation order; first word, so that free records chain through it. */
  nextDevice: usize;
  handle: u32;
  state: u32;
  /** Not 0 when an IRP has to be looked at before it may go straight to its queue (filter, callbacks). */
  gate: u32;
  /** 1 after WdfFdoInitSetFilter. */
  filter: u32;
  /** 1 while its I/O is powered: new power-managed queues are born On. */
  poweredOn: u32;
  /** Which queues are purged for removal: new ones are born refusing. */
  purgedManaged: u32;
  purgedAll: u32;
  executionLevel: u32;
  /** WdfDeviceIoType: where the buffers of reads and writes are. */
  ioType: u32;
  synchronizationScope: u32;
  firstQueue: usize;
  lastQueue: usize;
  /** Interrupts, in creation order, and how many there have been. */
  firstInterrupt: usize;
  lastInterrupt: usize;
  interruptCount: u32;
  defaultQueue: usize;
  createQueue: usize;
  /** The framework's own queue of create requests, for EvtDeviceFileCreate; 0 when there is none. */
  internalCreateQueue: usize;
  /** WdfDeviceInitSetExclusive */
  exclusive: u32;
  /** Opens that have not been closed. */
  openHandles: u32;
  /** The WDFFILEOBJECT made last. */
  newestFile: u32;
  // WDF_FILEOBJECT_CONFIG: see wdf/file-package.ts.
  fileClass: u32;
  autoForward: u32;
  evtFileCreate: u32;
  evtFileCleanup: u32;
  evtFileClose: u32;
  fileContext: u32;
  evtFileObjectCleanup: u32;
  evtFileObjectDestroy: u32;
  /** The callback lock around the file callbacks, or 0. */
  fileLock: usize;
  /** WdfDeviceInitSetRequestAttributes: the context type every request is born with, and its callbacks. */
  requestContext: u32;
  evtRequestCleanup: u32;
  evtRequestDestroy: u32;
  evtIoInCallerContext: u32;
  // WDF_PNPPOWER_EVENT_CALLBACKS, in the order of DeviceInitWord.
  evtD0Entry: u32;
  evtD0Exit: u32;
  evtSelfManagedIoInit: u32;
  evtPrepareHardware: u32;
  evtReleaseHardware: u32;
  evtD0EntryPostInterruptsEnabled: u32;
  evtD0ExitPreInterruptsDisabled: u32;
  evtSelfManagedIoRestart: u32;
  evtSelfManagedIoSuspend: u32;
  evtSelfManagedIoFlush: u32;
  evtSelfManagedIoCleanup: u32;
  evtSurpriseRemoval: u32;
  evtQueryRemove: u32;
  evtQueryStop: u32;
  /** 1 once EvtDeviceSelfManagedIoInit has been called: from then on it is EvtDeviceSelfManagedIoRestart. */
  managedStarted: u32;
  /** How many things are under way: a PnP or power IRP that is being worked on, a work item that will wake the device. */
  changing: u32;
  /** Threads whose IRP waits until nothing is: a list head of three words. */
  lifeWaitHead: u32;
  lifeWaitNext: u32;
  lifeWaitPrev: u32;
  // WDF_POWER_POLICY_EVENT_CALLBACKS, in the order of DeviceInitWord (wake.ts).
  evtArmWakeFromS0: u32;
  evtDisarmWakeFromS0: u32;
  evtWakeFromS0Triggered: u32;
  evtArmWakeFromSx: u32;
  evtArmWakeFromSxWithReason: u32;
  evtDisarmWakeFromSx: u32;
  evtWakeFromSxTriggered: u32;
  /** 1 when the device is armed to wake while it is idle. */
  s0Wake: u32;
  /** DxState of the idle settings and of the Sx wake settings: a WdfPowerDeviceState. */
  idleState: u32;
  sxWakeState: u32;
  /** WdfDeviceAssignSxWakeSettings: called before, Enabled, and what its first call said of children. */
  sxWakeSet: u32;
  sxWakeEnabled: u32;
  armsWithChildren: u32;
  /** Children that are armed to wake the system. */
  childrenArmed: u32;
  /** Armed, and whether it was this device that has woken up. */
  armed: u32;
  triggered: u32;
  /** 1 when EvtDeviceArmWakeFromSx has refused and the device is to be disarmed. */
  armingFailed: u32;
  /** 1 when the device, on its way to Dx, comes back to D0 as soon as it is there. */
  comesBackAtOnce: u32;
  /** The state below D0 that the device is in or goes to, to come back: a WdfPowerDeviceState. */
  lowState: u32;
  /** 1 while the device leaves D0 because the system goes to sleep. */
  sleeping: u32;
  /** 1 while the device is in D3 because power().toD3() asked for it. */
  directed: u32;
  /** 1 when the system woke up while the device was still on its way to sleep. */
  wakeDue: u32;
  /** The work item that powers the device up. */
  wakeKind: u32;
  wakeNext: u32;
  wakePrev: u32;
  wakeTarget: usize;
  /** EvtDeviceWdmIrpDispatch of each of the four request types, and the driver's context. */
  evtDispatchRead: u32;
  evtDispatchWrite: u32;
  evtDispatchControl: u32;
  evtDispatchInternal: u32;
  /** The device of the framework that this one is attached to, or 0. */
  lowerDevice: usize;
  /** Dispatch and cancel routine of a driver below that is not the framework's, 0 for none (lower.ts). */
  evtLowerDispatch: u32;
  evtLowerCancel: u32;
  /** The default I/O target, 0 until somebody asks for it (target.ts). */
  ioTarget: usize;
  /** What the driver does with IRPs before they become requests (irp-callbacks.ts), 0 for nothing. */
  irpCallbacks: usize;
  // Children (pdo.ts).
  /** The device of the bus driver that made this one, 0 unless it is a PDO: this is what makes a device a PDO. */
  parentDevice: usize;
  /** 1 while the bus driver reports the child as present. */
  reported: u32;
  /** 1 for a PDO on which a function driver's device stands, which owns the power policy. */
  follows: u32;
  /** 1 while it keeps in D0 what it needs. */
  holdsNeeded: u32;
  /** How many devices it is kept in D0 by: children, or the function driver's device. */
  dependents: u32;
  /** 1 from an accepted query on: the device stays in D0 until it is stopped, removed, or the query is cancelled. */
  queryHeld: u32;
  /** EvtDeviceEject */
  evtEject: u32;
  /** Child lists, in creation order (child-list.ts). */
  firstList: usize;
  /** 1 after WdfPdoInitAllowForwardingRequestToParent. */
  forwardsToParent: u32;
  // S0 idle (idle.ts).
  /** 1 while the device is in D0 and not on its way out of it. */
  inD0: u32;
  /** 1 from the start to the stop: power references may be taken. */
  powerStarted: u32;
  /** 1 once a power-up has failed. */
  powerFailed: u32;
  /** Power references. */
  ioCount: u32;
  /** 1 after the first WdfDeviceAssignS0IdleSettings. */
  idleSet: u32;
  idleEnabled: u32;
  /** Milliseconds without a reference before the device leaves D0. */
  idleTimeout: u32;
  /** PowerUpIdleDeviceOnSystemWake */
  wakesWithSystem: u32;
  /** The idle timer: a Timer of five words, and its DPC. */
  idleSlot: u32;
  idleKind: u32;
  idleTimerDpc: usize;
  idlePeriod: u32;
  idleSignaled: u32;
  idleDpcKind: u32;
  idleDpcNext: u32;
  idleDpcPrev: u32;
  idleDpcTarget: usize;
  /** The work item that takes the device out of D0. */
  downKind: u32;
  downNext: u32;
  downPrev: u32;
  downTarget: usize;
  /** The power watchdog (power-watchdog.ts): a Timer of five words, and its DPC. */
  dogSlot: u32;
  dogKind: u32;
  dogTimerDpc: usize;
  dogPeriod: u32;
  dogSignaled: u32;
  dogDpcKind: u32;
  dogDpcNext: u32;
  dogDpcPrev: u32;
  dogDpcTarget: usize;
  /** Threads that wait for D0: a list head of three words. */
  idleWaitHead: u32;
  idleWaitNext: u32;
  idleWaitPrev: u32;
  lockHead: u32;
  lockNext: u32;
  lockPrev: u32;
  lockOwner: usize;
  lockIrql: u32;
  lockPassive: u32;
  routes: u32; // MAJOR_FUNCTION_COUNT words from here on

  @inline get wake(): DeferredCall {
    return changetype<DeferredCall>(changetype<usize>(this) + offsetof<Device>("wakeKind"));
  }
  @inline get watchdog(): Timer {
    return changetype<Timer>(changetype<usize>(this) + offsetof<Device>("dogSlot"));
  }
  @inline get watchdogDpc(): DeferredCall {
    return changetype<DeferredCall>(changetype<usize>(this) + offsetof<Device>("dogDpcKind"));
  }
  @inline get idleTimer(): Timer {
    return changetype<Timer>(changetype<usize>(this) + offsetof<Device>("idleSlot"));
  }
  @inline get idleDpc(): DeferredCall {
    return changetype<DeferredCall>(changetype<usize>(this) + offsetof<Device>("idleDpcKind"));
  }
  @inline get idleDown(): DeferredCall {
    return changetype<DeferredCall>(changetype<usize>(this) + offsetof<Device>("downKind"));
  }
  @inline get idleWaiters(): Links {
    return changetype<Links>(changetype<usize>(this) + offsetof<Device>("idleWaitHead"));
  }
  @inline get lifeWaiters(): Links {
    return changetype<Links>(changetype<usize>(this) + offsetof<Device>("lifeWaitHead"));
  }
  @inline get lock(): CallbackLock {
    return changetype<CallbackLock>(changetype<usize>(this) + offsetof<Device>("lockHead"));
  }
}

/** Bytes of a device record. */
export const DEVICE_SIZE: usize = offsetof<Device>() + (MAJOR_FUNCTION_COUNT as usize) * 4;

export function deviceAt(address: usize): Device {
  return changetype<Device>(address);
}

/** The device a request was sent to, 0 when nobody has noted it. */
export function deviceOf(r: Request): usize {
  if (r.queue != 0) return queueAt(r.queue).device;
  return r.extension == 0 ? 0 : changetype<Extension>(r.extension).device;
}

/** The queue IRPs of that major function go to, or 0. */
export function routeOf(d: Device, major: u32): usize {
  return load<usize>(changetype<usize>(d) + offsetof<Device>("routes") + (major as usize) * 4);
}

export function setRoute(d: Device, major: u32, q: Queue): void {
  store<usize>(changetype<usize>(d) + offsetof<Device>("routes") + (major as usize) * 4, changetype<usize>(q));
}

/** The default queue takes every major function that has no queue yet. */
export function fillRoutes(d: Device, q: Queue): void {
  for (let major: u32 = 0; major < MAJOR_FUNCTION_COUNT; major++) {
    if (routeOf(d, major) == 0) setRoute(d, major, q);
  }
}

/** Adds a queue after those the device has. */
export function addQueue(d: Device, q: Queue): void {
  q.nextQueue = 0;
  if (d.lastQueue == 0) d.firstQueue = changetype<usize>(q);
  else queueAt(d.lastQueue).nextQueue = changetype<usize>(q);
  d.lastQueue = changetype<usize>(q);
}

/** Takes a queue out of the device. */
export function removeQueue(d: Device, q: Queue): void {
  let before: usize = 0;
  for (let at = d.firstQueue; at != 0; at = queueAt(at).nextQueue) {
    if (at == changetype<usize>(q)) break;
    before = at;
  }
  if (before == 0) d.firstQueue = q.nextQueue;
  else queueAt(before).nextQueue = q.nextQueue;
  if (d.lastQueue == changetype<usize>(q)) d.lastQueue = before;
}

/** What the IRP that has ended makes of the device. */
export function settleState(d: Device, irp: PnpIrp, stays: bool): void {
  switch (irp) {
    case PnpIrp.SetPowerSx:
      if (d.state == (DeviceState.Started as u32) || d.state == (DeviceState.Idle as u32)) d.state = DeviceState.Asleep;
      break;
    case PnpIrp.SetPowerDx:
      if (d.state == (DeviceState.Started as u32)) d.state = DeviceState.Idle;
      break;
    case PnpIrp.StopDevice:
      d.state = DeviceState.Stopped;
      break;
    case PnpIrp.SurpriseRemoval:
      d.state = DeviceState.Surprised;
      break;
    case PnpIrp.RemoveDevice:
      if (stays) {
        d.state = DeviceState.Init;
        break;
      }
      d.state = DeviceState.Removed;
      d.gate |= 1;
      break;
  }
}
