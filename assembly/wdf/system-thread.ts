// Threads that drivers make.
//
//   PsCreateSystemThread ─▶ Ready ─▶ its routine at PASSIVE_LEVEL ─▶ returns ─▶ ended: its object is set, who waits goes on
//                                         └─ PsTerminateSystemThread: the status it will have ended with
//
// The handle is the thread's object too: ObReferenceObjectByHandle adds a reference, and the handle is good until the
// thread has ended and all are dropped.

import { RoutineKind } from "../abi/event";
import { KernelType } from "../abi/kernel";
import { Dispatcher } from "../nt/dispatcher";
import { Frame, Step } from "../nt/frame";
import { system } from "../nt/system";
import { Thread, createThread, makeReady, push } from "../nt/thread";
import { setState } from "../nt/wait";
import { FrameKind } from "./frames";
import { call } from "./invoke";
import { dispatcherOf, initializeKernelObject } from "./kernel-object";

/** The process of system threads. */
const SYSTEM_PROCESS: u32 = 4;
/** Cookies of drivers' threads: this and their number, from 1. */
const COOKIE: u32 = 0x30000000;

/** Makes a thread that will run the routine. The handle of its object; 0 when there is no room. */
export function createSystemThread(routine: u32, context: u32): u32 {
  const handle = initializeKernelObject(0, KernelType.Thread, 0);
  if (handle == 0) return 0;
  const at = createThread(COOKIE + ++system.systemThreads, SYSTEM_PROCESS, true);
  assert(at != 0); // the host is out of memory
  const thread = changetype<Thread>(at);
  thread.object = dispatcherOf(handle);
  const f = push(thread, FrameKind.SystemThread);
  f.callback = routine;
  f.x = context;
  makeReady(thread);
  return handle;
}

export function stepSystemThread(f: Frame): Step {
  if (f.step++ == 0) return call(f, RoutineKind.SystemThread, f.callback, 0, 0, f.x, 0, 0);
  const thread = changetype<Thread>(f.thread);
  f.result = thread.exitStatus;
  if (thread.object != 0) setState(changetype<Dispatcher>(thread.object), 1);
  return Step.Done;
}
