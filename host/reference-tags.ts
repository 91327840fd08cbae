// The tags of references drivers hold, tracked for the types of object the System was told to track: who has taken them and
// where. A plain reference has the tag 0.
//
// Source: fxtagtracker.cpp (UpdateTagHistory, CheckForAbandondedTags).

import { hex } from "./format";
import { callerOutside } from "./origins";

/** A reference: who has taken it. */
export interface Taken {
  readonly tag: number;
  /** FILE:LINE, or nothing where it is not known. */
  readonly place: string;
}

export class ReferenceTags {
  /** True while the references of some type are tracked. */
  on = false;
  private types: true | ReadonlySet<string> = new Set();
  private readonly taken = new Map<number, Taken[]>();

  /** Tracks the types named, all of them, or none. */
  track(types: boolean | readonly string[]): void {
    this.types = types === true || new Set(types === false ? [] : types);
    this.on = this.types === true || this.types.size > 0;
  }

  /** True when references on objects of that type are tracked. */
  tracks(type: string): boolean {
    return this.types === true || this.types.has(type);
  }

  take(object: number, tag: number, place: string | undefined): void {
    const all = this.taken.get(object) ?? [];
    this.taken.set(object, all);
    all.push({ tag, place: place ?? callerOutside() });
  }

  /** False when there is no reference with that tag. Of several the newest goes. */
  release(object: number, tag: number): boolean {
    const all = this.taken.get(object) ?? [];
    const at = all.map((one) => one.tag).lastIndexOf(tag);
    if (at < 0) return false;
    all.splice(at, 1);
    return true;
  }

  /** What is held of an object, in words, oldest first. */
  heldOf(object: number): string[] {
    return (this.taken.get(object) ?? []).map(describeTag);
  }

  drop(object: number): void {
    if (this.taken.size !== 0) this.taken.delete(object);
  }
}

/** "tag 0x41, taken at driver.ts:12:5" */
export function describeTag({ tag, place }: Taken): string {
  return `${tag === 0 ? "no tag" : `tag ${hex(tag)}`}${place === "" ? "" : `, taken at ${place}`}`;
}
