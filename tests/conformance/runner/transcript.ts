// The trace of a scenario: lines with the thread they belong to and its nesting.

export class Transcript {
  private readonly lines: string[] = [];
  private readonly depths = new Map<number, number>();

  /** A script line, as it was written. */
  echo(text: string): void {
    this.lines.push(`== ${text}`);
  }

  /** What a thread does, indented by its nesting. */
  say(thread: number, label: string, text: string): void {
    this.lines.push(`${label.padEnd(6)}${"  ".repeat(this.depths.get(thread) ?? 0)}${text}`);
  }

  /** A line without thread. */
  note(text: string): void {
    this.lines.push(text);
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
