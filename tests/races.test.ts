// What comes at once, in every order: the race of a cancel with the timer that completes the request.

import { describe, expect, it } from "vitest";
import {
  NtStatus,
  type Request,
  System,
  type SystemOptions,
  TraceRecorder,
  WdfIoQueueDispatchType,
  defineDriver,
  replay,
  textTrace,
} from "../host";

/** An EvtRequestCancel that lets the driver forget the request. */
type Cancel = (forget: () => void) => (request: Request) => void | Generator<undefined, void, unknown>;

/** A driver that completes a read after 10 ms, with what it does when the read is cancelled. */
function reader(cancel: Cancel, careful: boolean) {
  return defineDriver({
    name: "reader",
    evtDriverDeviceAdd(init) {
      const { device } = init.createDevice({ symbolicLinks: ["\\DosDevices\\Reader"] });
      let held: Request | null = null;
      const evtRequestCancel = cancel(() => void (held = null));
      const evtTimerFunc = (): void => {
        const read = held;
        held = null;
        if (read === null || (read.unmarkCancelable() === NtStatus.Cancelled && careful)) return;
        read.complete(NtStatus.Success, { information: 1 });
      };
      const { timer } = device.createTimer({ evtTimerFunc });
      return device.createQueue({
        dispatchType: WdfIoQueueDispatchType.Sequential,
        defaultQueue: true,
        evtIoRead(_queue, read) {
          held = read;
          read.markCancelable(evtRequestCancel);
          timer.start(10);
        },
      }).status;
    },
  });
}

const plain: Cancel = (forget) => (request) => {
  forget();
  request.complete(NtStatus.Cancelled);
};

const generator: Cancel = (forget) =>
  function* (request) {
    forget();
    yield* request.complete(NtStatus.Cancelled);
  };

/** Cancels the read while the timer expires: what it was completed with, the findings, and the trace. */
async function race(driver: ReturnType<typeof reader>, options: SystemOptions) {
  const system = System.create({ processors: 2, ...options });
  system.addDevice(driver);
  const file = await system.open("Reader");
  const recorder = new TraceRecorder();
  system.recorder = recorder;
  const giveUp = new AbortController();
  const read = file.read(1, { signal: giveUp.signal });
  system.atOnce(() => {
    giveUp.abort();
    system.advance(10);
  });
  const { status } = await read;
  return { status, findings: system.findings.length, trace: textTrace(recorder.events), token: system.choices!.token };
}

const SEEDS = Array.from({ length: 100 }, (_, index) => index + 1);

describe("a cancel and the timer that completes the request", () => {
  it.each([["plain", plain], ["generator", generator]])("a careless driver is found out, its callback being a %s function", async (_, cancel) => {
    const runs = [];
    for (const random of SEEDS) runs.push(await race(reader(cancel, false), { random }));
    const found = runs.filter(({ findings }) => findings !== 0);
    expect(found.length).toBeGreaterThan(0);
    const again = await race(reader(cancel, false), { tape: found[0].token });
    expect(again).toEqual(found[0]);
  });

  it("the callback is overtaken before its first line: the request is cancelled, and nobody has been told", async () => {
    const traces = [];
    for (const random of SEEDS) traces.push((await race(reader(plain, true), { random })).trace);
    const late = traces.filter((trace) => /<- WdfRequestUnmarkCancelable STATUS_CANCELLED[^]*> EvtRequestCancel/.test(trace));
    expect(late.length).toBeGreaterThan(0);
  });

  it("a careful driver is never found out, and both ends happen", async () => {
    const ends = new Set<number>();
    for (const random of SEEDS) {
      const { status, findings } = await race(reader(plain, true), { random });
      expect(findings).toBe(0);
      ends.add(status);
    }
    expect(ends).toEqual(new Set([NtStatus.Success, NtStatus.Cancelled]));
  });

  it("a completion is told of in the thread that completes, whoever goes on next", async () => {
    for (const random of SEEDS) {
      const lines = (await race(reader(plain, true), { random })).trace.split("\n");
      const at = lines.findIndex((line) => line.includes("* r2"));
      expect(lines[at].split(/ +/)[0]).toBe(lines[at - 1].split(/ +/)[0]);
    }
  });
});

describe("System.advance inside System.atOnce", () => {
  it("makes timers due; what they run begins with the rest", async () => {
    const { trace } = await race(reader(plain, true), { tape: "t1." });
    expect(trace.indexOf("10 ms: a timer expires")).toBeLessThan(trace.indexOf("> EvtTimerFunc"));
    expect(trace).not.toMatch(/> EvtRequestCancel[^]*a timer expires/);
  });

  it("is replayed like that, with the choices of the run", async () => {
    const driver = reader(plain, true);
    const system = System.create({ processors: 2, random: 4, record: true });
    system.addDevice(driver);
    const file = await system.open("Reader");
    const read = file.read(1);
    system.atOnce(() => {
      system.cancel(2);
      system.advance(10);
    });
    await read;
    const again = await replay(system.log!.save(), [driver]);
    expect(again.system.digest()).toBe(system.digest());
    expect(again.system.choices!.token).toBe(system.choices!.token);
  });
});
