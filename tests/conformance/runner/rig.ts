// A scenario's machine: one System with the stand-in kernel's schedule, and the transcript of what it does.

import { pnpName } from "./pnp";
import {
  EventKind,
  NtStatus,
  Switch,
  THREAD_COOKIE_OFFSET,
  WINDOW_STOP,
  WINDOW_THREAD,
  WaitReason,
  WdfViolation,
} from "../../../bindings/abi";
import { Core } from "../../../bindings/core";
import type { WDFDEVICE } from "../../../bindings/handles";
import { callMachine, callWith } from "../../../host/ddi/call";
import { BugCheckError } from "../../../host/errors";
import { hex8, statusName } from "../../../host/format";
import { Machine } from "../../../host/machine";
import type { EventSink } from "../../../host/observer";
import { enter, leave } from "../../../host/current";
import { describeInterruptChange } from "../../../host/trace/interrupts";
import { type SendRequest, sendIrp } from "../../../host/sending";
import { fxTypeOf } from "./fx-types";
import { fillLikeTheSender } from "./sender";
import type { Suspendable } from "../../../host/suspension";
import { clockText } from "./clock";
import { Bus } from "./bus";
import { completionCallback } from "./completion";
import { Transcript } from "./transcript";
import { World } from "./world";

/** What runs as a thread or callback of the scenario. */
export type Script = Generator<undefined, unknown, unknown>;

const DPC_COOKIE = 0x40000001;
const WORKER_COOKIE = 0x40000002;

export class Rig implements EventSink {
  readonly machine: Machine;
  readonly world = new World();
  readonly transcript = new Transcript();
  readonly bus = new Bus(this);
  readonly completion = completionCallback(this);
  /** Script lines whose threads are parked. */
  readonly blocked = new Set<number>();
  /** The thread that waits since last waits for DPCs: the stand-in kernel only lets others go first. */
  private yields = false;

  constructor(module: WebAssembly.Module, verifier: boolean) {
    this.world.verifier = verifier;
    const switches = (verifier ? Switch.Verifier : 0) | Switch.DeferredDelivery;
    this.machine = new Machine(Core.create(module, { switches, ringCapacity: 1024, objects: 4096 }), this);
  }

  /** The thread that runs, and what the trace calls it. */
  private thread(): { address: number; label: string } {
    const core = this.machine.core;
    const address = core.word(WINDOW_THREAD);
    const cookie = core.word(address + THREAD_COOKIE_OFFSET);
    return { address, label: labelOf(cookie) };
  }

  say(text: string): void {
    const { address, label } = this.thread();
    this.transcript.say(address, label, text);
  }

  nest(by: 1 | -1): void {
    this.transcript.nest(this.thread().address, by);
  }

  /** The level of the running thread. */
  get irql(): number {
    return this.machine.exports.currentLevel();
  }

  /** Puts the bus below the device. */
  attachBus(device: number): void {
    const { bus, machine } = this;
    const dispatch = machine.callback((_device: number, irp: number, major: number) => bus.dispatch(irp, major));
    machine.exports.setLowerDriver(device, dispatch, machine.callback((_device: number, irp: number) => bus.cancel(irp)));
  }

  /** A notification of the core. */
  event(kind: EventKind, detail: number, a: number, b: number, c: number): void {
    switch (kind) {
      case EventKind.RequestCompleted:
        this.finish(a, b, c);
        this.done(a, b, c, detail & 0xff);
        break;
      case EventKind.Finding:
        if (detail >>> 8 !== 0) this.say("BREAK");
        break;
      case EventKind.PnpCompleted:
        this.world.pnpOutstanding--;
        this.say(`* DONE ${pnpName(b)} IRP ${hex8(c)} ${statusName(c)}`);
        break;
      case EventKind.ThreadParked:
        if (a < DPC_COOKIE && !this.blocked.has(a)) {
          this.blocked.add(a);
          this.yields = detail >>> 8 === WaitReason.DpcsToRun;
        }
        break;
      case EventKind.ThreadEnded:
        this.blocked.delete(a);
        this.transcript.forget(this.thread().address);
        break;
      case EventKind.InterruptChanged:
        this.say(`kernel: ${describeInterruptChange(detail >>> 8, b, c)}`);
        break;
      case EventKind.SentDown:
        this.say(`bus mj=${c}`);
        break;
      case EventKind.DeadlineReached:
        this.transcript.note(`${clockText(this)}: ${a === -1 ? "timer expires" : `wait timeout of ${labelOf(a)}`}`);
        break;
      case EventKind.IrpSent:
        this.world.sentAs(a, b);
        break;
      case EventKind.FileObjectMade:
        this.world.addFileObject(a, b);
        break;
      case EventKind.IrpTakenOver:
        this.machine.irps.rename(a, b);
        this.world.takeOver(a, b);
        break;
    }
  }

