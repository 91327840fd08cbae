// A driver below the framework's devices that is not one of theirs: a plain WDM driver, or the model of a device.
//
//   WdfRequestSend ─▶ dispatch(irp) ─▶ irp.complete(status, information)      now, or whenever the device is done
//                                   └▶ irp.pend(onCancel)                     kept; onCancel when it is cancelled
//
// It runs where IoCallDriver runs it: in the sender's thread, at the sender's level.

import { NtStatus, WdfRequestType } from "../bindings/abi";
import { callMachine, same } from "./ddi/call";
import type { WDFDEVICE } from "./ddi/types";
import { ProtocolError } from "./errors";
import type { Machine } from "./machine";
import type { Suspendable } from "./suspension";
import type { Turns } from "./turns";

/** A driver below. */
export interface LowerDriver {
  /** An IRP has arrived: complete it, or pend it. */
  dispatch(irp: LowerIrp): void;
}

const NOTHING = new Uint8Array(0);

/** An IRP at the driver below. */
export class LowerIrp {
  readonly handle: number;
  readonly type: WdfRequestType;
  /** Bytes of a read or write, of the output of a device control. */
  readonly length: number;
  readonly inputLength: number;
  readonly ioControlCode: number;
  /** Byte offset of a read or write. */
  readonly offset: number;
  /** What the sender passed, and what it wants filled: its own bytes. */
  readonly input: Uint8Array;
  readonly output: Uint8Array;
  /** What it was completed with, while dispatch runs; undefined before. */
  status: NtStatus | undefined;
  /** True once it was pended. */
  pended = false;
  onCancel: ((irp: LowerIrp) => void) | undefined;
  private readonly m: Machine;
  private readonly turns: Turns;

  constructor(m: Machine, turns: Turns, handle: number) {
    this.m = m;
    this.turns = turns;
    this.handle = handle;
    this.type = m.exports.irpParameters(handle);
    this.length = m.core.outValue(0);
    this.inputLength = m.core.outValue(1);
    this.ioControlCode = m.core.outValue(2);
    this.offset = m.exports.irpOffset(handle) >>> 0;
    const irp = m.irps.get(handle);
    this.input = irp?.buffers.driverInput ?? NOTHING;
    this.output = irp?.buffers.driverOutput ?? NOTHING;
  }

  /** True when the sender wants it cancelled. */
  get isCancelled(): boolean {
    return this.m.exports.isCancelled(this.handle) !== 0;
  }

  /** IoMarkIrpPending, and IoSetCancelRoutine with a routine. False when it is cancelled already: complete it then. */
  pend(onCancel?: (irp: LowerIrp) => void): boolean {
    if (onCancel !== undefined && this.m.exports.setCancelRoutine(this.handle, 1) === 0) return false;
    this.onCancel = onCancel;
    this.pended = true;
    return true;
  }

  /** IoCompleteRequest. From outside the drivers it is an input; in a generator routine iterate what it returns. */
  complete(status: NtStatus, information = 0): Suspendable<number> | undefined {
    if (this.status !== undefined) throw new ProtocolError("the driver below has completed this IRP already");
    this.status = status;
    const { m, handle } = this;
    if (m.activation !== 0) return callMachine(m, "completeBelow", [handle, status, information], same);
    this.turns.input(() => void m.exports.completeBelow(handle, status, information));
    return undefined;
  }
}

/** Puts a driver below a device that stands lowest of the framework's. */
export function attachLower(m: Machine, turns: Turns, device: WDFDEVICE, driver: LowerDriver): void {
  const kept = new Map<number, LowerIrp>();
  const dispatch = (_device: number, handle: number): number => {
    const irp = new LowerIrp(m, turns, handle);
    kept.set(handle, irp);
    driver.dispatch(irp);
    if (irp.status === undefined && !irp.pended) {
      throw new ProtocolError("the driver below has neither completed nor pended an IRP: call irp.complete or irp.pend");
    }
    if (irp.onCancel === undefined) kept.delete(handle);
    return irp.pended ? NtStatus.Pending : irp.status!;
  };
  const cancel = (_device: number, handle: number): void => {
    const irp = kept.get(handle);
    kept.delete(handle);
    irp?.onCancel?.(irp);
  };
  m.exports.setLowerDriver(device, m.callback(dispatch), m.callback(cancel));
}
