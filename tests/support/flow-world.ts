// A stack that a workload of flows goes through (flow-plan.ts), on the real framework: a bus, a function driver above it, a
// filter on top, or fewer of them, with the drivers of flow-drivers.ts; and what a step does to it.

import { NtStatus, WdfDeviceIoType, WdfIoQueueDispatchType, WdfIoTargetPurgeIoAction as Purge } from "../../bindings/abi";
import { IoctlMethod, WdfIoTargetSentIoAction as Stop, WdfRequestType, WdfTriState } from "../../bindings/abi";
import type { WDFDEVICE, WDFIOTARGET, WDFQUEUE, WDFREQUEST } from "../../bindings/handles";
import * as wdf from "../../host/ddi";
import { System } from "../../host/system";
import { type Device, FlowDrivers, type Job, type Steps, codeOf, done } from "./flow-drivers";
import { type Flow, type FlowWorkload, TICK, type TargetOperation, carriesData, holdOf, inputOf } from "./flow-plan";
import type { Outcome } from "./flow-records";

const NAMES = ["bus", "function", "filter"];
const MAJORS = { read: WdfRequestType.Read, write: WdfRequestType.Write, control: WdfRequestType.DeviceControl };

export class FlowWorld extends FlowDrivers {
  readonly system: System;
  readonly outcomes: (Outcome | null)[] = [];
  readonly devices: Device[] = [];
  /** Threads that have not ended. */
  waiting = 0;

  constructor(workload: FlowWorkload, options: { random?: number; tape?: string } = {}) {
    super(workload);
    this.system = System.create({ verifier: workload.verifier, ...options });
    const levels = workload.floors.length;
    for (let level = levels - 1; level >= 0; level--) {
      const device: Device = {
        level, handle: 0 as WDFDEVICE, target: 0 as WDFIOTARGET, second: 0 as WDFQUEUE, manual: 0 as WDFQUEUE,
        presented: 0, cleaned: 0, destroyed: 0,
      };
      this.devices.unshift(device);
      const above = level === levels - 1 ? {} : { above: this.devices[1].handle };
      const evtDriverDeviceAdd = (_driver: unknown, init: wdf.WdfDeviceInit): number => this.add(device, init);
      this.system.addDevice({ name: NAMES[levels - 1 - level], evtDriverDeviceAdd }, above);
    }
  }

  // ── Devices ──

  private add(device: Device, init: wdf.WdfDeviceInit): number {
    wdf.WdfDeviceInitSetIoType(init, this.workload.direct ? WdfDeviceIoType.Direct : WdfDeviceIoType.Buffered);
    const inCallerContext: wdf.EvtIoInCallerContext = (_, request) => this.play(this.inCallerContext(device, request));
    if (device.level === 0) wdf.WdfDeviceInitSetIoInCallerContextCallback(init, inCallerContext);
    wdf.WdfDeviceInitSetRequestAttributes(init, {
      evtCleanupCallback: () => void device.cleaned++,
      evtDestroyCallback: () => void device.destroyed++,
    });
    device.handle = wdf.WdfDeviceCreate(init).device;
    device.target = wdf.WdfDeviceGetIoTarget(device.handle);
    const { sequential, allowZeroLength } = this.workload.floors[device.level];
    const type = sequential ? WdfIoQueueDispatchType.Sequential : WdfIoQueueDispatchType.Parallel;
    const handler = (_queue: WDFQUEUE, request: WDFREQUEST) => this.play(this.arrived(device, request));
    const again = (_queue: WDFQUEUE, request: WDFREQUEST) => this.play(this.goOn(this.jobs.get(request)!));
    const plain = { allowZeroLengthRequests: true, powerManaged: WdfTriState.False }; // a removal that purges at once
    const make = (dispatch: WdfIoQueueDispatchType, more: Partial<wdf.WdfIoQueueConfig>): WDFQUEUE =>
      wdf.WdfIoQueueCreate(device.handle, { ...wdf.WDF_IO_QUEUE_CONFIG_INIT(dispatch), ...plain, ...more }).queue;
    const all = { evtIoRead: handler, evtIoWrite: handler, evtIoDeviceControl: handler };
    make(type, { ...all, allowZeroLengthRequests: allowZeroLength, defaultQueue: true });
    device.second = make(WdfIoQueueDispatchType.Parallel, { evtIoDefault: again });
    device.manual = make(WdfIoQueueDispatchType.Manual, {});
    return NtStatus.Success;
  }

