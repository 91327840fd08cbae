// WdfInterrupt*, and the lines of the hardware.

import { FindingId } from "../abi/finding";
import { RoutineKind } from "../abi/event";
import { Irql } from "../abi/irql";
import { Ddi } from "../abi/irql-rules";
import { ObjectKind } from "../abi/request";
import { NtStatus } from "../abi/status";
import { Dispatcher } from "../nt/dispatcher";
import { Frame } from "../nt/frame";
import { currentIrql, setIrql } from "../nt/processor";
import { isStopped, system } from "../nt/system";
import { lookup } from "../nt/table";
import { currentThread } from "../nt/thread";
import { Device, deviceAt } from "../wdf/device";
import { settle } from "../wdf/dispatch";
import { FrameKind } from "../wdf/frames";
import { LifeFrame } from "../wdf/life-frame";
import { Interrupt, createInterrupt, interruptAt, interruptOf } from "../wdf/interrupt";
import { callInterrupt, lockInterrupt, queueInterruptDpc, queueInterruptWork, unlockInterrupt } from "../wdf/interrupt-call";
import { createLine, lineAt, lowerLine, raiseLine } from "../wdf/interrupt-line";
import { InterruptsAction, callInterruptChange } from "../wdf/interrupt-power";
import { irqlAtMost } from "../wdf/irql";
import { tryToAcquireLock } from "../wdf/kernel-wait";
import { objectAt } from "../wdf/object";
import { endShortReturn } from "../wdf/straight";
import { breakPoint } from "../wdf/verifier";
import { isPassive, raise, required, requiredPointer } from "./check";

function interruptOfHandle(handle: u32): usize {
  const entry = required(handle, ObjectKind.Interrupt);
  return entry == 0 ? 0 : objectAt(entry).body;
}

/** The same for a function that may be called at other levels too, but not for this interrupt. */
function isPassiveFor(ddi: Ddi, handle: u32): bool {
  irqlAtMost(ddi, Irql.Passive);
  return isPassive(handle);
}

/** The structures stand in the scratch area; the handle is the first out value. */
export function WdfInterruptCreate(device: u32): i32 {
  const entry = required(device, ObjectKind.Device);
  if (entry == 0) return NtStatus.InvalidHandle;
  const d = deviceAt(objectAt(entry).body);
  return createInterrupt(d, isPreparing(d));
}

/** True in EvtDevicePrepareHardware of the device. */
function isPreparing(d: Device): bool {
  for (let at = system.running; at != 0; at = changetype<Frame>(at).below) {
    const f = changetype<LifeFrame>(at);
    const prepares = f.routine == (RoutineKind.DevicePrepareHardware as u32);
    if (prepares && f.kind == (FrameKind.DeviceLife as u32) && f.device == changetype<usize>(d)) return true;
  }
  return false;
}

/** 1 unless it is queued already. */
export function WdfInterruptQueueDpcForIsr(handle: u32): u32 {
  const at = interruptOfHandle(handle);
  if (at == 0 || !requiredPointer(interruptAt(at).evtDpc)) return 0;
  return settle(queueInterruptDpc(interruptAt(at)) ? 1 : 0);
}

/** 1 unless it is queued already. */
export function WdfInterruptQueueWorkItemForIsr(handle: u32): u32 {
  const at = interruptOfHandle(handle);
  if (at == 0 || !requiredPointer(interruptAt(at).evtWorkItem)) return 0;
  return settle(queueInterruptWork(interruptAt(at)) ? 1 : 0);
}

/** What the callback returns. */
export function WdfInterruptSynchronize(handle: u32, callback: u32): u32 {
  const at = interruptOfHandle(handle);
  if (at == 0) return 0;
  const i = interruptAt(at);
  if (i.passive != 0 && !isPassiveFor(Ddi.WdfInterruptSynchronize, handle)) return 0;
  if (!requiredPointer(callback)) return 0;
  callInterrupt(i, RoutineKind.InterruptSynchronize, callback);
  return settle(0);
}

/** False, with a break, for an interrupt without a line to hold off. */
function isConnected(i: Interrupt): bool {
  if (i.passive != 0 || i.connected != 0) return true;
  breakPoint(FindingId.InterruptNotConnected, i.tag, 0);
  return false;
}

export function WdfInterruptAcquireLock(handle: u32): void {
  const at = interruptOfHandle(handle);
  if (at == 0) return;
  const i = interruptAt(at);
  if (i.passive != 0 && !isPassiveFor(Ddi.WdfInterruptAcquireLock, handle)) return;
  if (isConnected(i)) lockInterrupt(i);
  settle(0);
}

export function WdfInterruptReleaseLock(handle: u32): void {
  const at = interruptOfHandle(handle);
  if (at == 0) return;
  const i = interruptAt(at);
  if (i.passive != 0 && !isPassiveFor(Ddi.WdfInterruptReleaseLock, handle)) return;
  if (isConnected(i)) unlockInterrupt(i);
  settle(0);
}

