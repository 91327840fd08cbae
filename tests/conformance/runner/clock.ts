// `advance MS`: the clock goes from deadline to deadline; after each, everything ready runs, unless pumping is off.

import { WORD_CLOCK } from "../../../bindings/abi";
import type { Rig } from "./rig";

const UNITS_PER_MS = 10_000;

/** Milliseconds since the start, as the trace writes them. */
export function clockText({ machine: { core } }: Rig): string {
  return `clock ${(core.words[WORD_CLOCK] >>> 0) / UNITS_PER_MS} ms`;
}

export function advance(rig: Rig, ms: number): void {
  const { machine } = rig;
  const until = (machine.core.words[WORD_CLOCK] >>> 0) + ms * UNITS_PER_MS;
  while (machine.exports.advanceClock(until, 0) !== 0) {
    if (rig.world.pumping) rig.pump();
    else machine.takeNotifications();
  }
  rig.transcript.note(clockText(rig));
}
