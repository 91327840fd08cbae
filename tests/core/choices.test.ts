import { describe, expect, it } from "vitest";
import { NtStatus, WdfIoQueueDispatchType } from "../../bindings/abi";
import * as wdf from "../../host/ddi";
import { tapeOf, tokenOf } from "../../host/choices";
import { ProtocolError } from "../../host/errors";
import { System, replay } from "../../host";
import { Rig } from "../support/rig";
import { everyTape } from "../support/tapes";

/** Two threads that say where they are and call a DDI between, as generators or as plain functions. */
function twoThreads(tape: Uint8Array, generators: boolean): { lines: string; choices: { tape: Uint8Array; offered: Uint8Array } } {
  const rig = new Rig({ tape, queue: { dispatchType: WdfIoQueueDispatchType.Manual } });
  const lines: string[] = [];
  const plain = (name: string) => () => {
    lines.push(`${name}1`);
    wdf.WdfIoQueueStart(rig.queue);
    lines.push(`${name}2`);
  };
  const generator = (name: string) =>
    function* (): Generator<undefined, void, unknown> {
      lines.push(`${name}1`);
      yield* wdf.WdfIoQueueStart(rig.queue);
      lines.push(`${name}2`);
    };
  rig.system.atOnce(() => {
    for (const name of ["a", "b"]) rig.system.thread<void>(generators ? generator(name) : plain(name));
  });
  return { lines: lines.join(" "), choices: rig.system.choices! };
}