/** 1 when the lock of a passive-level interrupt was free, and is the thread's now. */
export function WdfInterruptTryToAcquireLock(handle: u32): u32 {
  const at = interruptOfHandle(handle);
  if (at == 0) return 0;
  const i = interruptAt(at);
  if (i.passive == 0) {
    breakPoint(FindingId.InterruptNotPassive, handle, 0);
    return 0;
  }
  if (!isPassive(handle)) return 0;
  if (!tryToAcquireLock(changetype<Dispatcher>(i.lock), false)) return 0;
  currentThread().kernelApcDisable--;
  return 1;
}

export function WdfInterruptEnable(handle: u32): void {
  const at = interruptOfHandle(handle);
  if (at == 0 || !isPassive(handle)) return;
  interruptAt(at).forced = 0;
  callInterruptChange(interruptAt(at), InterruptsAction.Connect);
  settle(0);
}

export function WdfInterruptDisable(handle: u32): void {
  const at = interruptOfHandle(handle);
  if (at == 0 || !isPassive(handle)) return;
  interruptAt(at).forced = 1;
  callInterruptChange(interruptAt(at), InterruptsAction.Disconnect);
  settle(0);
}

/** The vector; level and SynchronizeIrql, message number, and whether the line is a level one, are the out values. */
export function WdfInterruptGetInfo(handle: u32): u32 {
  const at = interruptOfHandle(handle);
  if (at == 0) return 0;
  const i = interruptAt(at);
  system.out0 = i.irql;
  system.out1 = i.message;
  system.out2 = i.line == 0 ? 0 : lineAt(i.line).isLevel;
  return i.vector;
}

export function WdfInterruptGetDevice(handle: u32): u32 {
  const at = interruptOfHandle(handle);
  return at == 0 ? 0 : deviceAt(interruptAt(at).device).handle;
}

/** The interrupt object of the kernel: the same handle, once it is connected; else 0. */
export function WdfInterruptWdmGetInterrupt(handle: u32): u32 {
  const at = interruptOfHandle(handle);
  return at != 0 && interruptAt(at).connected != 0 ? handle : 0;
}

/** What a KINTERRUPT stands for; 0 after a Stop for one that is not connected, or none. */
function connectedInterrupt(handle: u32): usize {
  if (system.shortReturn != 0) endShortReturn();
  const entry = lookup(handle, ObjectKind.Interrupt);
  if (entry != 0 && interruptAt(objectAt(entry).body).connected != 0) return objectAt(entry).body;
  raise(NtStatus.AccessViolation, handle);
  return 0;
}

/** The byte the routine returns. */
export function KeSynchronizeExecution(handle: u32, callback: u32): u32 {
  const at = connectedInterrupt(handle);
  if (at == 0 || !requiredPointer(callback)) return 0;
  callInterrupt(interruptAt(at), RoutineKind.InterruptSynchronize, callback);
  return settle(0);
}

/** The level before. */
export function KeAcquireInterruptSpinLock(handle: u32): u32 {
  const at = connectedInterrupt(handle);
  if (at == 0) return 0;
  const before = currentIrql();
  lockInterrupt(interruptAt(at));
  return settle(before);
}

export function KeReleaseInterruptSpinLock(handle: u32, irql: u32): void {
  const at = connectedInterrupt(handle);
  if (at == 0) return;
  unlockInterrupt(interruptAt(at));
  setIrql(irql);
  settle(0);
}

// ── Hardware: inputs ─────────────────────────────────────────────────────────────────────────────────────────────

/** A line of its own vector. Its address stands for it; 0 when there is no memory. */
export function createInterruptLine(vector: u32, irql: u32, isLevel: u32): usize {
  return createLine(vector, irql, isLevel != 0);
}

/** The n-th interrupt of a device is on that line. 0 when there is none, or it has resources already. */
export function assignInterruptLine(device: u32, number: u32, line: usize): u32 {
  const entry = lookup(device, ObjectKind.Device);
  const at: usize = entry == 0 ? 0 : interruptOf(deviceAt(objectAt(entry).body), number);
  if (at == 0 || interruptAt(at).line != 0) return 0;
  interruptAt(at).line = line;
  return 1;
}

/** Hardware raises a line, or takes a level back. The interrupt comes in at once if the level allows it, else when it does. */
export function setInterruptLine(line: usize, raised: u32): void {
  if (isStopped()) return;
  endShortReturn();
  if (raised == 0) {
    lowerLine(lineAt(line));
    return;
  }
  raiseLine(lineAt(line));
  if (system.running != 0) settle(0);
}

/** The service routine of one interrupt, as a processor at a lower level would run it in the running thread: its BOOLEAN. */
export function serviceInterrupt(handle: u32): u32 {
  const entry = lookup(handle, ObjectKind.Interrupt);
  if (entry == 0 || interruptAt(objectAt(entry).body).connected == 0) return NOT_CONNECTED;
  callInterrupt(interruptAt(objectAt(entry).body), RoutineKind.InterruptIsr, interruptAt(objectAt(entry).body).evtIsr);
  return settle(0);
}

/** Stands for a BOOLEAN where nothing is called. */
const NOT_CONNECTED: u32 = 2;
