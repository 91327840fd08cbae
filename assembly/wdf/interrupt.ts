// An interrupt of a device: WDFINTERRUPT.
//
//   created ─▶ resources assigned (start) ─▶ connected ─▶ enabled ──┐    connected: its line calls EvtInterruptIsr
//                                                ▲                  │    enabled:   EvtInterruptEnable has succeeded
//                                                └── disabled ◀─────┘    forced:    WdfInterruptDisable holds it off
//
//   lock        a spin lock at the level of the interrupt (of the highest, when interrupts share one), or for a
//               passive-level interrupt a wait lock; the driver may give one of its own
//
// Source: interruptobject.cpp (Initialize, InitializeWorker, AssignResources), fxinterruptapi.cpp (WdfInterruptCreate).

import { InterruptConfigWord, STRUCTURE_SIZE } from "../abi/config";
import { FindingId } from "../abi/finding";
import { Irql } from "../abi/irql";
import { KernelType } from "../abi/kernel";
import { ObjectKind } from "../abi/request";
import { NtStatus } from "../abi/status";
import { WdfExecutionLevel, WdfSynchronizationScope, WdfTriState } from "../abi/wdf";
import { allocationFails } from "../nt/choice";
import { DeferredCall } from "../nt/deferred";
import { Dispatcher } from "../nt/dispatcher";
import { Links } from "../nt/links";
import { allocateSlab, clear } from "../nt/memory";
import { word } from "../nt/scratch";
import { system } from "../nt/system";
import { lookup, lookupAny } from "../nt/table";
import { AttributesRule, parentOr, validateAttributes } from "./attributes";
import { Device, DeviceState, deviceAt } from "./device";
import { FrameKind } from "./frames";
import { Line, createLine, lineAt } from "./interrupt-line";
import { giveDispatcher, takeDispatcher } from "./kernel-object";
import { ObjectFlag, forbidDelete, kindOf, objectAt } from "./object";
import { commit } from "./object-create";
import { queueAt } from "./queue";
import { breakPoint } from "./verifier";

@unmanaged
export class Interrupt extends Links {
  // The links are its place on the ring of its line while it is connected; `tag` is its handle.
  nextInterrupt: usize;
  previousInterrupt: usize;
  device: usize;
  /** Its number among the interrupts of the device. */
  message: u32;
  evtIsr: u32;
  evtDpc: u32;
  evtWorkItem: u32;
  evtEnable: u32;
  evtDisable: u32;
  passive: u32;
  /** 1 when it stays connected while the device sleeps (ReportInactiveOnPowerDown). */
  soft: u32;
  lock: usize;
  /** 1 when the lock was made for it. */
  ownsLock: u32;
  /** Under which its DPC or work item runs, or 0. */
  callbackLock: usize;
  line: usize;
  /** 0 before it has resources. */
  vector: u32;
  irql: u32;
  synchronizeIrql: u32;
  connected: u32;
  enabled: u32;
  inactive: u32;
  forced: u32;
  /** DPCs and work items that are queued or run, and the thread that waits until there are none. */
  busy: u32;
  flusher: usize;
  dpcKind: u32;
  dpcNext: u32;
  dpcPrev: u32;
  dpcTarget: usize;
  workKind: u32;
  workNext: u32;
  workPrev: u32;
  workTarget: usize;

  @inline get dpc(): DeferredCall {
    return changetype<DeferredCall>(changetype<usize>(this) + offsetof<Interrupt>("dpcKind"));
  }
  @inline get work(): DeferredCall {
    return changetype<DeferredCall>(changetype<usize>(this) + offsetof<Interrupt>("workKind"));
  }
}

export function interruptAt(address: usize): Interrupt {
  return changetype<Interrupt>(address);
}

/** WdfInterruptCreate, with the structures in the scratch area. The handle is the first out value. */
export function createInterrupt(d: Device, preparing: bool): NtStatus {
  const automatic = word(InterruptConfigWord.AutomaticSerialization) != 0;
  if (word(InterruptConfigWord.Size) != STRUCTURE_SIZE) return NtStatus.InfoLengthMismatch;
  if (word(InterruptConfigWord.EvtInterruptIsr) == 0) return NtStatus.InvalidParameter;
  let status = validateAttributes(automatic ? AttributesRule.None : AttributesRule.ParentNotAllowed);
  if (status < 0) return status;
  const parent = parentOr(lookupAny(d.handle));
  if (parent == 0) return NtStatus.InvalidHandle;
  status = checkTime(d, preparing);
  if (status >= 0) status = checkConfig();
  if (status < 0) return status;
  const at = takeInterrupt();
  if (at == 0) return NtStatus.InsufficientResources;
  const i = interruptAt(at);
  i.device = changetype<usize>(d);
  status = configure(i, d, parent, automatic);
  if (status >= 0) status = commit(ObjectKind.Interrupt, at, parent, 0, (ObjectFlag.PassiveDispose as u32) | ObjectFlag.NoDelete);
  if (status < 0) {
    freeInterrupt(i);
    return status;
  }
  i.tag = system.out0;
  if (i.ownsLock != 0) changetype<Dispatcher>(i.lock).tag = i.tag;
  addInterrupt(d, i);
  if (preparing) assignResources(d);
  return status;
}

