// The last requests that have ended, so that what a driver does with one afterwards can be told by its name.

/** A power of two. */
const KEPT = 256;

export class Ended {
  private readonly handles = new Int32Array(KEPT);
  private readonly ordinals = new Int32Array(KEPT);
  private next = 0;

  note(handle: number, ordinal: number): void {
    this.handles[this.next] = handle;
    this.ordinals[this.next] = ordinal;
    this.next = (this.next + 1) & (KEPT - 1);
  }

  /** The number of the IRP that the request stood for; undefined when that is too long ago. */
  ordinalOf(handle: number): number | undefined {
    return this.ordinals[this.handles.indexOf(handle)] || undefined;
  }
}
