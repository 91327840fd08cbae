// Inputs: what reaches the core from outside the drivers. None of these is a DDI.
//
// An input made while no routine runs takes a thread of its own kind (the application's, or the system thread it
// names); one made from inside a routine (a driver that sends an IRP, a test that cancels one) runs nested in the
// routine's thread, and its result is read from the caller's frame.

import { Memory } from "../abi/choice";
import { IrpWord, SendFlag } from "../abi/config";
import { PnpIrp, RoutineKind } from "../abi/event";
import { MAJOR_SHIFT, ObjectKind, RequestBits } from "../abi/request";
import { NtStatus } from "../abi/status";
import { advance, initializeClock, setSystemTime } from "../nt/clock";
import { initializeDeferred } from "../nt/deferred";
import { Frame } from "../nt/frame";
import { initializeMemory } from "../nt/memory";
import { currentIrql, initializeProcessors, setIrql } from "../nt/processor";
import { initializeRing } from "../nt/ring";
import { word } from "../nt/scratch";
import { bugCheck } from "../nt/stop";
import { initializeSystem, isStopped, refreshCaution, system } from "../nt/system";
import { lookup } from "../nt/table";
import { APPLICATION_PROCESS, Thread, createThread, currentThread, enter, initializeThreads, push } from "../nt/thread";
import { callArrival } from "../wdf/arrival";
import { cancelIrp } from "../wdf/cancel";
import { Device, deviceAt } from "../wdf/device";
import { callLife } from "../wdf/life-frame";
import { HoldAction, callHold, callResume } from "../wdf/device-power";
import { run, runInterrupted, runNext, settle } from "../wdf/dispatch";
import { FrameKind } from "../wdf/frames";
import { freeProcessor } from "../wdf/schedule";
import { beginHeld, endHeld, holdCancel, holdThread } from "../wdf/held-input";
import { call, finishCall, isThreadBody, unhandledException } from "../wdf/invoke";
import { createWdmFile, releaseWdmFile } from "../wdf/file";
import { warnOfLongWait } from "../wdf/long-wait";
import { objectAt } from "../wdf/object";
import { Extension, createRequest, extend, request } from "../wdf/request";
import { cancelStraight, endShortReturn, returnStraight, sendStraight } from "../wdf/straight";

/** Makes the System of this instance. 0 when the host's memory limit does not allow for it. */
export function createSystem(switches: u32, ringCapacity: u32, objects: u32, processors: u32): u32 {
  initializeSystem(switches);
  if (!initializeMemory(objects) || !initializeRing(ringCapacity) || !initializeProcessors(processors)) return 0;
  initializeThreads();
  initializeDeferred();
  initializeClock();
  system.appThread = createThread(0, APPLICATION_PROCESS, false);
  system.thread = system.appThread;
  return 1;
}

/** From here on the flags hold the minor function. */
const MINOR_SHIFT: u32 = 8;

/** Sends a read or write from the application. The IRP's handle, 0 when the table is full. */
export function sendTransfer(device: u32, major: u32, length: u32, file: u32): u32 {
  const irp = sendStraight(device, major, length, file, false);
  return irp != 0 ? irp : sendAny(device, major, length, file);
}

/** The same for a host that has taken all events and looks at WINDOW_DIRECT next. */
export function sendTransferDirect(device: u32, major: u32, length: u32, file: u32): u32 {
  system.direct = 0;
  const irp = sendStraight(device, major, length, file, true);
  return irp != 0 ? irp : sendAny(device, major, length, file);
}

function sendAny(device: u32, major: u32, length: u32, file: u32): u32 {
  const entry = lookup(device, ObjectKind.Device);
  return entry == 0 ? 0 : send(deviceAt(objectAt(entry).body), major, length, file, 0, 0, 0);
}

/**
 * Sends any IRP. `length` is the output length of an ioctl. The IRP's handle, 0 when the table is full; a sender inside
 * a routine gets the NTSTATUS of IoCallDriver as its result.
 */
export function sendIrp(device: u32, major: u32, length: u32, file: u32, flags: u32, inputLength: u32, code: u32): u32 {
  const entry = lookup(device, ObjectKind.Device);
  if (entry == 0) return 0;
  return send(deviceAt(objectAt(entry).body), major, length, file, flags, inputLength, code);
}

