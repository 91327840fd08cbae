// What the model of flows (flow-model.ts) keeps: IRPs, what each driver has of them, queues, targets.

import type { Flow } from "./flow-plan";

export type Back = (status: number, information: number) => void;

/** An IRP: an application's, or one that a driver has made. */
export class ModelIrp {
  cancelled = false;
  /** Who has it, the top driver first. */
  readonly chain: Leg[] = [];
  readonly id: number;
  readonly flow: Flow;
  readonly input: Uint8Array;
  readonly output: Uint8Array;
  /** Bytes below the top driver of an application's METHOD_NEITHER are nobody's. */
  readonly neither: boolean;
  /** Who gets it back from the top driver of its stack. */
  sender: Back;

  constructor(id: number, flow: Flow, input: Uint8Array, output: Uint8Array, neither: boolean, sender: Back) {
    this.id = id;
    this.flow = flow;
    this.input = input;
    this.output = output;
    this.neither = neither;
    this.sender = sender;
  }
}

/** A request as one driver has it. */
export class Leg {
  place: "line" | "manual" | "owned" | "gone" = "line";
  queue: ModelQueue;
  /** How far the driver has come with it. */
  stage = 0;
  marked = false;
  putBack = false;
  /** What it has sent: this request itself, or one of its own. */
  trip: Trip | null = null;
  readonly irp: ModelIrp;
  readonly level: number;

  constructor(irp: ModelIrp, level: number, queue: ModelQueue) {
    this.irp = irp;
    this.level = level;
    this.queue = queue;
  }
}

/** A request that a target has. */
export interface Trip {
  readonly leg: Leg;
  readonly irp: ModelIrp;
  place: "pended" | "out";
  /** When its timeout ends; a synchronous one goes on when it is sent again. */
  due: number;
  readonly synchronous: boolean;
  timedOut: boolean;
  readonly back: Back;
}

export class ModelQueue {
  count = 0;
  accepts = true;
  readonly line: Leg[] = [];
  readonly limit: number;

  constructor(limit: number) {
    this.limit = limit;
  }
}

export class ModelFloor {
  readonly second = new ModelQueue(Infinity);
  readonly manual = new ModelQueue(0);
  target: "started" | "stopped" | "purged" = "started";
  readonly trips: Trip[] = [];
  /** What a stop or purge still waits for. */
  awaited: Set<Trip> | null = null;
  readonly arrivals: ModelQueue;

  constructor(sequential: boolean) {
    this.arrivals = new ModelQueue(sequential ? 1 : Infinity);
  }
}

/** How a request ended. */
export interface Outcome {
  readonly status: number;
  readonly information: number;
  readonly data: readonly number[];
}
