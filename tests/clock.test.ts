// The virtual clock as applications and tools see it.

import { describe, expect, it } from "vitest";
import { ProtocolError, System, replay } from "../host/index";

describe("System.advance", () => {
  it("moves the clock by that many milliseconds, and nothing else does", () => {
    using system = System.create();
    expect(system.now).toBe(0);
    system.thread(() => {});
    expect(system.now).toBe(0);
    system.advance(99);
    system.advance(0.5);
    expect(system.now).toBe(99.5);
  });

  it("goes further than 32 bits of 100 ns", () => {
    using system = System.create();
    system.advance(1e9);
    system.advance(1);
    expect(system.now).toBe(1e9 + 1);
  });

  it("refuses to go back", () => {
    using system = System.create();
    expect(() => system.advance(-1)).toThrow(ProtocolError);
    expect(() => system.advance(Number.NaN)).toThrow("a number of milliseconds from 0");
  });

  it("is an input: a replay lets the same time pass", async () => {
    using system = System.create({ record: true });
    system.advance(7);
    await system.run({ autoAdvance: true, until: 20 });
    const again = await replay(system.log!.save(), []);
    expect(again.system.now).toBe(20);
    expect(again.system.digest()).toBe(system.digest());
  });
});

describe("System.run", () => {
  it("leaves the clock alone without autoAdvance", async () => {
    using system = System.create();
    await system.run({ until: 100 });
    expect(system.now).toBe(0);
  });

  it("ends at once when nothing is due", async () => {
    using system = System.create();
    await system.run({ autoAdvance: true });
    expect(system.now).toBe(0);
  });
});
