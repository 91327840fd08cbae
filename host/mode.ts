// How the machine runs the routine it is in.

/** How DDIs called now behave. 0: inside a plain routine, nobody looks on. */
export enum Mode {
  Plain = 0,
  /** The running routine is a generator: a DDI hands out a Suspension. */
  Generator = 1,
  /** An observer wants to hear of every DDI. */
  Observed = 2,
  /** No routine runs. */
  Outside = 4,
  /** At the end of a DDI something else may go on. */
  Choosing = 8,
}
