// A driver with one power-managed queue that answers EvtIoStop in every way it may, and a device that comes and goes.
//
//   owned   handed ──EvtIoStop──▶ complete it (after Unmark, if it is cancelable)
//                              ──▶ WdfRequestStopAcknowledge(TRUE): it is the queue's again
//                              ──▶ WdfRequestStopAcknowledge(FALSE): acked until EvtIoResume
//                              ──▶ nothing: due; whoever completes it later ends the wait

import { NtStatus, PnpIrp, WdfRequestStopAction } from "../../bindings/abi";
import type { WDFREQUEST } from "../../bindings/handles";
import * as wdf from "../../host/ddi";
import type { SystemThread } from "../../host/threads";
import { Rig, type SentIrp } from "./rig";

export type StopHabit = "complete" | "requeue" | "keep" | "later";

/** How the driver of a run behaves. */
export interface PowerHabits {
  readonly sequential: boolean;
  readonly read: "keep" | "mark" | "complete";
  readonly stop: readonly StopHabit[];
  readonly random: number | undefined;
}

type Place = "handed" | "acked" | "due";
const CANCELABLE = 0x10000000;

export class PowerWorld {
  readonly rig: Rig;
  readonly sent: SentIrp[] = [];
  readonly owned = new Map<WDFREQUEST, Place>();
  private readonly marked = new Set<WDFREQUEST>();
  private readonly habits: PowerHabits;
  private stops = 0;
  private transition: SystemThread<NtStatus> | null = null;
  /** What the device was last told. */
  state: "on" | "asleep" | "stopped" | "gone" = "on";

  constructor(habits: PowerHabits) {
    this.habits = habits;
    this.rig = new Rig({
      ...(habits.random === undefined ? {} : { random: habits.random, processors: 2 }),
      queue: {
        dispatchType: habits.sequential ? wdf.WdfIoQueueDispatchType.Sequential : wdf.WdfIoQueueDispatchType.Parallel,
        evtIoRead: (_queue, request) => this.read(request),
        evtIoStop: (_queue, request, flags) => this.stop(request, flags),
        evtIoResume: (_queue, request) => void this.owned.set(request, "handed"),
      },
    });
  }

  private read(request: WDFREQUEST): void {
    if (this.habits.read === "complete") return void wdf.WdfRequestComplete(request, NtStatus.Success);
    this.owned.set(request, "handed");
    if (this.habits.read !== "mark") return;
    this.marked.add(request);
    const status = wdf.WdfRequestMarkCancelableEx(request, (canceled) => this.finish(canceled, NtStatus.Cancelled));
    if (status >= 0) return;
    this.marked.delete(request);
    this.finish(request, NtStatus.Cancelled);
  }

  private stop(request: WDFREQUEST, flags: number): void {
    const { stop } = this.habits;
    const habit = stop[this.stops++ % stop.length];
    const suspends = (flags & WdfRequestStopAction.Suspend) !== 0;
    if (habit === "later") return void this.owned.set(request, "due");
    if (habit === "keep") {
      this.owned.set(request, "acked");
      return void wdf.WdfRequestStopAcknowledge(request, false);
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

  /** Completes one of the requests the driver has. */
  complete(n: number): void {
    const all = [...this.owned.keys()];
    if (all.length === 0) return;
    const request = all[n % all.length];
    this.rig.system.thread(() => {
      if (this.owned.has(request) && this.unmark(request)) this.finish(request, NtStatus.Success);
    });
  }

  send(): void {
    this.sent.push(this.rig.sendRead(1));
  }

  cancel(n: number): void {
    if (this.sent.length > 0) this.sent[n % this.sent.length].cancel();
  }

  /** Sends a PnP or power IRP, unless the one before is still worked on or it makes no sense now. */
  pnp(irp: PnpIrp): void {
    if (this.transition !== null && !this.transition.done) return;
    const next = NEXT[this.state][irp];
    if (next === undefined) return;
    this.state = next;
    this.transition = this.rig.system.sendPnp(this.rig.device, irp);
  }

  get moving(): boolean {
    return this.transition !== null && !this.transition.done;
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
