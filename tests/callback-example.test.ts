// examples/09-callback-object: two drivers meet at a callback object of a third.

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import battery from "../examples/09-callback-object/driver";
import display, { screen } from "../examples/09-callback-object/display-driver";
import saver from "../examples/09-callback-object/saver-driver";
import { System } from "../host/system";
import { callbackRun } from "./support/callback-run";

const drivers = [battery, display, saver];
const order = (trace: readonly string[], ...texts: string[]): number[] => texts.map((text) => trace.findIndex((line) => line.includes(text)));

describe("examples/09-callback-object", () => {
  it("a work item unregisters the routine that runs on another processor, and waits until it has returned (K-305)", () => {
    const { trace, findings } = callbackRun(drivers, "t1.AQ");
    const [second, enqueued] = order(trace, "2000 ms", "WdfWorkItemEnqueue");
    const at = order(trace.slice(enqueued), "wi@1     -> ExUnregisterCallback callback2", "(waits)", "< CallbackFunction", "wi       <- ExUnregisterCallback");
    expect(second).toBeGreaterThan(0);
    expect(at).toEqual([...at].sort((a, b) => a - b));
    expect(at.every((index) => index >= 0)).toBe(true);
    expect(trace.slice(order(trace, "3000 ms")[0]).join("\n")).not.toMatch(/callback2/);
    expect(findings).toBe(0);
  });

  it("without the tape the work item comes after the DPC, and does not wait", () => {
    const { trace } = callbackRun(drivers, "t1.");
    expect(trace.join("\n")).not.toMatch(/waits/);
    expect(order(trace, "<- ExUnregisterCallback")[0]).toBeGreaterThan(0);
  });

  it("the routines of display and saver run at the level of the timer's DPC", () => {
    const { trace } = callbackRun(drivers, "t1.");
    const begun = trace.filter((line) => line.includes("> CallbackFunction"));
    expect(begun).toHaveLength(5);
    expect(begun.every((line) => line.startsWith("dpc ") && line.endsWith("irql=2"))).toBe(true);
  });

  it("the display is not to be had before the battery: there is no object of that name", () => {
    const system = System.create();
    expect(system.addDevice(display).status).toBe(0xc0000034 | 0);
    expect(system.addDevice(battery).status).toBe(0);
    expect(system.addDevice(display).status).toBe(0);
    screen.shown.length = 0;
    system.advance(1000);
    expect(screen.shown).toEqual([70]);
  });

  it("the same tape gives the same run, the one in the README", () => {
    expect(callbackRun(drivers, "t1.AQ")).toEqual(callbackRun(drivers, "t1.AQ"));
    expect(readFileSync("examples/09-callback-object/README.md", "utf8")).toContain(callbackRun(drivers, "t1.AQ").trace.join("\n"));
  });
});
