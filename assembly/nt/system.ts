// The system record: the one place from which everything else in linear memory is found.
//
// The first words are the host's window (addresses in abi/layout.ts); the rest belongs to the core. There is one System
// per Wasm instance, so the record has a fixed address and every field is one load away.

import {
  Attention,
  SCRATCH_ADDRESS,
  SYSTEM_ADDRESS,
  Switch,
  WINDOW_ATTENTION,
  WINDOW_CALL,
  WINDOW_NESTING,
  WINDOW_CLOCK,
  WINDOW_DIRECT,
  WINDOW_OUT,
  WINDOW_READY,
  WINDOW_RING_BASE,
  WINDOW_RING_TAIL,
  WINDOW_RUNNING,
  WINDOW_SHORT_RETURN,
  WINDOW_STOP,
  WINDOW_THREAD,
  WINDOW_VERSION,
} from "../abi/layout";
import { RequestBits } from "../abi/request";
import { ABI_VERSION } from "../abi/version";
import { Links } from "./links";

@unmanaged
export class System {
  // The host's window.
  version: u32;
  running: usize;
  attention: u32;
  ringHead: u32;
  ringTail: u32;
  ringBase: usize;
  ringCapacity: u32;
  /** How much is ready to run: woken threads, DPCs, work items, an interrupted thread. */
  ready: u32;
  thread: usize;
  callObject: u32;
  callY: u32;
  callZ: u32;
  out0: u32;
  out1: u32;
  out2: u32;
  stopCode: u32;
  stopP1: u32;
  stopP2: u32;
  stopP3: u32;
  stopP4: u32;
  /** 1 when the return of the running routine, or of the one that ran last, is left to whoever comes next. */
  shortReturn: u32;
  /** How many plain routines wait on the host's stack. */
  nesting: u32;
  /** Virtual time since the start, in units of 100 ns (KeQueryInterruptTime). */
  now: u64;
  /** The callback sendTransferDirect asks for, or 0. */
  direct: u32;

  // Memory.
  bump: usize;
  tableLimit: u32;
  tableHigh: u32;
  /** What `tableHigh` was when a Stop closed the table. */
  tableClosed: u32;
  /** Free entries of the handle table: how many, the oldest, the newest. */
  freeCount: u32;
  freeOldest: usize;
  freeNewest: usize;

  // The machine.
  /** KeGetCurrentIrql: the level of the current processor. */
  irql: u32;
  /** The current processor, all of them, and how many there are (processor.ts). */
  processor: usize;
  processors: usize;
  processorCount: u32;
  switches: u32;
  /** Not 0 when no request may go the straight way: a switch that watches, or fault injection. */
  caution: u32;
  /** What to set in a request's bits when the driver gets it: the verifier's mark, or nothing. */
  ownedMark: u32;
  /** Fault injection, bits of Memory (abi/choice.ts): whether allocations fail, or may. */
  lowMemory: u32;
  driver: usize;
  devices: usize;
  freeFrames: usize;
  /** The frame kept ready for the straight way (wdf/straight.ts), or 0. */
  straightFrame: usize;
  freeThreads: usize;
  freeWaitBlocks: usize;
  freeInterrupts: usize;
  /** Interrupt lines (wdf/interrupt-line.ts): all of them, and how many have an interrupt pending. */
  firstLine: usize;
  lastLine: usize;
  pendingLines: u32;
  freeDispatchers: usize;
  /** System threads drivers have made so far. */
  systemThreads: u32;
  /** All threads, in order of creation (Thread.younger). */
  oldestThread: usize;
  youngestThread: usize;
  freeQueues: usize;
  freeTimers: usize;
  freeDpcs: usize;
  freeWorkItems: usize;
  freeDevices: usize;
  freeExtensions: usize;
  freeSendings: usize;
  freeTargets: usize;
  freeLives: usize;
  freeHeaders: usize;
  freeCollections: usize;
  freeItems: usize;
  freeMemories: usize;
  freeLookasides: usize;
  appThread: usize;
  /** Threads that may go on, oldest first: a list head of three words. */
  readyHead: u32;
  readyNext: usize;
  readyPrev: usize;
  /** 1 while DPCs of the current processor are to run as soon as the level is below DISPATCH_LEVEL. */
  dpcRequested: u32;
  /** Work items, oldest first: a list head of three words. */
  workHead: u32;
  workNext: usize;
  workPrev: usize;
  /** Objects to be disposed of at PASSIVE_LEVEL, oldest first, and the work item that does it. */
  disposalHead: u32;
  disposalNext: usize;
  disposalPrev: usize;
  disposalKind: u32;
  disposalCallNext: usize;
  disposalCallPrev: usize;
  disposalTarget: usize;
  threadCount: u32;
  /** The serial number of the thread made last. */
  threadSerial: u32;
  /** The root of the object directory (nt/namespace.ts), 0 before anybody asked for a name. */
  root: usize;
  freeNames: usize;
  freeCallbacks: usize;
  /** Seconds a power transition may last before it ends the System; 0 for ever. */
  powerWatchdog: u32;
  freeChildLists: usize;
  /** How many EvtDeviceSurpriseRemoval run. */
  surprising: u32;
  /** Threads whose wait is watched (wdf/long-wait.ts). */
  longWaits: u32;
  /** What to add to `now` for system time: 100 ns units since 1601. */
  systemTimeBase: u64;
  /** The heap of deadlines (deadline.ts): slots in use, slots there are, the directory of chunks, the next order. */
  deadlineCount: u32;
  deadlineCapacity: u32;
  deadlineChunks: usize;
  deadlineOrder: u32;
  /** 1 while the current thread waits for room in the ring. */
  interrupted: u32;
  /** Not 0 while inputs only become ready: they are at once, and what comes first is a choice. */
  held: u32;

