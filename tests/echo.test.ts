import { describe, expect, it } from "vitest";
import echo from "../examples/01-echo/driver";
import { System, replay } from "../host/index";
import { echoInterleaved, echoReplay, echoRun, pattern } from "./support/echo-run";

describe("examples/01-echo", () => {
  it("gives a read what was written last, up to its length", async () => {
    const system = System.create();
    system.addDevice(echo);
    const file = await system.open("Echo");
    expect((await file.write(pattern(10, 1))).information).toBe(10);
    expect((await file.read(4)).data).toEqual(pattern(10, 1).subarray(0, 4));
    expect((await file.read(20)).data).toEqual(pattern(10, 1));
    expect(system.findings).toEqual([]);
  });

  it("refuses a write over the maximum with STATUS_BUFFER_OVERFLOW and keeps what it had", async () => {
    const system = System.create();
    system.addDevice(echo);
    const file = await system.open("Echo");
    await file.write(pattern(3, 3));
    const { status, information } = await file.write(new Uint8Array(40 * 1024 + 1));
    expect([status >>> 0, information]).toEqual([0x80000005, 0]);
    expect((await file.read(8)).data).toEqual(pattern(3, 3));
  });

  it("runs as recorded: bytes, text trace and memory digest (tests/browser runs the same)", async () => {
    const { run } = await echoRun(echo);
    await expect(`${JSON.stringify(run, null, 1)}\n`).toMatchFileSnapshot("support/echo-run.json");
  });

  it("is replayed from its input log with the same bytes, trace and memory", async () => {
    const { run, log } = await echoRun(echo);
    expect(await echoReplay(echo, log)).toEqual(run);
  });

  it("two Systems driven in turn behave as each alone", async () => {
    const { results, digest } = (await echoRun(echo)).run;
    expect(await echoInterleaved(echo)).toEqual([{ results, digest }, { results, digest }]);
  });
});

describe("replay", () => {
  it("says so when the drivers are not those of the run", async () => {
    const { log } = await echoRun(echo);
    await expect(replay(log, [])).rejects.toThrow("the log needs the driver echo");
  });

  it("says so when the run comes apart", async () => {
    const { log } = await echoRun(echo);
    const other = { ...log, inputs: log.inputs.filter((_, index) => index !== 3) };
    await expect(replay(other, [echo])).rejects.toThrow("the replay has come apart");
  });

  it("refuses a run that called DDIs from code of its own", async () => {
    const system = System.create({ record: true });
    system.thread(() => 1);
    await expect(replay(system.log!.save(), [])).rejects.toThrow("which a log cannot repeat");
  });
});

