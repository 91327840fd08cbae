// wdf-wasm as an application and a driver use it: System.input and System.send, a completion callback per IRP.

import { System, type SystemOptions, TraceRecorder, WdfRequestType } from "../../host";
import { BATCH, type Contender, IN_FLIGHT, Random, type Round, type Workload } from "./contender";
import { frameworkDriver } from "./framework";
import { Cycle, type Sample, samplesOf } from "./mix";
import { PLAIN, World } from "./world";

export interface RuntimeOptions {
  readonly system?: SystemOptions;
  readonly samples?: readonly Sample[];
  readonly trace?: boolean;
  /** The driver is one of defineDriver. */
  readonly framework?: boolean;
  /** w4 cancels through System.cancel, which looks for the request's number. */
  readonly byOrdinal?: boolean;
  /** Reads and writes without bytes, through System.port. */
  readonly port?: boolean;
}

const ALL: readonly Workload[] = ["w1", "w2", "w3", "w4"];

export function runtime(options: RuntimeOptions = {}): Contender {
  return {
    workloads: ALL,
    prepare(workload, pending) {
      const system = options.system ?? PLAIN;
      const world = options.framework ? frameworkDriver(workload, pending, system) : new World(workload, pending, system);
      const round = roundOf(world, workload, pending, options);
      return options.trace ? traced(world.system, round) : round;
    },
  };
}

/** The same on a world that is there. */
export function roundOf(world: World, workload: Workload, pending: number, options: RuntimeOptions = {}): Round {
  const cycle = new Cycle(samplesOf(workload, options.samples));
  const { system, device, done } = world;
  if (options.port) return portRound(world, workload, pending);
  let handle = 0;
  const send = (): void => {
    handle = system.send(device, cycle.next().request, done);
  };
  const submit = (): number => {
    system.input(send);
    return handle;
  };
  if (workload === "w1") return inline(world, submit);
  if (workload === "w2") return batches(world, submit, IN_FLIGHT, world.completeKept);
  if (workload === "w3") return batches(world, submit, BATCH, world.completeBatch);
  return options.byOrdinal ? cancelsByOrdinal(world, submit, pending) : cancelsByHandle(world, submit, pending);
}

/** Reads and writes in turn, as the baseline's: a type and a length, no bytes. */
function portRound(world: World, workload: Workload, pending: number): Round {
  const port = world.system.port(world.device, (_handle, status) => world.done(status));
  let count = 0;
  const submit = (): number => {
    const read = workload !== "w4" && (count++ & 1) !== 0;
    return port.send(read ? WdfRequestType.Read : WdfRequestType.Write, 2 + (count & 31));
  };
  if (workload === "w1") return inline(world, submit);
  if (workload === "w2") return batches(world, submit, IN_FLIGHT, world.completeKept);
  if (workload === "w3") return batches(world, submit, BATCH, world.completeBatch);
  return cancels(world, submit, pending, (handle) => port.cancel(handle));
}

function inline(world: World, submit: () => number): Round {
  return (requests) => {
    for (let i = 0; i < requests; i++) submit();
    world.check(requests);
  };
}

function batches(world: World, submit: () => number, size: number, complete: () => void): Round {
  const { system } = world;
  return (requests) => {
    for (let done = 0; done < requests; done += size) {
      for (let i = 0; i < size; i++) submit();
      system.thread(complete);
    }
    world.check(requests);
  };
}

type Cancel = (handle: number) => void;

function cancels(world: World, submit: () => number, pending: number, cancel: Cancel): Round {
  const random = new Random();
  const handles = Int32Array.from({ length: pending }, submit);
  return (requests) => {
    for (let i = 0; i < requests; i++) {
      const slot = random.below(pending);
      cancel(handles[slot]);
      handles[slot] = submit();
    }
    world.check(requests);
  };
}

function cancelsByHandle(world: World, submit: () => number, pending: number): Round {
  const { system } = world;
  let handle = 0;
  const cancel = (): void => void system.machine.exports.cancel(handle);
  return cancels(world, submit, pending, (next) => {
    handle = next;
    system.input(cancel);
  });
}

function cancelsByOrdinal(world: World, submit: () => number, pending: number): Round {
  const { system } = world;
  const random = new Random();
  const numbered = (): number => {
    const ordinal = system.irps.next;
    submit();
    return ordinal;
  };
  const ordinals = Float64Array.from({ length: pending }, numbered);
  return (requests) => {
    for (let i = 0; i < requests; i++) {
      const slot = random.below(pending);
      system.cancel(ordinals[slot]);
      ordinals[slot] = numbered();
    }
    world.check(requests);
  };
}

/** Traces, and drops the events now and then, as a ring of the last ones would. */
function traced(system: System, round: Round): Round {
  const recorder = new TraceRecorder();
  system.recorder = recorder;
  return (requests) => {
    for (let done = 0; done < requests; done += IN_FLIGHT) {
      void round(Math.min(IN_FLIGHT, requests - done));
      recorder.events.length = 0;
    }
  };
}