/** In EvtDriverDeviceAdd without resources, or in EvtDevicePrepareHardware with them. */
function checkTime(d: Device, preparing: bool): NtStatus {
  const resources = word(InterruptConfigWord.InterruptRaw) != 0 && word(InterruptConfigWord.InterruptTranslated) != 0;
  const any = (word(InterruptConfigWord.InterruptRaw) | word(InterruptConfigWord.InterruptTranslated)) != 0;
  if (d.state == (DeviceState.Init as u32)) {
    return any || word(InterruptConfigWord.CanWakeDevice) != 0 ? NtStatus.InvalidParameter : NtStatus.Success;
  }
  if (!preparing || !resources) return NtStatus.InvalidDeviceState;
  return word(InterruptConfigWord.ShareVector) != (WdfTriState.UseDefault as u32) ? NtStatus.InvalidDeviceState : NtStatus.Success;
}

function checkConfig(): NtStatus {
  if (word(InterruptConfigWord.CanWakeDevice) != 0) return NtStatus.InvalidParameter; // no line here can wake a device
  if (word(InterruptConfigWord.EvtInterruptDpc) != 0 && word(InterruptConfigWord.EvtInterruptWorkItem) != 0) {
    return NtStatus.InvalidParameter;
  }
  const passive = word(InterruptConfigWord.PassiveHandling) != 0;
  const wrongLock = passive ? word(InterruptConfigWord.SpinLock) : word(InterruptConfigWord.WaitLock);
  return wrongLock != 0 ? NtStatus.InvalidParameter : NtStatus.Success;
}

function configure(i: Interrupt, d: Device, parent: usize, automatic: bool): NtStatus {
  i.evtIsr = word(InterruptConfigWord.EvtInterruptIsr);
  i.evtDpc = word(InterruptConfigWord.EvtInterruptDpc);
  i.evtWorkItem = word(InterruptConfigWord.EvtInterruptWorkItem);
  i.evtEnable = word(InterruptConfigWord.EvtInterruptEnable);
  i.evtDisable = word(InterruptConfigWord.EvtInterruptDisable);
  i.passive = word(InterruptConfigWord.PassiveHandling) != 0 ? 1 : 0;
  i.soft = word(InterruptConfigWord.ReportInactiveOnPowerDown) == (WdfTriState.True as u32) ? 1 : 0;
  const kind = kindOf(parent);
  const isQueue = kind == (ObjectKind.Queue as u32);
  const owner = isQueue ? queueAt(objectAt(parent).body).device : kind == (ObjectKind.Device as u32) ? objectAt(parent).body : 0;
  if (owner != changetype<usize>(d)) return NtStatus.InvalidParameter;
  const status = automatic ? serialize(i, d, parent, isQueue) : NtStatus.Success;
  if (status < 0 || !takeLock(i)) return status < 0 ? status : NtStatus.InsufficientResources;
  if (isQueue) forbidDelete(queueAt(objectAt(parent).body).handle);
  return NtStatus.Success;
}

/** _GetEffectiveLock: the callback lock of the parent, whose level must be that of the deferred routine. */
function serialize(i: Interrupt, d: Device, parent: usize, isQueue: bool): NtStatus {
  const none = d.synchronizationScope == (WdfSynchronizationScope.None as u32) ||
    d.synchronizationScope == (WdfSynchronizationScope.InheritFromParent as u32);
  let lock: usize = none ? 0 : changetype<usize>(d.lock);
  let passive = d.executionLevel == (WdfExecutionLevel.Passive as u32);
  if (isQueue) {
    lock = queueAt(objectAt(parent).body).callbackLock;
    passive = queueAt(objectAt(parent).body).passiveLevel != 0;
  }
  if (lock == 0) return NtStatus.Success;
  const routine = i.evtWorkItem != 0 || (i.evtDpc == 0 && i.passive != 0);
  if (routine != passive) {
    breakPoint(FindingId.InterruptSerialization, d.handle, 0);
    return NtStatus.WdfIncompatibleExecutionLevel;
  }
  i.callbackLock = lock;
  return NtStatus.Success;
}

