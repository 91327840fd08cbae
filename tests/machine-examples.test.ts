// examples/03-interrupt and examples/04-locks: that their drivers are right in other runs than those of the READMEs as well, and
// that every mistake is caught.

import { describe, expect, it } from "vitest";
import { serial } from "../examples/03-interrupt/driver";
import { Receiver, Wire } from "../examples/03-interrupt/hardware";
import { ring } from "../examples/04-locks/deadlock";
import meter from "../examples/04-locks/driver";
import { MISTAKES, clumsy } from "../examples/04-locks/mistakes";
import { counter } from "../examples/04-locks/serialized";
import { type ApplicationFile, type DriverModule, System, type SystemOptions } from "../host";

const SEEDS = Array.from({ length: 20 }, (_, seed) => seed);

async function opened(driver: DriverModule, name: string, options: SystemOptions): Promise<{ system: System; file: ApplicationFile }> {
  const system = System.create(options);
  system.addDevice(driver);
  return { system, file: await system.open(name) };
}

describe("examples/03-interrupt", () => {
  it.each(["level", "edge"] as const)("gives every byte once, in order, whatever comes in between (%s line)", async (mode) => {
    for (const random of SEEDS) {
      const system = System.create({ processors: 2, random });
      const line = system.interruptLine({ mode });
      const port = new Receiver(new Wire(line));
      system.addDevice(serial("COM1", port), { interruptLines: [line] });
      const file = await system.open("COM1");
      const reads: Promise<{ data: Uint8Array }>[] = [];
      for (let byte = 0; byte < 12; byte += 3) {
        reads.push(file.read(2));
        port.receive(byte, byte + 1, byte + 2);
        reads.push(file.read(3));
      }
      port.receive(12, 13, 14, 15, 16, 17, 18, 19);
      const got = (await Promise.all(reads)).flatMap(({ data }) => [...data]);
      expect(got).toEqual(Array.from({ length: got.length }, (_, index) => index));
      expect(got.length).toBeGreaterThanOrEqual(12);
      expect(system.findings).toEqual([]);
    }
  });

  it("a byte that is not read lets a level line interrupt again, until it is", () => {
    const system = System.create();
    const line = system.interruptLine({ mode: "level" });
    const wire = new Wire(line);
    const [asked, port] = [new Receiver(wire), new Receiver(wire)];
    system.addDevice(serial("COM1", asked), { interruptLines: [line] });
    port.receive(1);
    expect(system.findings.map(({ kind }) => kind)).toEqual(["RuleFinding"]); // Nobody claims it: the line is masked.
    expect(port.dataReady).toBe(true);
  });
});

describe("examples/04-locks", () => {
  it("the meter counts every measurement once, on two processors", async () => {
    for (const random of SEEDS) {
      const { system, file } = await opened(meter, "Meter", { processors: 2, random });
      const sent: Promise<unknown>[] = [];
      system.atOnce(() => {
        for (let i = 0; i < 3; i++) sent.push(file.deviceIoControl(1));
      });
      await Promise.all(sent);
      expect([...(await file.read(1)).data]).toEqual([21]); // The mean of 20, 21 and 22.
      expect(system.findings).toEqual([]);
    }
  });

  it("the counter, which has no lock of its own, has no findings either", async () => {
    for (const random of SEEDS) {
      const { system, file } = await opened(counter, "Counter", { processors: 2, random });
      const sent: Promise<unknown>[] = [];
      system.atOnce(() => {
        for (let i = 0; i < 4; i++) sent.push(file.deviceIoControl(1));
      });
      await Promise.all(sent);
      expect(system.findings).toEqual([]);
    }
  });

  it.each(Object.keys(MISTAKES).map((what, code) => [what, code] as const))("%s: caught by a finding, a Stop, or both", async (_what, code) => {
    const { system, file } = await opened(clumsy, "Clumsy", {});
    const stopped = await file.deviceIoControl(code).then(() => false, () => true);
    expect(stopped || system.findings.length > 0).toBe(true);
  });

  it("the ring waits for ever in some runs, and only there: the plain run ends", async () => {
    const waiting: number[] = [];
    for (const random of [undefined, ...SEEDS]) {
      const { system, file } = await opened(ring, "Ring", random === undefined ? {} : { random });
      system.atOnce(() => {
        file.read(1).catch(() => {});
        file.write(Uint8Array.of(1)).catch(() => {});
      });
      waiting.push(system.report().waitingThreads.length);
    }
    expect(waiting[0]).toBe(0);
    expect(new Set(waiting)).toEqual(new Set([0, 2]));
  });
});
