// A process that is asked for one round at a time: the baseline, or a contender of ours.

import { type ChildProcess, spawn } from "node:child_process";
import { type Interface, createInterface } from "node:readline";

export class Peer {
  readonly name: string;
  private readonly child: ChildProcess;
  private readonly lines: Interface;
  private failure = "";

  constructor(name: string, command: string, args: readonly string[]) {
    this.name = name;
    this.child = spawn(command, args, { stdio: ["pipe", "pipe", "inherit"] });
    this.child.on("error", (error) => (this.failure = error.message));
    this.child.stdin!.on("error", (error) => (this.failure = error.message));
    this.lines = createInterface({ input: this.child.stdout! });
  }

  /** One line there, one line back, without its first word. */
  async ask(line: string): Promise<string> {
    const answer = new Promise<string>((resolve, reject) => {
      const ended = (): void => reject(new Error(`${this.name} ended during "${line}" ${this.failure}`.trim()));
      this.lines.once("close", ended);
      this.lines.once("line", (text: string) => {
        this.lines.off("close", ended);
        resolve(text);
      });
    });
    this.child.stdin!.write(`${line}\n`);
    const text = await answer;
    const [head] = text.split(" ");
    if (head !== line.split(" ")[0]) throw new Error(`${this.name}, asked for "${line}": ${text}`);
    return text.slice(head.length + 1);
  }

  end(): Promise<void> {
    return new Promise((resolve) => {
      this.child.once("close", () => resolve());
      this.child.stdin!.end();
    });
  }
}
