// examples/09-callback-object: two drivers meet at a callback object of a third.

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import battery, { measure } from "../examples/09-callback-object/driver";
import display, { screen } from "../examples/09-callback-object/display-driver";
import saver, { stopSaving } from "../examples/09-callback-object/saver-driver";
import { System } from "../host/system";
import { type CallbackExample, callbackRun } from "./support/callback-run";

const example: CallbackExample = { drivers: [battery, display, saver], measure, stopSaving };
const TAPE = "t1.AAAAAAE";

/** The places of these texts in a trace, each after the one before. */
function places(trace: readonly string[], ...texts: string[]): number[] {
  let from = 0;
  return texts.map((text) => {
    const at = trace.findIndex((line, index) => index >= from && line.includes(text));
    from = at + 1;
    return at;
  });
}

describe("examples/09-callback-object", () => {
  it("a thread unregisters the routine that runs on another processor, and waits until it has returned (K-305)", () => {
    const { trace, findings } = callbackRun(example, TAPE);
    const steps = ["t8         > CallbackFunction \\Callback\\Battery callback2", "t9@1     -> ExUnregisterCallback", "t9@1       (waits)"];
    const at = places(trace, ...steps, "t8         < CallbackFunction", "t9       <- ExUnregisterCallback", "t10    > ");
    expect(at.every((index) => index > 0)).toBe(true);
    expect(trace.slice(at[5]).join("\n")).not.toMatch(/callback2/);
    expect(findings).toBe(0);
  });

  it("without the tape one thread comes after the other, and nobody waits", () => {
    expect(callbackRun(example, "t1.").trace.join("\n")).not.toMatch(/waits/);
  });

  it("the routines of display and saver run at the level of the notifier", () => {
    const begun = callbackRun(example, "t1.").trace.filter((line) => line.includes("> CallbackFunction"));
    expect(begun).toHaveLength(5);
    expect(begun.every((line) => line.endsWith("irql=2"))).toBe(true);
  });

  it("the display is not to be had before the battery: there is no object of that name", () => {
    const system = System.create();
    expect(system.addDevice(display).status).toBe(0xc0000034 | 0);
    expect(system.addDevice(battery).status).toBe(0);
    expect(system.addDevice(display).status).toBe(0);
    screen.shown.length = 0;
    system.thread(() => measure(70));
    expect(screen.shown).toEqual([70]);
  });

  it("the same tape gives the same run, the one in the README", () => {
    const run = callbackRun(example, TAPE);
    expect(callbackRun(example, TAPE)).toEqual(run);
    expect(readFileSync("examples/09-callback-object/README.md", "utf8")).toContain(run.trace.join("\n"));
  });
});
