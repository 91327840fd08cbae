// The requests that are sent: as in baseline.c three types in turn, each with a handler of its own, and varying lengths.
//
// The baseline's requests have no bytes. Ours do: a write brings bytes that exist already, a read and a device control
// get a buffer from the System. Lengths stay small, so that the cost is that of a request and not that of its bytes.

import { WdfRequestType } from "../../bindings/abi";
import type { SendRequest } from "../../host";
import type { Workload } from "./contender";

const TYPES = [WdfRequestType.Write, WdfRequestType.Read, WdfRequestType.DeviceControl] as const;
const LENGTHS = 32;

/** An IOCTL code of METHOD_BUFFERED. */
export const CODE = 0x222000;

/** A request, and the information its handler answers with. */
export interface Sample {
  readonly request: SendRequest;
  readonly major: number;
  readonly length: number;
  readonly bytes: Uint8Array;
}

function sample(major: number, length: number): Sample {
  const bytes = new Uint8Array(length);
  if (major === WdfRequestType.Write) return { request: { major, file: 0, input: bytes }, major, length, bytes };
  if (major === WdfRequestType.Read) return { request: { major, file: 0, outputLength: length }, major, length, bytes };
  return { request: { major, file: 0, input: bytes, outputLength: length, code: CODE }, major, length, bytes };
}

/** All three types in turn. At least two bytes each: shorter answers than asked for are possible. */
export const MIX: readonly Sample[] = Array.from({ length: TYPES.length * LENGTHS }, (_, i) => sample(TYPES[i % 3], 2 + (i % LENGTHS)));

/** Writes only: nothing but the request itself has to be made. */
export const WRITES: readonly Sample[] = Array.from({ length: LENGTHS }, (_, i) => sample(WdfRequestType.Write, 2 + i));

/** What a workload sends; w4 knows one type only, as in baseline.c. */
export function samplesOf(workload: Workload, samples: readonly Sample[] = MIX): readonly Sample[] {
  return workload === "w4" ? WRITES : samples;
}

/** Goes round the samples. */
export class Cycle {
  readonly samples: readonly Sample[];
  private at = 0;

  constructor(samples: readonly Sample[]) {
    this.samples = samples;
  }

  next(): Sample {
    const at = this.at;
    this.at = at + 1 === this.samples.length ? 0 : at + 1;
    return this.samples[at];
  }
}
