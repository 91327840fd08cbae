// What the drivers of a flow's stack do with a request (flow-plan.ts), on the real framework. They know which request they
// have by its offset in the device, or the number in its control code.

import { IoctlMethod, Irql, NtStatus, PoolType, WdfRequestSendOption, WdfRequestType } from "../../bindings/abi";
import type { WDFDEVICE, WDFIOTARGET, WDFMEMORY, WDFQUEUE, WDFREQUEST } from "../../bindings/handles";
import * as wdf from "../../host/ddi";
import type { System } from "../../host/system";
import {
  type End, type Flow, type FlowWorkload, STATUSES, answerOf, carriesData, endOf, holdOf, isSynchronous, passing, piecesOf, timeoutOf,
} from "./flow-plan";

export type Steps<T = void> = Generator<undefined, T, unknown>;
type Own = Extract<End, { do: "own" }>;

/** A device of the stack, and what its driver remembers. */
export interface Device {
  readonly level: number;
  handle: WDFDEVICE;
  target: WDFIOTARGET;
  second: WDFQUEUE;
  manual: WDFQUEUE;
  /** Requests whose callbacks the driver may expect, and their ends. */
  presented: number;
  cleaned: number;
  destroyed: number;
}

/** A request as a driver has it. */
export interface Job {
  readonly device: Device;
  readonly request: WDFREQUEST;
  readonly id: number;
  /** A transfer's memory that was locked in the sender's context. */
  readonly locked: { input: Uint8Array; output: Uint8Array } | null;
  stage: number;
  putBack: boolean;
  /** What the driver has sent. */
  out: WDFREQUEST;
}

const NOTHING = new Uint8Array(0);

/** The code of a request's device control. */
export function codeOf(id: number, method: IoctlMethod): number {
  return 0x220000 | (id << 2) | method;
}

/** Iterates what a DDI gave to a generator routine; what it gave to a plain function is the result. */
export function* done<T>(result: T): Steps<T> {
  const suspended = result as unknown;
  if (typeof suspended === "object" && suspended !== null && Symbol.iterator in suspended) return yield* suspended as Steps<T>;
  return result;
}

export abstract class FlowDrivers {
  abstract readonly system: System;
  /** What each driver that completed a request found in its input, by the request's number. */
  readonly seen: string[][] = [];
  /** What drivers keep, oldest first. */
  readonly held: Job[] = [];
  protected readonly jobs = new Map<number, Job>();
  protected readonly flows: Flow[] = [];
  /** Buffers that drivers were lent, of requests that are complete and whose bytes must be gone. */
  protected readonly lent: { readonly id: number; readonly bytes: Uint8Array }[] = [];
  protected readonly workload: FlowWorkload;

  constructor(workload: FlowWorkload) {
    this.workload = workload;
  }

  /** Runs steps of a driver: as a generator routine, or to their end if nothing in them may wait. */
  protected play(steps: Steps): Steps | undefined {
    if (this.workload.waits) return steps;
    if (!steps.next().done) throw new Error("a driver that may not wait has waited");
    return undefined;
  }

  protected visitOf({ device, id }: Job) {
    return this.flows[id].visits[device.level];
  }

  private idOf(request: WDFREQUEST): number {
    const { type, ioControlCode, deviceOffset } = wdf.WdfRequestGetParameters(request);
    return type === (WdfRequestType.DeviceControl as number) ? (ioControlCode >> 2) & 0xfff : deviceOffset;
  }

  protected *inCallerContext(device: Device, request: WDFREQUEST): Steps {
    const { type, ioControlCode, length, inputBufferLength } = wdf.WdfRequestGetParameters(request);
    if (type === (WdfRequestType.DeviceControl as number) && (ioControlCode & 3) === (IoctlMethod.Neither as number)) {
      const locked: NonNullable<Job["locked"]> = { input: NOTHING, output: NOTHING };
      if (inputBufferLength > 0) {
        const { buffer } = wdf.WdfRequestRetrieveUnsafeUserInputBuffer(request, inputBufferLength);
        locked.input = wdf.WdfMemoryGetBuffer(wdf.WdfRequestProbeAndLockUserBufferForRead(request, buffer, inputBufferLength).memory);
      }
      if (length > 0) {
        const { buffer } = wdf.WdfRequestRetrieveUnsafeUserOutputBuffer(request, length);
        locked.output = wdf.WdfMemoryGetBuffer(wdf.WdfRequestProbeAndLockUserBufferForWrite(request, buffer, length).memory);
      }
      this.newJob(device, request, locked);
    }
    device.presented++;
    yield* done(wdf.WdfDeviceEnqueueRequest(device.handle, request));
  }

