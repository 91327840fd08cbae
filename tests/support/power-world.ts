// A driver with a power-managed queue that answers EvtIoStop in every way it may, and a device that comes, idles and goes.
//
//   a read   keep        owned
//            mark        owned and cancelable
//            complete    done at once
//            forward     in a second, manual queue, from which the driver takes it when it completes something
//            send        owned, and out at the driver below, which keeps it
//
//   owned   handed ──EvtIoStop──▶ complete it (after Unmark, if it is cancelable; cancel it below, if it is out there)
//                              ──▶ WdfRequestStopAcknowledge(TRUE): it is the queue's again (one that is out: as above)
//                              ──▶ WdfRequestStopAcknowledge(FALSE): acked until EvtIoResume
//                              ──▶ nothing: due; whoever completes it later ends the wait

import { DeviceState, NtStatus, PnpIrp, WdfPowerPolicyS0IdleCapabilities, WdfRequestStopAction, WdfTriState } from "../../bindings/abi";
import type { WDFQUEUE, WDFREQUEST } from "../../bindings/handles";
import * as wdf from "../../host/ddi";
import type { LowerIrp } from "../../host/lower";
import type { SystemThread } from "../../host/threads";
import { Rig, type SentIrp } from "./rig";

export type StopHabit = "complete" | "requeue" | "keep" | "later";
export type ReadHabit = "keep" | "mark" | "complete" | "forward" | "send";

/** How the driver of a run behaves. */
export interface PowerHabits {
  readonly sequential: boolean;
  /** By turns. */
  readonly read: readonly ReadHabit[];
  readonly stop: readonly StopHabit[];
  readonly random: number | undefined;
  /** Milliseconds after which the device is idle; undefined for never. */
  readonly idle: number | undefined;
}

type Place = "handed" | "acked" | "due";
const CANCELABLE = 0x10000000;

export class PowerWorld {
  readonly rig: Rig;
  readonly sent: SentIrp[] = [];
  readonly owned = new Map<WDFREQUEST, Place>();
  private readonly marked = new Set<WDFREQUEST>();
  /** Requests that are out at the driver below, with what it has. */
  private readonly out = new Map<WDFREQUEST, LowerIrp | null>();
  private readonly habits: PowerHabits;
  private readonly second: WDFQUEUE;
  private reads = 0;
  private stops = 0;
  private transitions: SystemThread<NtStatus>[] = [];
  /** What the device was last told. */
  state: "on" | "asleep" | "stopped" | "gone" = "on";

  constructor(habits: PowerHabits) {
    this.habits = habits;
    let second: WDFQUEUE | undefined;
    this.rig = new Rig({
      // A completion routine that is a plain function cannot wait while EvtIoStop, one too, is overtaken in WdfRequestCancelSentRequest.
      ...(habits.random === undefined || habits.read.includes("send") ? {} : { random: habits.random, processors: 2 }),
      place: { lower: { dispatch: (irp) => this.below(irp) } },
      queue: {
        dispatchType: habits.sequential ? wdf.WdfIoQueueDispatchType.Sequential : wdf.WdfIoQueueDispatchType.Parallel,
        powerManaged: WdfTriState.True,
        evtIoRead: (_queue, request) => this.read(request),
        evtIoStop: (_queue, request, flags) => this.stop(request, flags),
        evtIoResume: (_queue, request) => {
          if (this.owned.has(request)) this.owned.set(request, "handed");
        },
      },
      more: (device, rig) => {
        second = rig.makeQueue({ dispatchType: wdf.WdfIoQueueDispatchType.Manual, powerManaged: WdfTriState.True });
        if (habits.idle === undefined) return;
        const { CannotWakeFromS0 } = WdfPowerPolicyS0IdleCapabilities;
        const settings = { ...wdf.WDF_DEVICE_POWER_POLICY_IDLE_SETTINGS_INIT(CannotWakeFromS0), idleTimeout: habits.idle };
        wdf.WdfDeviceAssignS0IdleSettings(device, settings);
      },
    });
    this.second = second!;
  }

  private read(request: WDFREQUEST): void {
    const { read } = this.habits;
    const habit = read[this.reads++ % read.length];
    if (habit === "complete") return void wdf.WdfRequestComplete(request, NtStatus.Success);
    if (habit === "forward" && wdf.WdfRequestForwardToIoQueue(request, this.second) >= 0) return;
    this.owned.set(request, "handed");
    if (habit === "send") this.send(request);
    if (habit !== "mark") return;
    this.marked.add(request);
    const status = wdf.WdfRequestMarkCancelableEx(request, (canceled) => this.finish(canceled, NtStatus.Cancelled));
    if (status >= 0) return;
    this.marked.delete(request);
    this.finish(request, NtStatus.Cancelled);
  }

  private send(request: WDFREQUEST): void {
    wdf.WdfRequestFormatRequestUsingCurrentType(request);
    wdf.WdfRequestSetCompletionRoutine(request, this.back);
    this.out.set(request, null);
    if (wdf.WdfRequestSend(request, wdf.WdfDeviceGetIoTarget(this.rig.device))) return;
    this.out.delete(request);
    this.finish(request, wdf.WdfRequestGetStatus(request));
  }