  // Choices (nt/choice.ts).
  /** Not 0 when choices are made and recorded. */
  choosing: u32;
  choicePolicy: u32;
  choiceSeed: u32;
  choiceCount: u32;
  tape: usize;
  tapeLength: u32;
  trailFirst: usize;
  trailLast: usize;

  @inline get readyThreads(): Links {
    return changetype<Links>(changetype<usize>(this) + offsetof<System>("readyHead"));
  }
  /** DPCs of the current processor, oldest first. */
  @inline get dpcs(): Links {
    return changetype<Links>(this.processor);
  }
  @inline get workItems(): Links {
    return changetype<Links>(changetype<usize>(this) + offsetof<System>("workHead"));
  }
  @inline get disposals(): Links {
    return changetype<Links>(changetype<usize>(this) + offsetof<System>("disposalHead"));
  }
  @inline get disposalCall(): Links {
    return changetype<Links>(changetype<usize>(this) + offsetof<System>("disposalKind"));
  }
}

if (SYSTEM_ADDRESS + offsetof<System>("version") != WINDOW_VERSION) ERROR("abi: System.version");
if (SYSTEM_ADDRESS + offsetof<System>("running") != WINDOW_RUNNING) ERROR("abi: System.running");
if (SYSTEM_ADDRESS + offsetof<System>("attention") != WINDOW_ATTENTION) ERROR("abi: System.attention");
if (SYSTEM_ADDRESS + offsetof<System>("ringTail") != WINDOW_RING_TAIL) ERROR("abi: System.ringTail");
if (SYSTEM_ADDRESS + offsetof<System>("ringBase") != WINDOW_RING_BASE) ERROR("abi: System.ringBase");
if (SYSTEM_ADDRESS + offsetof<System>("ready") != WINDOW_READY) ERROR("abi: System.ready");
if (SYSTEM_ADDRESS + offsetof<System>("thread") != WINDOW_THREAD) ERROR("abi: System.thread");
if (SYSTEM_ADDRESS + offsetof<System>("callObject") != WINDOW_CALL) ERROR("abi: System.callObject");
if (SYSTEM_ADDRESS + offsetof<System>("out0") != WINDOW_OUT) ERROR("abi: System.out0");
if (SYSTEM_ADDRESS + offsetof<System>("stopCode") != WINDOW_STOP) ERROR("abi: System.stopCode");
if (SYSTEM_ADDRESS + offsetof<System>("shortReturn") != WINDOW_SHORT_RETURN) ERROR("abi: System.shortReturn");
if (SYSTEM_ADDRESS + offsetof<System>("nesting") != WINDOW_NESTING) ERROR("abi: System.nesting");
if (SYSTEM_ADDRESS + offsetof<System>("now") != WINDOW_CLOCK) ERROR("abi: System.now");
if (SYSTEM_ADDRESS + offsetof<System>("direct") != WINDOW_DIRECT) ERROR("abi: System.direct");
if (SYSTEM_ADDRESS + offsetof<System>() > SCRATCH_ADDRESS) ERROR("the system record is too long");

export const system = changetype<System>(SYSTEM_ADDRESS as usize);

/** True when that switch was on when the System was made. */
export function isOn(switch_: Switch): bool {
  return (system.switches & (switch_ as u32)) != 0;
}

/** True while the framework verifier watches. */
export function verifierOn(): bool {
  return (system.switches & (Switch.Verifier as u32)) != 0;
}

/** Sets the words that are not zero at birth. */
export function initializeSystem(switches: u32): void {
  system.version = ABI_VERSION;
  system.switches = switches;
  system.ownedMark = verifierOn() ? (RequestBits.VerifierOwned as u32) : 0;
  refreshCaution();
}

/** Recomputes `caution` from the facts it sums up. */
export function refreshCaution(): void {
  system.caution = (system.switches & ((Switch.Verifier as u32) | Switch.Rules)) | system.lowMemory | system.choosing | system.held;
}

/** Tells the host that it may not simply return to the routine that called. */
export function attend(why: Attention): void {
  system.attention |= why as u32;
}

/** True once the System has stopped: nothing changes any more. */
export function isStopped(): bool {
  return system.stopCode != 0;
}
