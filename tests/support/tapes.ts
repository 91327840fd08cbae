// Exhaustive search by counting the choice tape up.

/** All tapes of a run: counts up, the last choice first, as long as there is one that had more alternatives. */
export function everyTape(run: (tape: Uint8Array) => { tape: Uint8Array; offered: Uint8Array }): Uint8Array[] {
  const tapes: Uint8Array[] = [];
  let next: Uint8Array | null = new Uint8Array(0);
  while (next !== null) {
    const { tape, offered } = run(next);
    tapes.push(tape);
    let at = tape.length - 1;
    while (at >= 0 && tape[at] + 1 === offered[at]) at--;
    next = at < 0 ? null : Uint8Array.from(tape.subarray(0, at + 1), (byte, i) => (i === at ? byte + 1 : byte));
  }
  return tapes;
}