function send(d: Device, major: u32, length: u32, file: u32, flags: u32, inputLength: u32, code: u32): u32 {
  const at = createRequest((major << MAJOR_SHIFT) | bitsOf(flags), length, file);
  if (at == 0) return 0;
  const r = request(at);
  const handle = r.handle;
  if ((inputLength | code | (flags >> MINOR_SHIFT)) != 0) {
    const extension = extend(r);
    extension.minor = flags >> MINOR_SHIFT;
    extension.inputLength = inputLength;
    extension.ioctlCode = code;
  }
  if ((flags & SendFlag.Located) != 0) locate(extend(r));
  endShortReturn();
  if (isHeld()) {
    const thread = newThread(0, APPLICATION_PROCESS);
    noteSender(extend(r), thread);
    const before = beginHeld(thread);
    callArrival(d, r);
    endHeld(thread, before);
    return handle;
  }
  const outside = system.running == 0;
  if (outside) enter(senderThread());
  if (system.thread != system.appThread) noteSender(extend(r), currentThread());
  callArrival(d, r);
  if (outside) run();
  else settle(NtStatus.Pending);
  return handle;
}

function locate(extension: Extension): void {
  extension.offsetLow = word(IrpWord.OffsetLow);
  extension.offsetHigh = word(IrpWord.OffsetHigh);
  extension.key = word(IrpWord.Key);
  extension.status = word(IrpWord.Status);
}

function noteSender(extension: Extension, thread: Thread): void {
  extension.sender = thread.serial;
  extension.senderProcess = thread.processId;
}

function bitsOf(flags: u32): u32 {
  if (flags == 0) return 0;
  let bits: u32 = 0;
  if ((flags & SendFlag.KernelMode) != 0) bits |= RequestBits.KernelMode as u32;
  if ((flags & SendFlag.Paging) != 0) bits |= RequestBits.Paging as u32;
  if ((flags & SendFlag.Canceled) != 0) bits |= RequestBits.IrpCanceled as u32;
  if ((flags & SendFlag.BadBuffer) != 0) bits |= RequestBits.BadBuffer as u32;
  return bits;
}

/** The application thread, or another one while that one is inside the core. */
function senderThread(): Thread {
  const thread = changetype<Thread>(system.appThread);
  return thread.top == 0 ? thread : newThread(0, APPLICATION_PROCESS);
}

/** Makes the application's thread, or another one, the running thread: for an input made while no routine runs. */
export function enterSender(): void {
  freeProcessor();
  enter(senderThread());
}

/** True when an input only becomes ready: inputs are made at once, or every processor spins. */
function isHeld(): bool {
  return system.held != 0 || (system.running == 0 && !freeProcessor());
}

function newThread(cookie: u32, processId: u32): Thread {
  const at = createThread(cookie, processId, true);
  assert(at != 0); // the host is out of memory
  return changetype<Thread>(at);
}

/** Makes the FILE_OBJECT of an open that is about to be sent (flags: FO_...). Its handle, 0 when the table is full. */
export function createFile(device: u32, flags: u32): u32 {
  const entry = lookup(device, ObjectKind.Device);
  if (entry == 0) return 0;
  const process = system.running == 0 ? APPLICATION_PROCESS : currentThread().processId;
  return createWdmFile(deviceAt(objectAt(entry).body), flags, process);
}

/** The open has failed, or the close is done: nobody uses the FILE_OBJECT any more. */
export function releaseFile(file: u32): void {
  releaseWdmFile(file);
}

/** IoCancelIrp. 1 when a cancel routine was set, that is when somebody reacts. */
export function cancel(irp: u32): u32 {
  return cancelStraight(irp) ? 1 : cancelAny(irp);
}

function cancelAny(irp: u32): u32 {
  const at = lookup(irp, ObjectKind.Request);
  if (at == 0 || isStopped()) return 0;
  endShortReturn();
  if (isHeld()) {
    holdCancel(newThread(0, APPLICATION_PROCESS), irp);
    return 0;
  }
  const outside = system.running == 0;
  if (outside) enter(senderThread());
  const reacts: u32 = cancelIrp(request(at)) ? 1 : 0;
  if (outside) run();
  else settle(reacts);
  return reacts;
}

/** Starts a system thread whose body is the host's callback. */
export function startThread(cookie: u32, callback: u32, processId: u32): void {
  if (isStopped()) return;
  endShortReturn();
  const thread = newThread(cookie, processId);
  if (isHeld()) {
    holdThread(thread, callback);
    return;
  }
  enter(thread);
  const f = push(thread, FrameKind.Thread);
  f.object = 0;
  call(f, RoutineKind.Thread, callback, 0, 0, cookie, 0, 0);
}

