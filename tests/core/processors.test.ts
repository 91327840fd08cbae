import { describe, expect, it } from "vitest";
import { Irql, NtStatus } from "../../bindings/abi";
import * as wdf from "../../host/ddi";
import { System } from "../../host";
import { Rig } from "../support/rig";
import { everyTape } from "../support/tapes";

/** Two threads that note where they are between DDIs; the first runs at `irql`. */
function pair(tape: Uint8Array, processors: number, irql: Irql) {
  const rig = new Rig({ tape, processors, queue: null });
  const lines: string[] = [];
  const where = new Set<number>();
  rig.system.atOnce(() => {
    for (const name of ["a", "b"]) {
      rig.system.thread<void>(function* () {
        const before = name === "a" ? wdf.KeRaiseIrql(irql) : Irql.Passive;
        for (const step of [1, 2]) {
          where.add(wdf.KeGetCurrentProcessorNumberEx());
          expect(wdf.KeGetCurrentIrql()).toBe(name === "a" ? irql : Irql.Passive);
          lines.push(`${name}${step}`);
          yield;
        }
        if (name === "a") yield* wdf.KeLowerIrql(before);
      });
    }
  });
  return { lines: lines.join(" "), where, choices: rig.system.choices! };
}

function allOf(processors: number, irql: Irql) {
  const lines = new Set<string>();
  const where = new Set<number>();
  everyTape((tape) => {
    const run = pair(tape, processors, irql);
    lines.add(run.lines);
    for (const number of run.where) where.add(number);
    return run.choices;
  });
  return { lines: [...lines].sort(), where: [...where].sort() };
}

const NOT_INTERLEAVED = ["a1 a2 b1 b2", "b1 a1 a2 b2", "b1 b2 a1 a2"];
const INTERLEAVED = ["a1 a2 b1 b2", "a1 b1 a2 b2", "a1 b1 b2 a2", "b1 a1 a2 b2", "b1 a1 b2 a2", "b1 b2 a1 a2"];

describe("processors", () => {
  it("on one processor nothing comes between two DDIs of a thread at DISPATCH_LEVEL", () => {
    expect(allOf(1, Irql.Dispatch)).toEqual({ lines: NOT_INTERLEAVED, where: [0] });
    expect(allOf(1, Irql.Passive).lines).toEqual(INTERLEAVED);
  });

  it("another processor goes on whatever the level of the first", () => {
    expect(allOf(2, Irql.Dispatch)).toEqual({ lines: INTERLEAVED, where: [0, 1] });
  });

  it("each has a level of its own", () => {
    expect(allOf(2, Irql.High).lines).toEqual(INTERLEAVED);
  });

  it("without choices one of them does everything", () => {
    const rig = new Rig({ processors: 8, queue: null });
    const seen = [1, 2, 3].map(() => rig.run(() => wdf.KeGetCurrentProcessorNumberEx()));
    expect(seen).toEqual([0, 0, 0]);
  });

  it("the same seed gives the same memory with any number of processors", () => {
    const run = (processors: number, random: number): string => {
      const rig = new Rig({ processors, random });
      const reads = [1, 2, 3, 4].map((length) => rig.sendRead(length));
      const requests = rig.kept.splice(0);
      rig.system.atOnce(() => {
        for (const request of requests) {
          rig.system.thread<void>(function* () {
            const before = wdf.KeRaiseIrql(Irql.Dispatch);
            yield;
            yield* wdf.WdfRequestComplete(request, NtStatus.Success);
            yield* wdf.KeLowerIrql(before);
          });
        }
      });
      expect(reads.every(({ status }) => status === NtStatus.Success)).toBe(true);
      rig.forget();
      return rig.system.digest();
    };
    for (const processors of [1, 2, 3, 64]) {
      for (let seed = 0; seed < 5; seed++) expect(run(processors, seed)).toBe(run(processors, seed));
    }
  });

  it("there are 1 to 64", () => {
    for (const processors of [0, 65, 1.5]) {
      expect(() => System.create({ processors })).toThrow("processors must be a whole number from 1 to 64");
    }
  });
});
