// Why an object counts as leaked.

export enum Leak {
  None = 0,
  /** It was deleted, or its parent was, and references keep it. */
  Referenced = 1,
  /** Its parent is the driver, which has had a device and has none any more. */
  Forgotten = 2,
}