/** The running routine has returned `result` (its NTSTATUS, BOOLEAN or action; 0 for VOID). */
export function routineReturned(activation: usize, result: u32): void {
  assert(activation == system.running); // only the routine that runs can return
  if (returnStraight(activation) || isStopped()) return;
  const f = changetype<Frame>(activation);
  f.result = result;
  finishCall(f);
  run();
}

/** The running routine threw: an unhandled exception in kernel mode. */
export function routineThrew(activation: usize): void {
  assert(activation == system.running); // only the routine that runs can throw
  const inThread = isThreadBody(changetype<Frame>(activation).routine);
  endShortReturn();
  bugCheck(unhandledException(inThread), STATUS_UNHANDLED_EXCEPTION, 0, 0, 0);
}

/** Parameter 1 of the Stop for an exception nobody handled. */
const STATUS_UNHANDLED_EXCEPTION: u32 = 0xc0000144;

/** Goes on with what was interrupted for lack of room, else runs what is ready. 0 when there is nothing to run. */
export function runReady(): u32 {
  if (isStopped() || system.running != 0) return 0;
  endShortReturn();
  return runInterrupted() || runNext() ? 1 : 0;
}

/** Goes on with what was interrupted for lack of room, and with nothing else. 0 when nothing was. */
export function resume(): u32 {
  return !isStopped() && system.running == 0 && runInterrupted() ? 1 : 0;
}

/**
 * Lets time pass up to that moment (100 ns units since the start), but no further than the next deadline. 1 when there was
 * one: run what it made ready, then ask again. Nothing may run meanwhile.
 */
export function advanceClock(low: u32, high: u32): u32 {
  if (isStopped() || system.running != 0) return 0;
  endShortReturn();
  const until = joined(low, high);
  return warnOfLongWait(until) || advance(until) ? 1 : 0;
}

/** How many seconds a power transition may last before it is the Stop 0x9F; 0, as it is at first, for ever. */
export function setPowerWatchdog(seconds: u32): void {
  system.powerWatchdog = seconds;
}

/** That number. */
export function powerWatchdog(): u32 {
  return system.powerWatchdog;
}

/** Sets the system time, in 100 ns units since 1601. Timers set to a system time follow. */
export function setClock(low: u32, high: u32): void {
  endShortReturn();
  setSystemTime(joined(low, high));
}

function joined(low: u32, high: u32): u64 {
  return (low as u64) | ((high as u64) << 32);
}

/** Sends a PnP or power IRP (PnpIrp), from inside a routine: the NTSTATUS its sender sees. */
export function sendPnp(device: u32, irp: u32): i32 {
  const entry = lookup(device, ObjectKind.Device);
  if (entry == 0) return NtStatus.NoSuchDevice;
  endShortReturn();
  callLife(deviceAt(objectAt(entry).body), irp as PnpIrp);
  return settle(NtStatus.Pending);
}

/** Stops or purges the queues of a device as its power code does, from inside a routine. */
export function stopProcessingForPower(device: u32, action: u32): void {
  const entry = lookup(device, ObjectKind.Device);
  if (entry == 0) return;
  endShortReturn();
  callHold(deviceAt(objectAt(entry).body), action as HoldAction);
  settle(0);
}

/** Puts the queues of a device back to work, from inside a routine. */
export function resumeProcessingForPower(device: u32): void {
  const entry = lookup(device, ObjectKind.Device);
  if (entry == 0) return;
  endShortReturn();
  callResume(deviceAt(objectAt(entry).body));
  settle(0);
}

/** Fault injection: allocations fail while it is on. */
export function setLowMemory(on: u32): void {
  endShortReturn();
  system.lowMemory = (system.lowMemory & (Memory.MayFail as u32)) | (on != 0 ? (Memory.Low as u32) : 0);
  refreshCaution();
}

/** KeRaiseIrql or KeLowerIrql without their checks: sets the level of the running thread. */
export function setLevel(irql: u32): u32 {
  const before = currentIrql();
  setIrql(irql);
  return before;
}

/** For hosts that do not write the ring's head themselves: takes note of `count` events. */
export function eventConsumed(count: u32): void {
  system.ringHead += count;
}

/** Address of the oldest event that was not taken, 0 when there is none. */
export function pollEvent(): usize {
  if (system.ringHead == system.ringTail) return 0;
  return system.ringBase + ((system.ringHead & (system.ringCapacity - 1)) as usize) * 16;
}
