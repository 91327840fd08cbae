// Interrupt lines: how a device tells the processor.
//
//   mode    raised                                        an interrupt is pending
//   ─────── ───────────────────────────────────────────── ────────────────────────────────────────────────────────
//   edge    once; a second time before the first was      until it is serviced
//           serviced counts as one
//   level   asserted, until it is deasserted              as long as it is asserted
//
//   pending, its level above that of the processor ─▶ at the next boundary (the end of a DDI, a step of framework code,
//   nothing runs): the service routines of the interrupts on the line, in the order in which they were connected, at the
//   level of the line, in the middle of whatever runs. On a level line the first that claims it is the last.
//   Which processor it is was chosen when the line was raised.
//
// A line whose interrupts are handled at PASSIVE_LEVEL gets a thread for that. A level line that nobody claims, or that
// stays asserted however often it is serviced, is masked until it is deasserted, and a finding made. While a level line is
// serviced it does not interrupt again; what is asserted then is looked at when the routines have returned.

import { RoutineKind } from "../abi/event";
import { FindingId } from "../abi/finding";
import { choose } from "../nt/choice";
import { Frame, Step } from "../nt/frame";
import { Links } from "../nt/links";
import { allocate } from "../nt/memory";
import { Processor, currentIrql, currentProcessor, setIrql } from "../nt/processor";
import { system } from "../nt/system";
import { Thread, createThread, currentThread, enter, makeReady, push } from "../nt/thread";
import { FrameKind, ServiceFrame } from "./frames";
import { Interrupt, interruptAt } from "./interrupt";
import { callInterrupt } from "./interrupt-call";
import { ruleFinding } from "./verifier";

@unmanaged
export class Line extends Links {
  // The links are the head of the ring of connected interrupts.
  nextLine: usize;
  vector: u32;
  irql: u32;
  /** 1 for a level line, 0 for an edge line. */
  isLevel: u32;
  asserted: u32;
  pending: u32;
  masked: u32;
  /** The processor it interrupts. */
  processor: u32;
  /** How often it was serviced since it was asserted. */
  serviced: u32;
  /** 1 while the routines of a level line run: it does not interrupt a second time before they have returned. */
  inService: u32;
}

export function lineAt(address: usize): Line {
  return changetype<Line>(address);
}

/** Makes a line; 0 when there is no memory. */
export function createLine(vector: u32, irql: u32, isLevel: bool): usize {
  const at = allocate(offsetof<Line>());
  if (at == 0) return 0;
  const line = lineAt(at);
  line.reset();
  line.vector = vector;
  line.irql = irql;
  line.isLevel = isLevel ? 1 : 0;
  if (system.lastLine == 0) system.firstLine = at;
  else lineAt(system.lastLine).nextLine = at;
  system.lastLine = at;
  return at;
}

/** The device raises the line: an edge, or a level that stays. */
export function raiseLine(line: Line): void {
  if (line.isLevel != 0) {
    line.asserted = 1;
    line.serviced = 0;
  }
  if (line.pending == 0) route(line);
  markPending(line);
}

/** Which processor the interrupt goes to is a choice; the current one, unless choices are made. */
function route(line: Line): void {
  line.processor = (currentProcessor().tag + choose(system.processorCount)) % system.processorCount;
}

/** The device takes a level back. */
export function lowerLine(line: Line): void {
  line.asserted = 0;
  line.masked = 0;
  if (line.isLevel != 0) clearPending(line);
}

/** A line that is asserted already interrupts as soon as somebody listens. */
export function connectToLine(i: Interrupt): void {
  const line = lineAt(i.line);
  line.append(i);
  if (line.asserted != 0) markPending(line);
}

export function disconnectFromLine(i: Interrupt): void {
  i.unlink();
  i.reset();
  if (lineAt(i.line).isEmpty) clearPending(lineAt(i.line));
}

function markPending(line: Line): void {
  if ((line.pending | line.masked | line.inService) != 0 || line.isEmpty) return;
  if (interruptAt(changetype<usize>(line.next)).passive != 0) {
    servePassively(line);
    return;
  }
  line.pending = 1;
  system.pendingLines++;
  system.ready++;
}