  private newJob(device: Device, request: WDFREQUEST, locked: Job["locked"] = null): Job {
    const job = { device, request, id: this.idOf(request), locked, stage: 0, putBack: false, out: 0 as WDFREQUEST };
    this.jobs.set(request, job);
    return job;
  }

  protected *arrived(device: Device, request: WDFREQUEST): Steps {
    const known = this.jobs.get(request);
    const job = known?.stage === 0 ? known : this.newJob(device, request);
    if (device.level > 0) device.presented++;
    yield* this.goOn(job);
  }

  protected *goOn(job: Job): Steps {
    const { device, request } = job;
    const visit = this.visitOf(job);
    if (job.stage++ === 0) {
      if (visit.second) return yield* this.forward(job, device.second);
      job.stage++;
    }
    if (job.stage === 2) {
      job.stage++;
      if (visit.manual !== "no") return yield* this.forward(job, device.manual);
    }
    if (job.stage === 3) {
      job.stage++;
      const hold = holdOf(this.workload, visit);
      if (hold === "plain") return void this.held.push(job);
      if (hold === "cancelable") {
        const evtRequestCancel = (): Steps | undefined => this.play(this.canceled(job));
        this.held.push(job);
        const status = yield* done(wdf.WdfRequestMarkCancelableEx(request, evtRequestCancel));
        if (status < 0) yield* this.canceled(job);
        return;
      }
    }
    const end = endOf(this.workload, this.flows[job.id], device.level);
    if (end.do === "complete") yield* this.completeWithBytes(job, STATUSES[end.status], end.quarters);
    else if (end.do === "own") yield* this.sendOwn(job, end);
    else yield* this.sendOn(job, end);
  }

  private *canceled(job: Job): Steps {
    this.held.splice(this.held.indexOf(job), 1);
    yield* this.complete(job, NtStatus.Cancelled, 0);
  }

  private *forward(job: Job, to: WDFQUEUE): Steps {
    const status = yield* done(wdf.WdfRequestForwardToIoQueue(job.request, to));
    if (status < 0) yield* this.complete(job, status, 0);
  }

  private *complete(job: Job, status: NtStatus, information: number): Steps {
    this.jobs.delete(job.request);
    yield* done(wdf.WdfRequestCompleteWithInformation(job.request, status, information));
  }

  /** A buffer of a request, empty when the driver gets at none. */
  private bytes({ locked, request, id, device }: Job, what: "input" | "output"): Uint8Array {
    if (locked !== null) return locked[what];
    const { buffer } = what === "input" ? wdf.WdfRequestRetrieveInputBuffer(request, 0) : wdf.WdfRequestRetrieveOutputBuffer(request, 0);
    if (!this.isOwn(id, device.level)) this.lent.push({ id, bytes: buffer });
    return buffer;
  }

  /** Whether what arrives at a level is a request that a driver above has made, in memory of its own. */
  private isOwn(id: number, level: number): boolean {
    return this.workload.floors.some((_, above) => above < level && endOf(this.workload, this.flows[id], above).do === "own");
  }

  private *completeWithBytes(job: Job, status: NtStatus, quarters: number): Steps {
    const { id, device } = job;
    const input = this.bytes(job, "input").slice();
    const output = this.bytes(job, "output");
    const whole = this.flows[id].kind === "write" ? input : output;
    const length = Math.floor((whole.length * quarters) / 4);
    this.seen[id].push(`${device.level}: ${input.join(" ")}`);
    output.set(answerOf(id, device.level, input, this.flows[id].kind === "write" ? 0 : length));
    yield* this.complete(job, status, length);
  }

  private options({ id, device: { level } }: Job): wdf.WdfRequestSendOptions | undefined {
    const timeout = timeoutOf(this.workload, this.flows[id], level);
    const sync = isSynchronous(endOf(this.workload, this.flows[id], level)) && this.level === Irql.Passive;
    const flags = (timeout > 0 ? WdfRequestSendOption.Timeout : 0) | (sync ? WdfRequestSendOption.Synchronous : 0);
    return flags === 0 ? undefined : { flags, timeout: -timeout * 10_000 };
  }

  private get level(): number {
    return this.system.machine.exports.currentLevel();
  }