  private readonly back: wdf.EvtRequestCompletionRoutine = (request, _target, { ioStatus }) => {
    this.out.delete(request);
    this.finish(request, ioStatus.status);
  };

  /** The driver below keeps what it gets until it is told to complete it, or it is cancelled. */
  private below(irp: LowerIrp): void {
    const name = this.rig.name(irp.handle);
    const request = [...this.out.keys()].find((above) => name === `${this.rig.name(above)}'`)!;
    this.out.set(request, irp);
    if (!irp.pend(() => irp.complete(NtStatus.Cancelled))) irp.complete(NtStatus.Cancelled);
  }

  private stop(request: WDFREQUEST, flags: number): void {
    if (!this.owned.has(request)) return; // another thread was faster: it is completed, or about to be
    const { stop } = this.habits;
    const habit = stop[this.stops++ % stop.length];
    const suspends = (flags & WdfRequestStopAction.Suspend) !== 0;
    if (habit === "later") return void this.owned.set(request, "due");
    if (habit === "keep" && (suspends || !this.out.has(request))) {
      this.owned.set(request, "acked");
      return void wdf.WdfRequestStopAcknowledge(request, false);
    }
    if (this.out.has(request)) {
      this.owned.set(request, "due");
      return void wdf.WdfRequestCancelSentRequest(request);
    }
    if ((flags & CANCELABLE) !== 0 && !this.unmark(request)) return;
    if (habit === "complete" || !suspends) return this.finish(request, NtStatus.Success);
    this.owned.delete(request);
    wdf.WdfRequestStopAcknowledge(request, true);
  }

  /** False when the cancel callback will complete the request. */
  private unmark(request: WDFREQUEST): boolean {
    if (!this.marked.delete(request)) return true;
    return wdf.WdfRequestUnmarkCancelable(request) !== NtStatus.Cancelled;
  }

  private finish(request: WDFREQUEST, status: NtStatus): void {
    this.owned.delete(request);
    this.marked.delete(request);
    wdf.WdfRequestComplete(request, status);
  }

  /** Completes one of the requests the driver has, or else one of its second queue; the driver below those that are out. */
  complete(n: number): void {
    const all = [...this.owned.keys()];
    this.rig.system.thread(() => {
      const request = all[n % all.length];
      if (all.length === 0) this.takeSecond();
      else if (this.out.has(request)) this.out.get(request)?.complete(NtStatus.Success);
      else if (this.owned.has(request) && this.unmark(request)) this.finish(request, NtStatus.Success);
    });
  }

  private takeSecond(): void {
    const { status, request } = wdf.WdfIoQueueRetrieveNextRequest(this.second);
    if (status >= 0) wdf.WdfRequestComplete(request, NtStatus.Success);
  }

  arrive(): void {
    this.sent.push(this.rig.sendRead(1));
  }

  cancel(n: number): void {
    if (this.sent.length > 0) this.sent[n % this.sent.length].cancel();
  }

  pass(ms: number): void {
    this.rig.system.advance(ms);
  }

  /** Sends a PnP or power IRP, unless one before waits still or it makes no sense now. */
  pnp(irp: PnpIrp): void {
    const alone = irp === PnpIrp.SetPowerDx || irp === PnpIrp.SetPowerD0;
    if (this.moving && !alone) return;
    const next = alone ? this.state : NEXT[this.state][irp];
    if (next === undefined || this.state === "gone") return;
    this.state = next;
    this.transitions = this.transitions.filter(({ done }) => !done);
    this.transitions.push(this.rig.system.sendPnp(this.rig.device, irp));
  }

  get moving(): boolean {
    return this.transitions.some(({ done }) => !done);
  }

  /** Some thread waits for answers to EvtIoStop. */
  get waitsForAnswers(): boolean {
    return this.rig.system.report().waitingThreads.some((text) => text.includes("acknowledged (EvtIoStop)"));
  }

  /** The device is in Dx, and nothing is under way. */
  get isInDx(): boolean {
    const state = this.rig.system.machine.exports.stateOfDevice(this.rig.device);
    return state === DeviceState.Asleep || state === DeviceState.Idle || state === DeviceState.Stopped;
  }

  /** How many of the requests the driver has keep a transition waiting. */
  get due(): number {
    return [...this.owned.values()].filter((place) => place === "due").length;
  }
}

type State = PowerWorld["state"];
/** Where each IRP that may come leads. */
const NEXT: Record<State, Partial<Record<PnpIrp, State>>> = {
  on: {
    [PnpIrp.SetPowerSx]: "asleep",
    [PnpIrp.StopDevice]: "stopped",
    [PnpIrp.SurpriseRemoval]: "gone",
    [PnpIrp.RemoveDevice]: "gone",
  },
  asleep: { [PnpIrp.SetPowerS0]: "on" },
  stopped: { [PnpIrp.StartDevice]: "on", [PnpIrp.SurpriseRemoval]: "gone" },
  gone: {},
};