/** The lock the driver gave, or one of its own. */
function takeLock(i: Interrupt): bool {
  const handle = i.passive != 0 ? word(InterruptConfigWord.WaitLock) : word(InterruptConfigWord.SpinLock);
  const given = lookup(handle, i.passive != 0 ? ObjectKind.WaitLock : ObjectKind.SpinLock);
  if (given != 0) {
    i.lock = objectAt(given).body;
    if (i.passive == 0) changetype<Dispatcher>(i.lock).limit = 1;
    return true;
  }
  i.lock = takeDispatcher();
  if (i.lock == 0) return false;
  i.ownsLock = 1;
  changetype<Dispatcher>(i.lock).initialize(0, i.passive != 0 ? KernelType.WaitLock : KernelType.SpinLock, 1);
  return true;
}

function takeInterrupt(): usize {
  if (system.freeInterrupts == 0) system.freeInterrupts = allocateSlab(offsetof<Interrupt>());
  const at: usize = allocationFails() ? 0 : system.freeInterrupts;
  if (at == 0) return 0;
  system.freeInterrupts = load<usize>(at);
  clear(at, offsetof<Interrupt>());
  const i = interruptAt(at);
  i.reset();
  i.dpc.reset();
  i.dpc.tag = FrameKind.InterruptDpc;
  i.dpc.target = at;
  i.work.reset();
  return at;
}

/** Gives the record back. */
export function freeInterrupt(i: Interrupt): void {
  if (i.ownsLock != 0) giveDispatcher(i.lock);
  removeInterrupt(deviceAt(i.device), i);
  store<usize>(changetype<usize>(i), system.freeInterrupts);
  system.freeInterrupts = changetype<usize>(i);
}

function addInterrupt(d: Device, i: Interrupt): void {
  i.message = d.interruptCount++;
  i.previousInterrupt = d.lastInterrupt;
  if (d.lastInterrupt == 0) d.firstInterrupt = changetype<usize>(i);
  else interruptAt(d.lastInterrupt).nextInterrupt = changetype<usize>(i);
  d.lastInterrupt = changetype<usize>(i);
}

function removeInterrupt(d: Device, i: Interrupt): void {
  const at = changetype<usize>(i);
  if (d.firstInterrupt != at && i.previousInterrupt == 0) return; // it was never added
  if (i.previousInterrupt == 0) d.firstInterrupt = i.nextInterrupt;
  else interruptAt(i.previousInterrupt).nextInterrupt = i.nextInterrupt;
  if (i.nextInterrupt == 0) d.lastInterrupt = i.previousInterrupt;
  else interruptAt(i.nextInterrupt).previousInterrupt = i.previousInterrupt;
}

/** The n-th interrupt of a device, or 0. */
export function interruptOf(d: Device, number: u32): usize {
  for (let at = d.firstInterrupt; at != 0; at = interruptAt(at).nextInterrupt) if (interruptAt(at).message == number) return at;
  return 0;
}

/** The start of the device: each interrupt gets the line it was given, or one of its own; sharers of a lock its level. */
export function assignResources(d: Device): void {
  for (let at = d.firstInterrupt; at != 0; at = interruptAt(at).nextInterrupt) {
    const i = interruptAt(at);
    if (i.line == 0) i.line = createLine(FIRST_VECTOR + i.message, min<u32>(FIRST_IRQL + i.message, Irql.DeviceMax), false);
    const line: Line = lineAt(i.line);
    i.vector = line.vector;
    i.irql = i.passive != 0 ? (Irql.Passive as u32) : line.irql;
    if (i.passive == 0) changetype<Dispatcher>(i.lock).level = max<u32>(levelOf(i), i.irql);
  }
  for (let at = d.firstInterrupt; at != 0; at = interruptAt(at).nextInterrupt) {
    const i = interruptAt(at);
    i.synchronizeIrql = i.passive != 0 ? (Irql.Passive as u32) : changetype<Dispatcher>(i.lock).level;
  }
}

/** What the level of its lock is so far; a lock of the driver's begins at DISPATCH_LEVEL. */
function levelOf(i: Interrupt): u32 {
  return changetype<Dispatcher>(i.lock).level;
}

/** Vector and level of the first interrupt of a device that was not given a line. */
const FIRST_VECTOR: u32 = 0x50;
const FIRST_IRQL: u32 = 7;