  private *sendOn(job: Job, end: Extract<End, { do: "send" }>): Steps {
    const { request, device } = job;
    wdf.WdfRequestFormatRequestUsingCurrentType(request);
    if (end.how === "forget") {
      this.jobs.delete(request);
      yield* done(wdf.WdfRequestSend(request, device.target, { flags: WdfRequestSendOption.SendAndForget }));
      return;
    }
    const options = this.options(job);
    job.out = request;
    const sync = ((options?.flags ?? 0) & WdfRequestSendOption.Synchronous) !== 0;
    if (!sync) {
      const back: wdf.EvtRequestCompletionRoutine = (_request, _target, { ioStatus }) =>
        this.play(this.passBack(job, ioStatus.status, ioStatus.information)) as never;
      wdf.WdfRequestSetCompletionRoutine(request, back);
    }
    const sent = yield* done(wdf.WdfRequestSend(request, device.target, options));
    if (!sent) yield* this.complete(job, wdf.WdfRequestGetStatus(request), 0);
    else if (sync) yield* this.passBack(job, wdf.WdfRequestGetStatus(request), wdf.WdfRequestGetInformation(request));
  }

  private *passBack(job: Job, status: NtStatus, information: number): Steps {
    const { id, device, request } = job;
    job.out = 0 as WDFREQUEST;
    this.seen[id].push(`${device.level}: back${wdf.WdfRequestIsCanceled(request) ? " cancelled" : ""}`);
    const output = carriesData(status) && information > 0 ? this.bytes(job, "output") : NOTHING;
    for (let i = 0; i < information && i < output.length; i++) output[i] = passing(device.level, output[i]);
    yield* this.complete(job, status, information);
  }

  // ── Requests of a driver's own ──

  private memory(parent: WDFREQUEST, bytes: Uint8Array): WDFMEMORY | undefined {
    if (bytes.length === 0) return undefined;
    const { memory } = wdf.WdfMemoryCreate({ parentObject: parent }, PoolType.NonPagedNx, 0, bytes.length);
    wdf.WdfMemoryCopyFromBuffer(memory, 0, bytes);
    return memory;
  }

  private *sendOwn(job: Job, end: Own): Steps {
    const { kind } = this.flows[job.id];
    const { device } = job;
    const write = kind === "write";
    const own = wdf.WdfRequestCreate(undefined, device.target).request;
    const whole = write ? this.bytes(job, "input") : this.bytes(job, "output");
    const main = this.memory(own, whole);
    const input = kind === "control" ? this.memory(own, this.bytes(job, "input")) : undefined;
    const lengths = kind === "control" ? [whole.length] : piecesOf(whole.length, end.pieces);
    let total = 0;
    const world = this; // oxlint-disable-line typescript/no-this-alias -- generators are no arrow functions
    const finish = function* (status: NtStatus): Steps {
      job.out = 0 as WDFREQUEST;
      if (!write && main !== undefined) wdf.WdfMemoryCopyToBuffer(main, 0, whole);
      yield* world.complete(job, status, total);
      yield* done(wdf.WdfObjectDelete(own));
    };
    const back = function* (status: NtStatus, information: number): Steps {
      total += information;
      const size = lengths.shift()!;
      if (status !== NtStatus.Success || information !== size || lengths.length === 0) return yield* finish(status);
      yield* done(wdf.WdfRequestReuse(own, { status: NtStatus.Success }));
      yield* next();
    };
    const next = function* (): Steps {
      const { target } = device;
      const range = main === undefined ? undefined : { bufferOffset: total, bufferLength: lengths[0] };
      if (kind === "control") {
        yield* done(wdf.WdfIoTargetFormatRequestForIoctl(target, own, codeOf(job.id, IoctlMethod.Buffered), input, undefined, main));
      } else if (write) yield* done(wdf.WdfIoTargetFormatRequestForWrite(target, own, main, range, job.id));
      else yield* done(wdf.WdfIoTargetFormatRequestForRead(target, own, main, range, job.id));
      job.out = own;
      const options = world.options(job);
      const sync = ((options?.flags ?? 0) & WdfRequestSendOption.Synchronous) !== 0;
      const routine: wdf.EvtRequestCompletionRoutine = (_own, _target, { ioStatus }) =>
        world.play(back(ioStatus.status, ioStatus.information)) as never;
      if (!sync) wdf.WdfRequestSetCompletionRoutine(own, routine);
      const sent = yield* done(wdf.WdfRequestSend(own, target, options));
      if (!sent) return yield* finish(wdf.WdfRequestGetStatus(own));
      if (sync) yield* back(wdf.WdfRequestGetStatus(own), wdf.WdfRequestGetInformation(own));
    };
    yield* next();
  }
}
