// Parts of the way, to show where the time goes. No application could live with these: nobody is told of completions.
//
//   core + pump   the core's exports and the machine's pump with the drivers of world.ts; no System.input, no IRPs
//   core alone    the core's exports and nothing else: RawCore plays the driver and takes the events itself

import {
  Attention,
  WINDOW_ATTENTION,
  WINDOW_OUT,
  WINDOW_RING_BASE,
  WINDOW_RING_CAPACITY,
  WINDOW_RING_HEAD,
  WINDOW_RING_TAIL,
  WINDOW_RUNNING,
  WdfRequestType,
} from "../../bindings/abi";
import type { Core, CoreExports } from "../../bindings/core";
import { enter } from "../../host/current";
import { BATCH, type Contender, IN_FLIGHT, Random, type Round, type Workload } from "./contender";
import { Cycle, MIX, type Sample, samplesOf } from "./mix";
import { PLAIN, World } from "./world";

const ALL: readonly Workload[] = ["w1", "w2", "w3", "w4"];

/** Sends a sample with nothing around it. */
function sendRaw(exports: CoreExports, device: number, { major, length, request }: Sample): number {
  if (major !== WdfRequestType.DeviceControl) return exports.sendTransfer(device, major, length, 0);
  return exports.sendIrp(device, major, length, 0, 0, length, request.code ?? 0);
}

/** Throws unless the core holds as many objects as before: every request has gone. */
function checked(exports: CoreExports, round: Round): Round {
  const before = exports.liveObjects();
  return (requests) => {
    void round(requests);
    const left = exports.liveObjects() - before;
    if (left !== 0) throw new Error(`${left} requests are left over`);
  };
}

export function coreAndPump(samples: readonly Sample[] = MIX): Contender {
  return {
    workloads: ALL,
    prepare(workload, pending) {
      const world = new World(workload, 0, { ...PLAIN, objects: pending + 8192 });
      const { machine } = world.system;
      const cycle = new Cycle(samplesOf(workload, samples));
      const submit = (): number => {
        const handle = sendRaw(machine.exports, world.device, cycle.next());
        machine.pump(0);
        return handle;
      };
      if (workload !== "w4" && pending > 0) parkRaw(machine.exports, world.addParking(), pending);
      const round = pumped(world, workload, pending, submit);
      enter(machine);
      return checked(machine.exports, round);
    },
  };
}

function parkRaw(exports: CoreExports, device: number, pending: number): void {
  for (let i = 0; i < pending; i++) exports.sendTransfer(device, WdfRequestType.Write, 2, 0);
}

function pumped(world: World, workload: Workload, pending: number, submit: () => number): Round {
  const { machine } = world.system;
  if (workload === "w4") {
    return cancels(submit, pending, (handle) => {
      machine.exports.cancel(handle);
      machine.pump(0);
    });
  }
  const size = { w1: 1, w2: IN_FLIGHT, w3: BATCH }[workload];
  const complete = { w1: null, w2: world.completeKept, w3: world.completeBatch }[workload];
  return (requests) => {
    for (let done = 0; done < requests; done += size) {
      for (let i = 0; i < size; i++) submit();
      if (complete !== null) world.system.thread(complete);
    }
  };
}

function cancels(submit: () => number, pending: number, cancel: (handle: number) => void): Round {
  const random = new Random();
  const handles = Int32Array.from({ length: pending }, submit);
  return (requests) => {
    for (let i = 0; i < requests; i++) {
      const slot = random.below(pending);
      cancel(handles[slot]);
      handles[slot] = submit();
    }
  };
}

export function coreAlone(samples: readonly Sample[] = MIX): Contender {
  return {
    workloads: ALL,
    prepare(workload, pending) {
      const world = new World(workload, 0, { ...PLAIN, objects: pending + 8192 });
      const raw = new RawCore(world, new Cycle(samplesOf(workload, samples)));
      if (workload === "w4") return checked(raw.exports, cancels(() => raw.submit(), pending, (handle) => raw.cancel(handle)));
      return checked(raw.exports, { w1: raw.w1, w2: raw.w2, w3: raw.w3 }[workload]);
    },
  };
}

/** The core without a host. */
class RawCore {
  readonly exports: CoreExports;
  private readonly core: Core;
  private words: Int32Array;
  private readonly ring: number;
  private readonly mask: number;
  private readonly device: number;
  private readonly manual: number;
  private readonly cycle: Cycle;
  private readonly kept = new Int32Array(IN_FLIGHT);

  constructor(world: World, cycle: Cycle) {
    const { core } = world.system.machine;
    this.exports = core.exports;
    this.core = core;
    this.words = core.words;
    this.ring = core.word(WINDOW_RING_BASE) >> 2;
    this.mask = core.word(WINDOW_RING_CAPACITY) - 1;
    this.device = world.device;
    this.manual = world.manual;
    this.cycle = cycle;
  }

  /** Takes all events without a look at them. */
  private take(): void {
    this.words[WINDOW_RING_HEAD >> 2] = this.words[WINDOW_RING_TAIL >> 2];
    const attention = this.words[WINDOW_ATTENTION >> 2];
    if (attention === 0) return;
    this.words[WINDOW_ATTENTION >> 2] = 0;
    if ((attention & Attention.Memory) !== 0) this.core.grow();
    this.words = this.core.words;
  }

  /** The request of the newest event. */
  private get request(): number {
    const newest = this.words[WINDOW_RING_TAIL >> 2] - 1;
    return this.words[this.ring + ((newest & this.mask) << 2) + 2];
  }

  private returned(): void {
    this.take();
    this.exports.routineReturned(this.words[WINDOW_RUNNING >> 2], 0);
    this.take();
  }

  submit(): number {
    const handle = sendRaw(this.exports, this.device, this.cycle.next());
    this.take();
    return handle;
  }

  cancel(handle: number): void {
    this.exports.cancel(handle);
    this.take();
  }

  readonly w1 = (requests: number): void => {
    for (let i = 0; i < requests; i++) {
      sendRaw(this.exports, this.device, this.cycle.next());
      this.exports.WdfRequestCompleteWithInformation(this.request, 0, i & 1);
      this.returned();
    }
  };

  readonly w2 = (requests: number): void => {
    for (let done = 0; done < requests; done += IN_FLIGHT) {
      for (let i = 0; i < IN_FLIGHT; i++) {
        sendRaw(this.exports, this.device, this.cycle.next());
        this.kept[i] = this.request;
        this.returned();
      }
      this.inThread(() => {
        for (let i = IN_FLIGHT - 1; i >= 0; i--) this.complete(this.kept[i], i);
      });
    }
  };

  readonly w3 = (requests: number): void => {
    for (let done = 0; done < requests; done += BATCH) {
      for (let i = 0; i < BATCH; i++) {
        sendRaw(this.exports, this.device, this.cycle.next());
        this.exports.WdfRequestForwardToIoQueue(this.request, this.manual);
        this.returned();
      }
      this.inThread(() => {
        for (let i = 0; i < BATCH; i++) {
          this.exports.WdfIoQueueRetrieveNextRequest(this.manual);
          this.complete(this.words[WINDOW_OUT >> 2], i);
        }
      });
    }
  };

  private complete(request: number, i: number): void {
    this.exports.WdfRequestCompleteWithInformation(request, 0, i & 1);
    this.take();
  }

  /** A system thread whose body is the caller. */
  private inThread(body: () => void): void {
    this.exports.startThread(1, 1, 4);
    this.take();
    body();
    this.returned();
  }
}
