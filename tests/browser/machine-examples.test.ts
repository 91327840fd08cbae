// Interrupts and locks in a browser: the drivers of examples/03-interrupt and 04-locks.

import { describe, expect, it } from "vitest";
import { System } from "wdf-wasm";
import { serial } from "../../examples/03-interrupt/driver";
import { Receiver, Wire } from "../../examples/03-interrupt/hardware";
import { ring } from "../../examples/04-locks/deadlock";
import meter from "../../examples/04-locks/driver";

describe("examples/03-interrupt in a browser", () => {
  it("a read gets the bytes that the hardware has interrupted for", async () => {
    const system = System.create();
    const line = system.interruptLine({ mode: "level" });
    const port = new Receiver(new Wire(line));
    system.addDevice(serial("COM1", port), { interruptLines: [line] });
    const read = (await system.open("COM1")).read(8);
    port.receive(0x48, 0x69);
    expect([...(await read).data]).toEqual([0x48, 0x69]);
  });
});

describe("examples/04-locks in a browser", () => {
  it("the meter measures and calibrates", async () => {
    const system = System.create();
    system.addDevice(meter);
    const file = await system.open("Meter");
    await file.deviceIoControl(1);
    expect([...(await file.read(1)).data]).toEqual([20]);
    const calibration = file.write(Uint8Array.of(0));
    await system.run({ autoAdvance: true });
    expect([(await calibration).status, system.now]).toEqual([0, 5]);
  });

  it("the deadlock of the ring is found by some seed", async () => {
    const waiting: number[] = [];
    for (let random = 0; random < 40; random++) {
      const system = System.create({ random });
      system.addDevice(ring);
      const file = await system.open("Ring");
      system.atOnce(() => {
        file.read(1).catch(() => {});
        file.write(Uint8Array.of(1)).catch(() => {});
      });
      waiting.push(system.report().waitingThreads.length);
    }
    expect(Math.max(...waiting)).toBe(2);
  });
});
