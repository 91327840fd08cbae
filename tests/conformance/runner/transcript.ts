// The trace of a scenario: lines with the thread they belong to and its nesting.

/** Far more than any scenario says: one that says more does not end. */
export const LINES_MAX = 20_000;

/** As many of them are shown. */
const LAST = 6;

export class Transcript {
  private readonly lines: string[] = [];
  private readonly depths = new Map<number, number>();

  /** A script line, as it was written. */
  echo(text: string): void {
    this.add(`== ${text}`);
  }

  /** What a thread does, indented by its nesting. */
  say(thread: number, label: string, text: string): void {
    this.add(`${label.padEnd(6)}${"  ".repeat(this.depths.get(thread) ?? 0)}${text}`);
  }

  /** A line without thread. */
  note(text: string): void {
    this.add(text);
  }

  private add(line: string): void {
    this.lines.push(line);
    if (this.lines.length <= LINES_MAX) return;
    const last = this.lines.slice(-LAST).map((text) => `\n    ${text}`);
    throw new Error(`the scenario does not end: it has said ${LINES_MAX} lines, the last of them${last.join("")}`);
  }

  /** One level deeper, or higher. */
  nest(thread: number, by: 1 | -1): void {
    this.depths.set(thread, (this.depths.get(thread) ?? 0) + by);
  }

  /** The thread is over; its record may serve another. */
  forget(thread: number): void {
    this.depths.delete(thread);
  }

  toString(): string {
    return `${this.lines.join("\n")}\n`;
  }
}
