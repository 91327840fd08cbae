// The memory behind what the core has found of a request's buffers: the DDIs of ddi/request-buffer.ts ask the core whether
// there is a buffer, of which kind and how long (its out values), and this file for the bytes.

import { BufferKind, MdlKind, WdfRequestType } from "../bindings/abi";
import type { WDFREQUEST } from "../bindings/handles";
import type { Irp } from "./irps";
import type { Machine } from "./machine";
import { Mdl, UserBuffer } from "./user-memory";

export const NOTHING: Uint8Array = new Uint8Array(0);

/** The host's half of a request's IRP; one that came without bytes gets zeroed ones now, as many as the core has found. */
function irpOf(m: Machine, request: WDFREQUEST, input: boolean): Irp | undefined {
  const { irps } = m;
  const type = input ? WdfRequestType.Write : WdfRequestType.Read;
  const irp = irps.isPort(request) ? irps.lend(request, type, m.core.outValue(0)) : irps.get(request);
  if (irp !== undefined) irps.given(irp);
  return irp;
}

/** The input buffer the core has just found. */
export function inputOf(m: Machine, request: WDFREQUEST): Uint8Array {
  const kind = m.core.outValue(1);
  return irpOf(m, request, true)?.buffers.inputOf(kind) ?? NOTHING;
}

/** The output buffer the core has just found. */
export function outputOf(m: Machine, request: WDFREQUEST): Uint8Array {
  const kind = m.core.outValue(1);
  return irpOf(m, request, false)?.buffers.outputOf(kind) ?? NOTHING;
}

/** The MDL the core has just found. */
export function mdlOf(m: Machine, request: WDFREQUEST, input: boolean): Mdl | null {
  const irp = irpOf(m, request, input);
  if (irp === undefined) return null;
  const length = m.core.outValue(0);
  const kind: MdlKind = m.core.outValue(1);
  const { buffers } = irp;
  if (kind === MdlKind.Framework) return (irp.mdl ??= new Mdl(irp, kind, buffers.systemBytes(length)));
  return (irp.senderMdl ??= new Mdl(irp, kind, input ? buffers.inputOf(BufferKind.Mdl) : buffers.outputOf(BufferKind.Mdl)));
}

/** The application's address the core has just found; null for an empty buffer. */
export function userBufferOf(m: Machine, request: WDFREQUEST, input: boolean): { buffer: UserBuffer | null; length: number } {
  const length = m.core.outValue(0);
  const kind: BufferKind = m.core.outValue(1);
  const irp = kind === BufferKind.None ? undefined : irpOf(m, request, input);
  return { buffer: irp === undefined ? null : userBuffer(m, irp, kind, input), length };
}

/** Parameters.DeviceIoControl.Type3InputBuffer */
export function type3Of(m: Machine, request: WDFREQUEST): UserBuffer | null {
  const irp = m.irps.get(request);
  return irp === undefined ? null : userBuffer(m, irp, BufferKind.Type3, true);
}

function userBuffer(m: Machine, irp: Irp, kind: BufferKind, input: boolean): UserBuffer {
  const process = m.exports.WdfRequestGetRequestorProcessId(irp.handle);
  const memory = input ? irp.buffers.inputOf(kind) : irp.buffers.outputOf(kind);
  return new UserBuffer(m.exports, process, irp, kind, memory);
}
