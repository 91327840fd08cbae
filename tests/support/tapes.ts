// Exhaustive search by counting the choice tape up.

type Run = (tape: Uint8Array) => { tape: Uint8Array; offered: Uint8Array };

/** All tapes of a run: counts up, the last choice first, as long as there is one that had more alternatives. */
export function everyTape(run: Run): Uint8Array[];
/** The same, or null once there are more than `most`. */
export function everyTape(run: Run, most: number): Uint8Array[] | null;
export function everyTape(run: Run, most = Infinity): Uint8Array[] | null {
  const tapes: Uint8Array[] = [];
  let next: Uint8Array | null = new Uint8Array(0);
  while (next !== null) {
    const { tape, offered } = run(next);
    if (tapes.push(tape) > most) return null;
    let at = tape.length - 1;
    while (at >= 0 && tape[at] + 1 === offered[at]) at--;
    next = at < 0 ? null : Uint8Array.from(tape.subarray(0, at + 1), (byte, i) => (i === at ? byte + 1 : byte));
  }
  return tapes;
}
