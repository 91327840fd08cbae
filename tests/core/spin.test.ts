// Spin locks on several processors: who waits for one keeps its processor (assembly/nt/processor.ts).

import { describe, expect, it } from "vitest";
import type { PKSPIN_LOCK, WDFINTERRUPT } from "../../bindings/handles";
import * as wdf from "../../host/ddi";
import { callWith } from "../../host/ddi/call";
import { Rig, type RigOptions } from "../support/rig";
import { everyTape } from "../support/tapes";

type Steps = Generator<undefined, void, unknown>;
const FREE = { driverVerifier: false, rules: false, queue: null };

type Body = (rig: Rig, say: (what: string) => void) => void;

/** What runs say, in order, and the waiting threads of those that did not end. */
class Orders {
  private readonly said = new Set<string>();
  private readonly reported = new Set<string>();

  play(options: RigOptions, body: Body): Rig {
    const rig = new Rig({ ...FREE, processors: 2, ...options });
    const lines: string[] = [];
    body(rig, (what) => void lines.push(what));
    this.said.add(lines.join(" "));
    for (const text of rig.system.report().waitingThreads) this.reported.add(text);
    return rig;
  }

  get orders(): string[] {
    return [...this.said].sort();
  }

  get reports(): string[] {
    return [...this.reported].sort();
  }
}

/** Under every tape. */
function every(options: RigOptions, body: Body): Orders {
  const orders = new Orders();
  everyTape((tape) => orders.play({ ...options, tape }, body).system.choices!);
  return orders;
}

const SEEDS = 200;

/** Under random choices, where there are too many tapes. */
function some(options: RigOptions, body: Body): Orders {
  const orders = new Orders();
  for (let random = 0; random < SEEDS; random++) orders.play({ ...options, random }, body);
  return orders;
}

/** Takes the lock, says so, lets others go on, and gives it up. */
function* section(lock: PKSPIN_LOCK, name: string, say: (what: string) => void): Steps {
  say(`${name}>`);
  const before = yield* wdf.KeAcquireSpinLock(lock);
  say(`${name}+`);
  yield;
  say(`${name}-`);
  yield* wdf.KeReleaseSpinLock(lock, before);
}

/** The parts of an order in which `name` spins because `holder` has the lock. */
function whileSpinning(orders: readonly string[], name: string, holder: string): string[] {
  return orders.flatMap((order) => [...order.matchAll(new RegExp(`\\${holder}\\+ (?:.* )?${name}>(.*?) ${holder}-`, "g"))].map((m) => m[1].trim()));
}

describe("a processor that spins", () => {
  it("does nothing else of that level or below until it has the lock", () => {
    const { orders } = some({}, (rig, say) => {
      const lock = rig.run(() => wdf.KeInitializeSpinLock());
      rig.system.atOnce(() => {
        rig.system.thread<void>(() => section(lock, "a", say));
        rig.system.thread<void>(() => section(lock, "b", say));
        rig.system.thread<void>(() => say("c"));
      });
    });
    expect(orders).toContain("c a> a+ b> a- b+ b-");
    expect(orders.some((order) => order.startsWith("a> a+ c"))).toBe(true); // the other processor is free
    expect(new Set(whileSpinning(orders, "b", "a"))).toEqual(new Set([""]));
    expect(orders.every((order) => !/a\+ [^-]*b\+|b\+ [^-]*a\+/.test(order))).toBe(true);
  });

  it("lets another processor, if there is one, do the rest", () => {
    const { orders } = some({ processors: 3 }, (rig, say) => {
      const lock = rig.run(() => wdf.KeInitializeSpinLock());
      rig.system.atOnce(() => {
        rig.system.thread<void>(() => section(lock, "a", say));
        rig.system.thread<void>(() => section(lock, "b", say));
        rig.system.thread<void>(() => say("c"));
      });
    });
    expect(new Set(whileSpinning(orders, "b", "a"))).toEqual(new Set(["", "c"]));
  });

  it("takes an interrupt above the level at which it spins, and spins on when the ISR has returned", () => {
    const { orders } = interrupted(null);
    expect(whileSpinning(orders, "b", "a")).toContain("raised isr@1");
    expect(orders.some((order) => /b> raised isr@1 a- .*b\+/.test(order))).toBe(true);
  });

  it("takes none at or below that level: a spinner for an interrupt's lock is at the level of the interrupt", () => {
    expect(whileSpinning(interrupted(6).orders, "b", "a").filter((text) => text.includes("isr@1"))).toEqual([]);
    expect(whileSpinning(interrupted(4).orders, "b", "a").filter((text) => text.includes("isr@1"))).not.toEqual([]);
  });

  it("goes on at that level when it has been given the lock: the ISR of the lock's interrupt waits until it is free", () => {
    const { orders, reports } = interrupted(6, 1);
    expect(orders.some((order) => order.endsWith("a- b+ b- isr@1"))).toBe(true);
    for (const order of orders) expect(order).not.toMatch(/[ab]\+ [^-]*isr[^-]*[ab]-/);
    expect(reports).toEqual([]);
  });

  it("keeps what its DPC has interrupted from going on", () => {
    const { orders } = every({}, (rig, say) => {
      const lock = rig.run(() => wdf.KeInitializeSpinLock());
      const dpc = rig.run(() => wdf.KeInitializeDpc(function* () {
        say("b>");
        yield* wdf.KeAcquireSpinLockAtDpcLevel(lock);
        say("b+");
        wdf.KeReleaseSpinLockFromDpcLevel(lock);
      }));
      rig.system.atOnce(() => {
        rig.system.thread<void>(() => section(lock, "a", say));
        rig.system.thread<void>(function* () {
          yield* wdf.KeInsertQueueDpc(dpc);
          say("c");
        });
      });
    });
    expect(whileSpinning(orders, "b", "a")).toContain("");
    for (const order of orders) expect(order).toMatch(/b\+.* c/);
  });
});