describe("choices", () => {
  it("an empty tape is the plain run: what has waited longest goes on, and nothing is preempted", () => {
    expect(twoThreads(new Uint8Array(0), true).lines).toBe("a1 a2 b1 b2");
    expect(twoThreads(new Uint8Array(0), false).lines).toBe("a1 a2 b1 b2");
  });

  it("all tapes together are all interleavings at DDI boundaries", () => {
    const seen = new Set<string>();
    everyTape((tape) => {
      const { lines, choices } = twoThreads(tape, true);
      seen.add(lines);
      return choices;
    });
    const all = ["a1 a2 b1 b2", "a1 b1 a2 b2", "a1 b1 b2 a2", "b1 a1 a2 b2", "b1 a1 b2 a2", "b1 b2 a1 a2"];
    expect([...seen].sort()).toEqual(all.sort());
  });

  it("a plain function can be preempted too, but goes on only when what runs above it on the stack has ended", () => {
    const seen = new Set<string>();
    everyTape((tape) => {
      const { lines, choices } = twoThreads(tape, false);
      seen.add(lines);
      return choices;
    });
    expect([...seen].sort()).toEqual(["a1 a2 b1 b2", "a1 b1 b2 a2", "b1 a1 a2 b2", "b1 b2 a1 a2"]);
  });

  it("the trail, read as a tape, gives the same run", () => {
    for (let random = 0; random < 20; random++) {
      const first = new Rig({ random, queue: {} });
      const again = (): string => {
        const rig = new Rig({ tape: first.system.choices!.token, queue: {} });
        busy(rig);
        return rig.lines.splice(0).join("\n");
      };
      busy(first);
      expect(again()).toBe(first.lines.splice(0).join("\n"));
    }
  });

  it("the same seed gives the same memory, another one another run", () => {
    const run = (random: number): string => {
      const rig = new Rig({ random });
      busy(rig);
      rig.lines.length = 0;
      return rig.system.digest();
    };
    expect(run(7)).toBe(run(7));
    expect(new Set([1, 2, 3, 4, 5, 6].map(run)).size).toBeGreaterThan(1);
  });

  it("finds the cancel race: a driver that ignores what WdfRequestUnmarkCancelable says", () => {
    const stops: string[] = [];
    const tapes = everyTape((tape) => {
      const rig = new Rig({ tape, queue: { dispatchType: WdfIoQueueDispatchType.Parallel } });
      const read = rig.sendRead(1);
      const { request } = rig;
      rig.run(() => wdf.WdfRequestMarkCancelableEx(request, (r) => wdf.WdfRequestComplete(r, NtStatus.Cancelled)));
      try {
        rig.system.atOnce(() => {
          rig.system.thread<void>(function* () {
            wdf.WdfRequestUnmarkCancelable(request);
            yield;
            yield* wdf.WdfRequestComplete(request, NtStatus.Success);
          });
          read.cancel();
        });
      } catch (error) {
        stops.push(String(error));
      }
      rig.forget();
      return rig.system.choices!;
    });
    expect(tapes.length).toBeGreaterThan(2);
    expect(stops.length).toBeGreaterThan(0);
    expect(stops.length).toBeLessThan(tapes.length);
    expect(stops[0]).toContain("WDF_VIOLATION");
  });

  it("a token is the tape as text, without the zeros at its end", () => {
    expect(tokenOf(Uint8Array.of(1, 250, 251, 0, 0))).toBe("t1.Afr7");
    expect([...tapeOf("t1.Afr7")]).toEqual([1, 250, 251]);
    expect([...tapeOf("t1.")]).toEqual([]);
    expect(() => System.create({ tape: "t2.Afr7" })).toThrow(ProtocolError);
    expect(() => System.create({ random: 0.5 })).toThrow("random must be a whole number, not 0.5");
  });

  it("keeps a trail of any length", () => {
    const rig = new Rig({ tape: "t1.", queue: {} });
    rig.system.atOnce(() => {
      for (const _ of [1, 2]) {
        rig.system.thread<void>(function* () {
          for (let i = 0; i < 5000; i++) yield;
        });
      }
    });
    const { made, tape, offered } = rig.system.choices!;
    expect(made).toBeGreaterThan(5000);
    expect(tape.length).toBe(made);
    expect(tape.every((byte) => byte === 0)).toBe(true);
    expect(offered.every((byte) => byte === 2)).toBe(true);
  });

  it("atOnce inside a callback or another atOnce says so", () => {
    const rig = new Rig({ queue: {} });
    rig.system.atOnce(() => expect(() => rig.system.atOnce(() => {})).toThrow(ProtocolError));
    rig.run(() => expect(() => rig.system.atOnce(() => {})).toThrow(ProtocolError));
  });

  it("inputs made at once are replayed at once", async () => {
    const driver = {
      name: "slow",
      evtDriverDeviceAdd(_driver: wdf.WDFDRIVER, init: wdf.WdfDeviceInit) {
        const { device } = wdf.WdfDeviceCreate(init);
        wdf.WdfIoQueueCreate(device, {
          ...wdf.WDF_IO_QUEUE_CONFIG_INIT_DEFAULT_QUEUE(WdfIoQueueDispatchType.Parallel),
          *evtIoWrite(_queue, request, length) {
            yield;
            yield* wdf.WdfRequestCompleteWithInformation(request, NtStatus.Success, length);
          },
        });
        wdf.WdfDeviceCreateSymbolicLink(device, "Slow");
      },
    };
    const system = System.create({ random: 5, record: true });
    system.addDevice(driver);
    const file = await system.open("Slow");
    const writes: Promise<unknown>[] = [];
    system.atOnce(() => {
      for (let i = 1; i < 6; i++) writes.push(file.write(new Uint8Array(i)));
    });
    await Promise.all(writes);
    await file.close();
    const again = await replay(JSON.parse(JSON.stringify(system.log!.save())), [driver]);
    expect(again.system.digest()).toBe(system.digest());
    expect(again.system.choices!.token).toBe(system.choices!.token);
    expect(again.system.choices!.made).toBeGreaterThan(3);
  });
});

/** Five requests and five threads that complete them, all at once. */
function busy(rig: Rig): void {
  const sent = [1, 2, 3, 4, 5].map((length) => rig.sendRead(length));
  const requests = rig.kept.splice(0);
  rig.system.atOnce(() => {
    for (const request of requests) {
      rig.system.thread<void>(function* () {
        yield;
        yield* wdf.WdfRequestComplete(request, NtStatus.Success);
      });
    }
  });
  for (const { status } of sent) expect(status).toBe(NtStatus.Success);
}