  private thread(body: () => Steps): void {
    this.waiting++;
    const world = this; // oxlint-disable-line typescript/no-this-alias -- generators are no arrow functions
    this.system.thread<void>(function* () {
      yield* body();
      world.waiting--;
    });
  }

  // ── What comes from outside ──

  send(flow: Flow): void {
    const id = this.flows.push(flow) - 1;
    this.outcomes.push(null);
    this.seen.push([]);
    const major = MAJORS[flow.kind];
    const input = flow.kind === "read" ? undefined : inputOf(id, flow.input);
    const outputLength = flow.kind === "write" ? 0 : flow.output;
    const output = flow.brings && flow.kind !== "write" ? new Uint8Array(outputLength) : undefined;
    const where = flow.kind === "control" ? { code: codeOf(id, flow.method) } : { offset: id };
    const request = { major, file: 0, input, outputLength, output, ...where };
    this.system.input(() =>
      this.system.send(this.devices[0].handle, request, (status, information, irp) => {
        if (this.outcomes[id] !== null) throw new Error(`request ${id} is completed twice`);
        const data = flow.kind !== "write" && carriesData(status) ? [...irp.output.subarray(0, information)] : [];
        if (input?.join() !== (input && inputOf(id, flow.input).join())) throw new Error(`the input of request ${id} was changed`);
        this.outcomes[id] = { status, information, data };
      }),
    );
  }

  cancel(id: number): void {
    this.system.cancel(id + 1);
  }

  release(at: number): void {
    const [job] = this.held.splice(at, 1);
    this.start(this.released(job));
  }

  private *released(job: Job): Steps {
    const hold = holdOf(this.workload, this.visitOf(job));
    if (hold !== "cancelable" || wdf.WdfRequestUnmarkCancelable(job.request) >= 0) yield* this.goOn(job);
  }

  /** Runs steps in a system thread. */
  private start(steps: Steps): void {
    if (this.workload.waits) this.thread(() => steps);
    else this.system.thread(() => void this.play(steps));
  }

  retrieve(level: number): void {
    const device = this.devices[level];
    this.start(this.retrieved(device));
  }

  private *retrieved({ manual }: Device): Steps {
    const { status, request } = yield* done(wdf.WdfIoQueueRetrieveNextRequest(manual));
    if (status < 0) return;
    const job = this.jobs.get(request)!;
    if (this.visitOf(job).manual === "requeue" && !job.putBack) {
      job.putBack = true;
      yield* done(wdf.WdfRequestRequeue(request));
    } else yield* this.goOn(job);
  }

  cancelSent(level: number, id: number): void {
    const job = [...this.jobs.values()].find((one) => one.device.level === level && one.id === id && one.out !== 0);
    if (job === undefined) throw new Error(`request ${id} is not out from level ${level}`);
    this.thread(() => done(wdf.WdfRequestCancelSentRequest(job.out)) as Steps<never>);
  }

  target(level: number, operation: TargetOperation): void {
    const { target } = this.devices[level];
    const call = (): unknown => {
      switch (operation) {
        case "start":
          return wdf.WdfIoTargetStart(target);
        case "stop and leave":
          return wdf.WdfIoTargetStop(target, Stop.LeaveSentIoPending);
        case "stop and cancel":
          return wdf.WdfIoTargetStop(target, Stop.CancelSentIo);
        case "stop and wait":
          return wdf.WdfIoTargetStop(target, Stop.WaitForSentIoToComplete);
        case "purge":
          return wdf.WdfIoTargetPurge(target, Purge.PurgeIo);
        default:
          return wdf.WdfIoTargetPurge(target, Purge.PurgeIoAndWait);
      }
    };
    this.thread(() => done(call()) as Steps<never>);
  }

  advance(ticks: number): void {
    this.system.advance(ticks * TICK);
  }

  /** The top device goes: IRP_MN_REMOVE_DEVICE. */
  remove(): void {
    this.system.power(this.devices[0].handle).remove();
  }

  // ── The end ──

  /** Buffers of completed requests that still have their bytes. */
  keptBuffers(): string[] {
    const taken = ({ kind, method, brings }: Flow): boolean =>
      !brings && !(this.workload.direct && kind === "write") && !(kind === "control" && method !== IoctlMethod.Buffered);
    return this.lent
      .filter(({ id, bytes }) => this.outcomes[id] !== null && bytes.length > 0 && taken(this.flows[id]))
      .map(({ id }) => `a buffer of request ${id}`);
  }
}
