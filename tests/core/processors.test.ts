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

/** The levels, processors and order of everything, under every tape of a run on two processors. */
function everyOrder(body: (rig: Rig, say: (what: string) => void) => void): string[] {
  const orders = new Set<string>();
  everyTape((tape) => {
    const rig = new Rig({ tape, processors: 2, queue: null });
    const lines: string[] = [];
    body(rig, (what) => void lines.push(what));
    orders.add(lines.join(" "));
    return rig.system.choices!;
  });
  return [...orders].sort();
}

/** The same under 300 random tapes. */
function manyOrders(body: (rig: Rig, say: (what: string) => void) => void): string[] {
  return Array.from({ length: 300 }, (_, random) => {
    const lines: string[] = [];
    body(new Rig({ random, processors: 2, queue: null }), (what) => void lines.push(what));
    return lines.join(" ");
  });
}

/** A thread on processor 0 queues a DPC of that importance for processor 1, which is idle. */
function remote(importance: wdf.DpcImportance): string[] {
  return everyOrder((rig, say) => {
    const dpc = rig.run(() => wdf.KeInitializeDpc(() => say("dpc")));
    rig.run(() => {
      wdf.KeSetTargetProcessorDpc(dpc, 1);
      wdf.KeSetImportanceDpc(dpc, importance);
    });
    rig.system.atOnce(() => {
      rig.system.thread<void>(function* () {
        if (wdf.KeGetCurrentProcessorNumberEx() === 1) return; // it is to be a remote one
        yield* wdf.KeInsertQueueDpc(dpc);
        say("a");
      });
    });
  });
}

describe("DPCs on several processors", () => {
  it("K-212 medium importance to another processor does not start processing there; MediumHigh and High do", () => {
    for (const importance of [wdf.DpcImportance.Low, wdf.DpcImportance.Medium]) expect(remote(importance)).toEqual(["a dpc"]);
    for (const importance of [wdf.DpcImportance.MediumHigh, wdf.DpcImportance.High]) {
      expect(remote(importance)).toEqual(["a dpc", "dpc a"]);
    }
  });

  it("K-212 a medium DPC is processed there with the next one that starts processing", () => {
    const orders = everyOrder((rig, say) => {
      const [medium, high] = ["medium", "high"].map((name) => rig.run(() => wdf.KeInitializeDpc(() => say(name))));
      rig.run(() => {
        for (const dpc of [medium, high]) wdf.KeSetTargetProcessorDpc(dpc, 1);
        wdf.KeSetImportanceDpc(high, wdf.DpcImportance.MediumHigh);
      });
      rig.run(() => {
        wdf.KeInsertQueueDpc(medium);
        wdf.KeInsertQueueDpc(high);
      });
    });
    expect(orders).toEqual(["medium high"]);
  });

  it("K-213 a DPC runs on its target processor, by default the one that queued it", () => {
    const orders = manyOrders((rig, say) => {
      const where = wdf.KeGetCurrentProcessorNumberEx;
      const [own, target] = rig.run(() => [wdf.KeInitializeDpc(() => say(`own@${where()}`)), wdf.KeInitializeDpc(() => say(`target@${where()}`))]);
      rig.run(() => wdf.KeSetTargetProcessorDpc(target, 1));
      rig.system.atOnce(() => {
        for (let n = 0; n < 2; n++) {
          rig.system.thread<void>(function* () {
            const before = wdf.KeRaiseIrqlToDpcLevel();
            yield;
            if (yield* wdf.KeInsertQueueDpc(own)) say(`queued@${where()}`);
            yield* wdf.KeInsertQueueDpc(target);
            yield* wdf.KeLowerIrql(before);
          });
        }
      });
    });
    for (const order of orders) {
      const [queued, ran] = ["queued", "own"].map((what) => [...order.matchAll(new RegExp(`${what}@(\\d)`, "g"))].map((m) => m[1]).sort());
      expect(ran, order).toEqual(queued);
      expect(order).not.toContain("target@0");
    }
    expect(orders.some((order) => order.includes("own@1"))).toBe(true);
  });

  it("importance and target of a queued DPC change for the next insertion only", () => {
    const rig = new Rig({ processors: 2, queue: null });
    const where: number[] = [];
    rig.run(() => {
      const dpc = wdf.KeInitializeDpc(() => void where.push(wdf.KeGetCurrentProcessorNumberEx()));
      const before = wdf.KeRaiseIrqlToDpcLevel();
      wdf.KeInsertQueueDpc(dpc);
      wdf.KeSetTargetProcessorDpc(dpc, 1);
      wdf.KeLowerIrql(before);
      wdf.KeInsertQueueDpc(dpc);
    });
    expect(where).toEqual([0, 1]);
  });

  it("KeFlushQueuedDpcs waits for the DPCs of all processors, those that run too", () => {
    const orders = everyOrder((rig, say) => {
      const routine = (n: number) => function* (): Generator<undefined, void, unknown> {
        say(`>${n}`);
        yield;
        say(`<${n}`);
      };
      const dpcs = rig.run(() => [0, 1].map((n) => wdf.KeInitializeDpc(routine(n))));
      rig.run(() => dpcs.forEach((dpc, n) => wdf.KeSetTargetProcessorDpc(dpc, n)));
      rig.run(() => wdf.KeSetImportanceDpc(dpcs[1], wdf.DpcImportance.High));
      rig.system.thread<void>(function* () {
        for (const dpc of dpcs) yield* wdf.KeInsertQueueDpc(dpc);
        say("flush");
        yield* wdf.KeFlushQueuedDpcs();
        say("flushed");
      });
    });
    expect(orders).toEqual([">0 <0 >1 <1 flush flushed", ">0 <0 >1 flush <1 flushed", ">0 <0 flush >1 <1 flushed"]);
  });
});

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
