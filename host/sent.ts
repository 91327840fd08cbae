// Bytes on their way down: what a request that was sent on reads and fills.
//
//   formatted with the current type      the bytes of the request above
//   formatted for a target               a WDFMEMORY from an offset on, or bytes lent for a synchronous send
//
// Nothing is copied: whoever is below reads and fills the buffer of whoever is above.

import { LENT_BYTES, WdfDeviceIoType, WdfRequestType } from "../bindings/abi";
import { IrpBuffers } from "./irp-buffers";
import type { Machine } from "./machine";

class SentBytes {
  private readonly lent = new Map<number, Uint8Array>();
  private next = LENT_BYTES;

  /** Lends bytes: the number by which the core knows them, 0 for none. */
  lend(bytes: Uint8Array | undefined): number {
    if (bytes === undefined) return 0;
    const id = this.next++;
    this.lent.set(id, bytes);
    return id;
  }

  takeBack(...ids: number[]): void {
    for (const id of ids) this.lent.delete(id);
  }

  get(id: number): Uint8Array | undefined {
    return this.lent.get(id);
  }
}

const ofMachines = new WeakMap<Machine, SentBytes>();

/** The bytes that the drivers of a machine lend to whoever is below. */
export function sentBytes(m: Machine): SentBytes {
  let known = ofMachines.get(m);
  if (known === undefined) ofMachines.set(m, (known = new SentBytes()));
  return known;
}

const NOTHING = new Uint8Array(0);

/** A request was sent on: below it has a name and bytes. */
export function sentOn(m: Machine, leg: number, request: number): void {
  m.names.addSent(leg, request);
  const { core, irps } = m;
  const major = m.exports.irpParameters(leg);
  const length = core.outValue(0);
  const inputLength = core.outValue(1);
  const code = core.outValue(2);
  if (m.exports.sentBuffers(request) === 0) {
    const above = irps.get(request);
    if (above !== undefined) irps.addBelow(leg, major, above.buffers);
    return;
  }
  const [first, offset, second] = [core.outValue(0), core.outValue(1), core.outValue(2)];
  const bytes = (id: number): Uint8Array => (id === 0 ? NOTHING : (sentBytes(m).get(id) ?? m.contents.bytesOf(id)));
  const main = bytes(first).subarray(offset, offset + length);
  const write = major === WdfRequestType.Write;
  const input = write ? main : bytes(second).subarray(0, inputLength);
  const parameters = { major, input, output: write ? NOTHING : main, code };
  irps.addBelow(leg, major, new IrpBuffers(parameters, WdfDeviceIoType.Direct, irps.checked, write || major === WdfRequestType.Read));
}

/** What was sent on is back: below nobody has it any more. */
export function backAbove(m: Machine, leg: number, request: number, status: number): void {
  const irp = m.irps.dropBelow(leg);
  const above = m.irps.get(request);
  if (irp !== undefined && irp.buffers !== above?.buffers) {
    const information = m.exports.irpInformation(request) >>> 0;
    irp.buffers.finish(status, information, irp.isLent);
    m.irps.bytesCopied += irp.buffers.copied;
  } else if (irp?.isLent && above !== undefined) m.irps.given(above);
  m.names.dropSent(leg);
  m.contexts.drop(leg);
}
