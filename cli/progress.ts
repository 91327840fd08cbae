// A progress bar on long input, on a terminal only.

const WIDTH = 30;
const LONG = 4 << 20;

export class Progress {
  private readonly total: number;
  private readonly shown: boolean;
  private last = -1;

  constructor(total: number) {
    this.total = total;
    this.shown = process.stderr.isTTY === true && total >= LONG;
  }

  at(done: number): void {
    const percent = Math.floor((done / this.total) * 100);
    if (!this.shown || percent === this.last) return;
    this.last = percent;
    const filled = Math.round((percent / 100) * WIDTH);
    process.stderr.write(`\r[${"#".repeat(filled)}${" ".repeat(WIDTH - filled)}] ${percent} %`);
    if (done >= this.total) process.stderr.write("\r".padEnd(WIDTH + 10).concat("\r"));
  }
}
