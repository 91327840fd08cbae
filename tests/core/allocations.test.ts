// Failing allocations as choices (ADR 8).

import { describe, expect, it } from "vitest";
import { NtStatus } from "../../bindings/abi";
import * as wdf from "../../host/ddi";
import { ProtocolError } from "../../host/errors";
import { System } from "../../host/system";
import { Rig } from "../support/rig";
import { everyTape } from "../support/tapes";

const { InsufficientResources, Success } = NtStatus;

/** A driver that makes a timer and a request, and uses what it got. Its device must not fail: choices begin afterwards. */
function makeBoth(rig: Rig): string {
  return rig.run(() => {
    const timer = wdf.WdfTimerCreate(wdf.WDF_TIMER_CONFIG_INIT(() => {}), { parentObject: rig.device });
    const request = wdf.WdfRequestCreate(undefined);
    return [timer.status, request.status].map((status) => (status === Success ? "made" : status === InsufficientResources ? "no" : "?")).join(" ");
  });
}

/** The bytes with which everything up to the device's start has succeeded. */
const START = ((): number => {
  const rig = new Rig({ tape: new Uint8Array(0), allocationsMayFail: true, queue: null });
  rig.forget();
  return rig.system.choices!.made;
})();

describe("allocationsMayFail", () => {
  it("an empty tape is the plain run: nothing fails", () => {
    const rig = new Rig({ tape: new Uint8Array(0), allocationsMayFail: true, queue: null });
    expect(makeBoth(rig)).toBe("made made");
    expect(rig.system.choices!.made).toBeGreaterThan(START);
    expect([...rig.system.choices!.offered].every((offered) => offered === 2)).toBe(true);
  });

  it("every tape: each allocation fails in some run, as STATUS_INSUFFICIENT_RESOURCES of its DDI", () => {
    const seen = new Set<string>();
    everyTape((rest) => {
      const tape = new Uint8Array(START + rest.length);
      tape.set(rest, START);
      const rig = new Rig({ tape, allocationsMayFail: true, queue: null });
      seen.add(makeBoth(rig));
      expect(rig.system.machine.exports.checkInvariants()).toBe(0);
      rig.forget();
      const { tape: chosen, offered } = rig.system.choices!;
      return { tape: chosen.subarray(START), offered: offered.subarray(START) };
    });
    expect([...seen].sort()).toEqual(["made made", "made no", "no made", "no no"]);
  });

  it("an IRP that cannot become a request goes back with STATUS_INSUFFICIENT_RESOURCES", () => {
    const statuses = new Set<number | undefined>();
    for (let random = 0; random < 300; random++) {
      let rig: Rig;
      try {
        rig = new Rig({ random, allocationsMayFail: true });
      } catch {
        continue; // the device itself could not be made
      }
      statuses.add(rig.sendRead(1).status);
      rig.forget();
    }
    expect([...statuses].sort()).toEqual([InsufficientResources, undefined]);
  });

  it("the same seed, and the tape of its choices, give the same run", () => {
    const run = (options: object): [string, string] => {
      const rig = new Rig({ allocationsMayFail: true, queue: null, ...options });
      const said = Array.from({ length: 10 }, () => makeBoth(rig)).join();
      rig.forget();
      return [said, rig.system.choices!.token];
    };
    const seed = Array.from({ length: 50 }, (_, n) => n).find((random) => {
      try {
        return run({ random })[0].includes("no");
      } catch {
        return false;
      }
    });
    const [said, token] = run({ random: seed });
    expect(run({ random: seed })).toEqual([said, token]);
    expect(run({ tape: token })).toEqual([said, token]);
  });

  it("needs choices", () => {
    expect(() => System.create({ allocationsMayFail: true })).toThrow(ProtocolError);
  });
});