/**
 * A holds a spin lock for which B spins, and raises a line of level 6, which may interrupt either processor. The lock is
 * that of interrupt 1, whose level is `dirql`, or (null) a KSPIN_LOCK.
 */
function interrupted(dirql: number | null, line = 0): Orders {
  const interrupts: WDFINTERRUPT[] = [];
  let say: (what: string) => void = () => {};
  const isr = (): boolean => (say(`isr@${wdf.KeGetCurrentProcessorNumberEx()}`), true);
  const more = (device: wdf.WDFDEVICE): void => {
    for (const n of [0, 1]) interrupts[n] = wdf.WdfInterruptCreate(device, wdf.WDF_INTERRUPT_CONFIG_INIT(isr)).interrupt;
  };
  return some({ interruptLines: [{ irql: 6 }, { irql: dirql ?? 5 }], more }, (rig, tell) => {
    say = tell;
    const lock = rig.run(() => wdf.KeInitializeSpinLock());
    const held = function* (inside: () => Steps): Steps {
      if (dirql !== null) yield* wdf.WdfInterruptAcquireLock(interrupts[1]);
      const before = dirql === null ? yield* wdf.KeAcquireSpinLock(lock) : 0;
      yield* inside();
      if (dirql === null) yield* wdf.KeReleaseSpinLock(lock, before);
      else yield* wdf.WdfInterruptReleaseLock(interrupts[1]);
    };
    rig.system.atOnce(() => {
      rig.system.thread<void>(() => held(function* () {
        say("a+");
        yield;
        say("raised");
        yield* callWith(rig.system.machine, "raise", () => (rig.system.machine.exports.setInterruptLine(rig.interruptLines[line].address, 1), 0));
        yield;
        say("a-");
      }));
      rig.system.thread<void>(function* () {
        say("b>");
        yield* held(function* () {
          say("b+");
          yield;
          say("b-");
        });
      });
    });
  });
}

describe("a deadlock of spinners", () => {
  it("is in the report, with who holds the lock; what comes from outside waits for a processor", () => {
    const rig = new Rig({ ...FREE });
    const lock = rig.run(() => wdf.KeInitializeSpinLock());
    rig.start(function* () {
      yield* wdf.KeAcquireSpinLock(lock);
      yield* wdf.KeAcquireSpinLock(lock);
    });
    const waits = "t4 waits in KeAcquireSpinLock, called by a system thread, for spinlock: t4 holds it in a system thread";
    expect(rig.system.report().waitingThreads).toEqual([waits]);
    expect(rig.system.thread(() => 1).done).toBe(false);
    rig.system.advance(1000);
    expect(rig.system.report().waitingThreads).toEqual([waits]);
  });

  it("of two locks taken in opposite order names both holders, under the tapes that have it", () => {
    const { orders, reports } = every({}, (rig, say) => {
      const [one, two] = rig.run(() => [wdf.KeInitializeSpinLock(), wdf.KeInitializeSpinLock()]);
      const both = function* (name: string, first: PKSPIN_LOCK, second: PKSPIN_LOCK): Steps {
        const before = yield* wdf.KeAcquireSpinLock(first);
        yield* wdf.KeAcquireSpinLockAtDpcLevel(second);
        say(name);
        wdf.KeReleaseSpinLockFromDpcLevel(second);
        yield* wdf.KeReleaseSpinLock(first, before);
      };
      rig.system.atOnce(() => {
        rig.system.thread<void>(() => both("a", one, two));
        rig.system.thread<void>(() => both("b", two, one));
      });
    });
    expect(orders).toEqual(["", "a b", "b a"]);
    const text = (waiter: string, holder: string): string =>
      `${waiter} waits in KeAcquireSpinLockAtDpcLevel, called by a system thread, for spinlock: ${holder} holds it in a system thread`;
    expect(reports).toEqual([text("t4", "t5"), text("t5", "t4")]);
  });
});

describe("WDFSPINLOCK", () => {
  it("K-181 a thread that acquires it again spins for ever without Driver Verifier: the report names it as the holder", () => {
    const rig = new Rig({ ...FREE });
    const { lock } = rig.run(() => wdf.WdfSpinLockCreate());
    rig.start(function* () {
      yield* wdf.WdfSpinLockAcquire(lock);
      yield* wdf.WdfSpinLockAcquire(lock);
    });
    expect(rig.system.report().waitingThreads).toEqual([
      "t4 waits in WdfSpinLockAcquire, called by a system thread, for spinlock1: t4 holds it in a system thread",
    ]);
  });
});