function clearPending(line: Line): void {
  if (line.pending == 0) return;
  line.pending = 0;
  system.pendingLines--;
  system.ready--;
}

/** The line with the highest level that may interrupt the current processor now, or 0. */
export function dueLine(): usize {
  return dueLineOn(currentProcessor(), currentIrql());
}

/** The same of a processor at that level. */
export function dueLineOn(processor: Processor, irql: u32): usize {
  let highest = irql;
  let due: usize = 0;
  if (system.pendingLines == 0) return 0;
  for (let at = system.firstLine; at != 0; at = lineAt(at).nextLine) {
    if (lineAt(at).pending == 0 || lineAt(at).irql <= highest || lineAt(at).processor != processor.tag) continue;
    due = at;
    highest = lineAt(at).irql;
  }
  return due;
}

/** The line interrupts the running thread. */
export function serveLine(line: Line): void {
  clearPending(line);
  const f = changetype<ServiceFrame>(push(currentThread(), FrameKind.InterruptService));
  prepare(f, line);
  f.out0 = system.out0;
  f.out1 = system.out1;
  f.out2 = system.out2;
  setIrql(line.irql);
}

/** The line interrupts a processor on which nothing runs, or (`spinner`) a thread that spins at that level. */
export function serveLineOn(line: Line, spinner: usize, irql: u32): void {
  const at = createThread(IDLE_COOKIE, 0, true);
  assert(at != 0); // the host is out of memory
  const thread = changetype<Thread>(at);
  thread.irql = irql;
  thread.interrupted = spinner;
  enter(thread);
  serveLine(line);
}

/** What the host sees as the cookie of the thread that an interrupt finds on an idle processor, and of a passive-level one. */
const IDLE_COOKIE: u32 = 0x40000003;
const PASSIVE_COOKIE: u32 = 0x40000004;

function servePassively(line: Line): void {
  const at = createThread(PASSIVE_COOKIE, 0, true);
  assert(at != 0); // the host is out of memory
  const thread = changetype<Thread>(at);
  prepare(changetype<ServiceFrame>(push(thread, FrameKind.InterruptService)), line);
  changetype<Frame>(thread.top).irql = 0;
  makeReady(thread);
}

function prepare(f: ServiceFrame, line: Line): void {
  f.line = changetype<usize>(line);
  f.current = changetype<usize>(line);
  f.claimed = 0;
  line.inService = line.isLevel;
  line.serviced++;
}

export function stepService(frame: Frame): Step {
  const f = changetype<ServiceFrame>(frame);
  const line = lineAt(f.line);
  if (f.step != 0 && f.result != 0) {
    f.claimed = 1;
    if (line.isLevel != 0) return end(f, line);
  }
  f.step = 1;
  const next = changetype<Links>(f.current).next;
  if (next == line) return end(f, line);
  f.current = changetype<usize>(next);
  callInterrupt(changetype<Interrupt>(next), RoutineKind.InterruptIsr, changetype<Interrupt>(next).evtIsr);
  return Step.Again;
}

function end(f: ServiceFrame, line: Line): Step {
  setIrql(f.irql);
  if (line.irql > f.irql && f.below != 0) {
    system.out0 = f.out0;
    system.out1 = f.out1;
    system.out2 = f.out2;
  }
  line.inService = 0;
  if (line.asserted == 0) return Step.Done;
  const anew = line.serviced == 0; // it was asserted again meanwhile
  if (anew || (f.claimed != 0 && line.serviced < SERVICED_MAX)) {
    markPending(line);
    return Step.Done;
  }
  line.masked = 1;
  ruleFinding(FindingId.InterruptUnclaimed, line.isEmpty ? 0 : changetype<Interrupt>(line.next).tag, 0);
  return Step.Done;
}

/** As often as this a level may be serviced without being taken back. */
const SERVICED_MAX: u32 = 1000;
