// How an IRP leaves its sender: the core is told what it is, the host keeps its bytes.

import { IrpWord, NtStatus, SendFlag, WdfRequestType } from "../bindings/abi";
import type { WDFDEVICE } from "./ddi/types";
import type { IrpParameters } from "./irp-buffers";
import type { Irp, IrpCallback } from "./irps";
import type { Machine } from "./machine";

/** What a sender asks for. */
export interface SendRequest extends IrpParameters {
  /** Handle of the file object, 0 for none. */
  readonly file: number;
  /** Where in the device a read or write begins, in bytes. */
  readonly offset?: number | bigint | undefined;
  /** The key of a read or write. */
  readonly key?: number | undefined;
  /** What the sender leaves in IoStatus.Status; 0 unless it says otherwise. */
  readonly status?: number | undefined;
  /** {@link SendFlag} */
  readonly flags?: number | undefined;
}

/**
 * Sends an IRP, inside an input or from a routine. `done` is called when it is back, or at once when the System is full:
 * then the answer is null.
 */
export function sendIrp(machine: Machine, device: WDFDEVICE, request: SendRequest, done: IrpCallback): Irp | null {
  const { major, file, input } = request;
  const outputLength = request.output?.length ?? request.outputLength ?? 0;
  const length = major === WdfRequestType.Write ? (input?.length ?? 0) : outputLength;
  const flags = flagsOf(machine, request);
  const transfer = flags === 0 && (major === WdfRequestType.Read || major === WdfRequestType.Write);
  const { exports } = machine;
  const handle = transfer
    ? exports.sendTransfer(device, major, length, file)
    : exports.sendIrp(device, major, length, file, flags, control(major) ? (input?.length ?? 0) : 0, request.code ?? 0);
  if (handle !== 0) return machine.irps.add(handle, device, request, done);
  done(machine.names.refusal(device), 0, NO_IRP);
  return null;
}

function control(major: number): boolean {
  return major === WdfRequestType.DeviceControl || major === WdfRequestType.DeviceControlInternal;
}

/** The flags of a request; where it is goes to the scratch area. */
function flagsOf(machine: Machine, { flags = 0, offset, key, status, badBuffer }: SendRequest): number {
  const bad = badBuffer ? SendFlag.BadBuffer : 0;
  if (offset === undefined && key === undefined && status === undefined) return flags | bad;
  const at = BigInt.asUintN(64, BigInt(offset ?? 0));
  machine.core.writeScratch(IrpWord.OffsetLow, [Number(at & 0xffffffffn), Number(at >> 32n), key ?? 0, status ?? NtStatus.Success]);
  return flags | bad | SendFlag.Located;
}

const NO_IRP = { output: new Uint8Array(0) };
