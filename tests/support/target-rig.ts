// A rig whose device stands on a driver that a test answers for, and that sends requests there.
//
//   const rig = new TargetRig();
//   rig.sendOn();                                     the newest request of the queue goes to the default target
//   rig.expect("below: read 4");
//   rig.answer(NtStatus.Success, 4);                  the driver below completes it
//   rig.expect("back r1 STATUS_SUCCESS 4");

import { NtStatus, WdfRequestType } from "../../bindings/abi";
import * as wdf from "../../host/ddi";
import { statusName } from "../../host/format";
import type { LowerIrp } from "../../host/lower";
import { Rig, type RigOptions } from "./rig";

const TYPES: Record<number, string> = {
  [WdfRequestType.Read]: "read",
  [WdfRequestType.Write]: "write",
  [WdfRequestType.DeviceControl]: "control",
  [WdfRequestType.DeviceControlInternal]: "internal control",
};

/** What the driver below does with what it gets. */
export interface Below {
  /** Completes at once with this status, and information. */
  status?: NtStatus;
  information?: number;
  /** Keeps it and completes it STATUS_CANCELLED when it is cancelled. */
  cancelable?: boolean;
}

export class TargetRig extends Rig {
  /** What the driver below has, oldest first. */
  readonly below: LowerIrp[];
  readonly target: wdf.WDFIOTARGET;

  constructor(options: RigOptions & { lower?: Below } = {}) {
    const below: LowerIrp[] = [];
    const said = { by: undefined as Rig | undefined };
    const lower = options.lower ?? {};
    const dispatch = (irp: LowerIrp): void => {
      said.by!.lines.push(`below: ${TYPES[irp.type] ?? irp.type} ${irp.length}${irp.offset === 0 ? "" : ` at ${irp.offset}`}`);
      if (lower.status !== undefined) irp.complete(lower.status, lower.information ?? 0);
      else if (!lower.cancelable) irp.pend();
      else if (!irp.pend(() => this.cancelBelow(irp))) irp.complete(NtStatus.Cancelled);
      if (irp.pended) below.push(irp);
    };
    super({ ...options, place: { lower: { dispatch } } });
    this.below = below;
    said.by = this;
    this.target = this.run(() => wdf.WdfDeviceGetIoTarget(this.device));
  }

  private cancelBelow(irp: LowerIrp): void {
    this.lines.push("below: cancelled");
    this.below.splice(this.below.indexOf(irp), 1);
    irp.complete(NtStatus.Cancelled);
  }

  /** The driver below completes what it has had longest. */
  answer(status: NtStatus = NtStatus.Success, information = 0): void {
    this.below.shift()!.complete(status, information);
  }

  /** A completion routine that says what came back and leaves the request alone. */
  readonly back: wdf.EvtRequestCompletionRoutine = (request, _target, { ioStatus }) => {
    this.say(`back ${this.name(request)} ${statusName(ioStatus.status)} ${ioStatus.information}`);
  };

  /** Formats a request with its own type and sends it to the default target: what WdfRequestSend answered. */
  sendOn(request = this.request, options?: wdf.WdfRequestSendOptions, target = this.target): boolean {
    return this.run(() => {
      wdf.WdfRequestFormatRequestUsingCurrentType(request);
      wdf.WdfRequestSetCompletionRoutine(request, this.back);
      return wdf.WdfRequestSend(request, target, options) as unknown as boolean;
    });
  }

  /** A read of the application that the queue's handler has kept. */
  receive(length = 4): wdf.WDFREQUEST {
    this.sendRead(length);
    this.lines.pop();
    return this.request;
  }

  /** A request of the driver's own. */
  make(target?: wdf.WDFIOTARGET): wdf.WDFREQUEST {
    return this.run(() => wdf.WdfRequestCreate(undefined, target)).request;
  }

  /** The same, formatted as a read without buffer and with a completion routine. */
  makeRead(target = this.target): wdf.WDFREQUEST {
    const request = this.make();
    this.run(() => {
      wdf.WdfIoTargetFormatRequestForRead(target, request);
      wdf.WdfRequestSetCompletionRoutine(request, this.back);
    });
    return request;
  }

  /** Sends a request that is ready to go. */
  sendIt(request: wdf.WDFREQUEST, options?: wdf.WdfRequestSendOptions, target = this.target): boolean {
    return this.run(() => wdf.WdfRequestSend(request, target, options) as unknown as boolean);
  }
}
