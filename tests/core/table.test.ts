import { describe, expect, it } from "vitest";
import { HANDLE_INDEX_MASK, NtStatus, ObjectKind, SYSTEM_ADDRESS } from "../../bindings/abi";
import { WdfRequestComplete } from "../../host/ddi";
import { Rig } from "../support/rig";

describe("the handle table", () => {
  it("gives handles below 2^30 and never 0", () => {
    const rig = new Rig();
    for (let i = 0; i < 500; i++) rig.sendRead(1);
    expect(rig.kept.every((handle) => handle > 0 && handle < 2 ** 30)).toBe(true);
    expect(new Set(rig.kept).size).toBe(500);
    rig.lines.length = 0;
  });

  it("does not use an entry again before 256 others were freed", () => {
    const rig = new Rig();
    const used: number[] = [];
    for (let i = 0; i < 600; i++) {
      rig.sendRead(1);
      const request = rig.kept.pop()!;
      used.push(request & HANDLE_INDEX_MASK);
      rig.run(() => WdfRequestComplete(request, NtStatus.Success));
    }
    for (let i = 0; i + 1 < used.length; i++) expect(used.slice(i + 1, i + 256)).not.toContain(used[i]);
    rig.lines.length = 0;
  });

  it("a handle of another kind is no handle", () => {
    const rig = new Rig();
    expect(() => rig.run(() => WdfRequestComplete(rig.queue as never, NtStatus.Success))).toThrow(
      expect.objectContaining({ code: 0x10d, parameters: [5, rig.queue, ObjectKind.Request, 0] }) as Error,
    );
  });
});

describe("the memory map", () => {
  it("begins with the system record, and its version", () => {
    const rig = new Rig();
    expect(rig.system.machine.core.word(SYSTEM_ADDRESS)).toBe(1);
  });
});
