// Choices: what a run leaves open, and who decides.

/** Who decides where the tape has ended. */
export enum ChoicePolicy {
  /** The first alternative, always: what has waited longest goes on, and nothing is preempted. */
  Fifo = 0,
  /** A generator of pseudo-random numbers with a seed. */
  Random = 1,
}

/** The most alternatives a choice offers; the tape has a byte for each choice. */
export const ALTERNATIVES_MAX: u32 = 255;

/** Bytes of a piece of the trail: a word with the address of the next piece, then pairs of bytes (chosen, offered). */
export const TRAIL_PIECE: u32 = 4096;
/** Choices a piece of the trail holds. */
export const TRAIL_CHOICES: u32 = 2046;

/** What allocations do (fault injection). */
export enum Memory {
  Enough = 0,
  /** All fail. */
  Low = 1,
  /** Whether one fails is a choice. */
  MayFail = 2,
}
