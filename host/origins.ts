// Where the driver made its objects, for the report of leaks. Kept only while rule findings are on, as it costs a stack
// trace for each object; a JavaScript engine without stack traces in V8's form says nothing.

/** Frames of a stack trace begin so. */
const FRAME = /^\s*at (?:.*\()?(.+?:\d+:\d+)\)?$/;

export class Origins {
  private readonly places = new Map<number, string>();
  /** Whether to keep them. */
  private readonly enabled: () => boolean;

  constructor(enabled: () => boolean) {
    this.enabled = enabled;
  }

  /** The driver has just made an object. */
  note(handle: number): void {
    if (!this.enabled()) return;
    const place = callerOutside();
    if (place !== "") this.places.set(handle, place);
  }

  /** FILE:LINE:COLUMN, or nothing where it is not known. */
  of(handle: number): string {
    return this.places.get(handle) ?? "";
  }

  drop(handle: number): void {
    this.places.delete(handle);
  }
}

/** The folder of this file, and of all that is bundled with it: not the driver's. */
const OURS = folderOf(framesOf(new Error("here"))[0] ?? "");

function framesOf(error: Error): string[] {
  return (error.stack ?? "").split("\n").flatMap((line) => FRAME.exec(line)?.[1] ?? []);
}

function folderOf(place: string): string {
  return place.replace(/[^/\\]*$/, "");
}

/** The first place on the stack that is not ours. */
export function callerOutside(): string {
  return framesOf(new Error("here")).find((place) => OURS === "" || !place.startsWith(OURS)) ?? "";
}
