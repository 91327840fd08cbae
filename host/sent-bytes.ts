// Bytes on their way down: what a request that was sent on reads and fills.
//
//   formatted with the current type      the bytes of the request above
//   formatted for a target               a WDFMEMORY from an offset on, or bytes lent for a synchronous send
//
// Nothing is copied: whoever is below reads and fills the buffer of whoever is above.

import { LENT_BYTES, WdfRequestType } from "../bindings/abi";
import type { Irps } from "./irps";
import type { Machine } from "./machine";

export class SentBytes {
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

const NOTHING = new Uint8Array(0);

/** A request was sent on: the one below gets its bytes. */
export function giveBytes(m: Machine, leg: number, request: number, memory: (handle: number) => Uint8Array | undefined): void {
  const { core, irps, sentBytes } = m;
  const type = m.exports.irpParameters(leg);
  const length = core.outValue(0);
  const inputLength = core.outValue(1);
  if (m.exports.sentBuffers(request) === 0) return shareBytes(irps, leg, request);
  const [first, offset, second] = [core.outValue(0), core.outValue(1), core.outValue(2)];
  const bytes = (id: number): Uint8Array => sentBytes.get(id) ?? memory(id) ?? NOTHING;
  const main = bytes(first).subarray(offset, offset + length);
  const isWrite = type === WdfRequestType.Write;
  irps.addBelow(leg, type, length, isWrite ? main : bytes(second).subarray(0, inputLength), isWrite ? NOTHING : main);
}

/** The one below has the very bytes of the one above. */
function shareBytes(irps: Irps, leg: number, request: number): void {
  const above = irps.get(request);
  if (above !== undefined) irps.share(leg, above);
}