  private finish(handle: number, status: number, information: number): void {
    const irp = this.machine.irps.get(handle);
    if (irp !== undefined) this.machine.irps.finish(irp, status, information >>> 0);
  }

  private done(handle: number, status: number, information: number, irql: number): void {
    const name = this.world.requestName(handle);
    this.say(`* DONE ${name} ${hex8(status)} ${statusName(status)} info=${information} irql=${irql}`);
    this.world.requestDone(handle);
  }

  /** Calls an input or DDI of the core from inside the running thread. */
  *call(name: string, ...args: number[]): Generator<undefined, number, unknown> {
    const result = yield* callMachine(this.machine, name, args, (value) => value) as Suspendable<number>;
    this.machine.takeNotifications();
    return result;
  }

  /** Sends an IRP from the running thread: its handle at once, the status when the dispatch has returned. */
  sendIrp(device: WDFDEVICE, request: SendRequest): { irp: number; status: Suspendable<number> } {
    let irp = 0;
    const status = callWith(this.machine, "sendIrp", () => {
      const sent = sendIrp(this.machine, device, { ...request, status: NtStatus.NotSupported }, () => {});
      if (sent !== null) fillLikeTheSender(sent);
      return (irp = sent?.handle ?? 0);
    });
    return { irp, status };
  }

  /** Runs a script line in a thread of its own, then what has become ready, unless pumping is off. */
  runLine(line: number, body: () => Script): void {
    const before = enter(this.machine);
    try {
      this.machine.holding = true;
      this.machine.exports.startThread(line, this.machine.callback(wrap(body)), 4);
      this.machine.pump(0);
      this.machine.holding = false;
      if (this.world.pumping) this.machine.pump(0);
      if (this.blocked.has(line) && !this.yields) this.transcript.note(`${labelOf(line)} blocked`);
    } finally {
      leave(before);
    }
  }

  /** Runs what is ready. */
  pump(): void {
    const before = enter(this.machine);
    try {
      this.machine.holding = false;
      this.machine.pump(0);
    } finally {
      leave(before);
    }
  }

  /** The line of a Stop: parameters are a name, a number, NULL or a pointer. */
  bugCheck(error: BugCheckError): void {
    const [p1, p2, p3] = error.parameters;
    const code = this.machine.core.word(WINDOW_STOP) >>> 0;
    const name = `WDF_${WdfViolation[p1]?.replace(/(?<=[a-z])(?=[A-Z])/g, "_").toUpperCase()}`;
    const [second, third] = this.stopParameters(p1, p2, p3);
    this.say(`BUGCHECK code=0x${code.toString(16)} p1=0x${p1.toString(16)}(${name}) p2=${second} p3=${third}`);
  }

  private stopParameters(p1: number, p2: number, p3: number): [string, string] {
    switch (p1) {
      case WdfViolation.RequestFatalError:
        return [`0x${p2.toString(16)}`, p2 === 2 || p2 === 3 ? this.world.requestName(p3) : "*"];
      case WdfViolation.QueueFatalError:
      case WdfViolation.RecursiveLock:
        return ["*", "NULL"];
      case WdfViolation.VerifierFatalError:
        return [this.world.nameOf(p2), `0x${p3.toString(16)}`];
      case WdfViolation.RequiredParameterIsNull:
        return ["NULL", "*"];
      case WdfViolation.InvalidLockOperation:
        return [this.world.nameOf(p2), p3 === 0 ? "NULL" : `0x${p3.toString(16)}`];
      case WdfViolation.ObjectError:
        return ["*", "*"];
      default:
        return [p2 === 0 ? "NULL" : this.world.nameOf(p2), `0x${fxTypeOf(p3).toString(16)}`];
    }
  }
}

function labelOf(cookie: number): string {
  if (cookie === DPC_COOKIE) return "dpc";
  return cookie === WORKER_COOKIE ? "wi" : `L${cookie}`;
}

/** A fresh generator function for a body, so that each line is a callback of its own. */
function wrap(body: () => Script): () => Script {
  return function* () {
    return yield* body();
  };
}
