// The device below, as a scenario tells it to answer: `bus OPERATION MODE`.

import { hex8, statusName } from "../../../host/format";
import type { Rig, Script } from "./rig";
import { parseNumber } from "./script";

/** How requests of a kind are answered. */
export interface BusMode {
  readonly kind: "complete" | "pend" | "pendcancel" | "pendignore";
  readonly status: number;
  readonly information: number;
}

const OPERATIONS: Record<number, string> = {
  0: "create",
  2: "close",
  3: "read",
  4: "write",
  9: "flush",
  14: "ioctl",
  15: "intioctl",
  18: "cleanup",
};
const KINDS = { complete: "complete", pend: "pend", pendcancel: "pend(cancelable)", pendignore: "pend(ignores cancel)" };
const INVALID_DEVICE_REQUEST = 0xc0000010 | 0;
const CANCELLED = 0xc0000120 | 0;
const PENDING = 0x103;

export class Bus {
  private readonly rig: Rig;
  private readonly modes = new Map<string, BusMode>();
  /** What the device below has: handles of IRPs, each in the first slot that was free. */
  private readonly slots: (number | undefined)[] = [];

  constructor(rig: Rig) {
    this.rig = rig;
  }

  /** What the device below has, in the order of the slots. */
  get pending(): number[] {
    return this.slots.filter((irp) => irp !== undefined);
  }

  /** `bus read complete 0 5` and the like. */
  set(operation: string, words: readonly string[]): void {
    const [kind, status = "0", information = "0"] = words;
    if (kind === "off") this.modes.delete(operation);
    else this.modes.set(operation, { kind: kind as BusMode["kind"], status: parseNumber(status), information: parseNumber(information) });
    if (operation === "all" && kind !== "off") for (const name of Object.values(OPERATIONS)) this.modes.delete(name);
  }

  private modeOf(major: number): BusMode | undefined {
    return this.modes.get(OPERATIONS[major] ?? "") ?? this.modes.get("all");
  }

  /** Its dispatch routine. */
  *dispatch(irp: number, major: number): Script {
    const { rig } = this;
    const { exports } = rig.machine;
    const mode = this.modeOf(major);
    if (mode === undefined) {
      rig.say(`bus mj=${major}`);
      yield* rig.call("completeBelow", irp, INVALID_DEVICE_REQUEST, 0);
      return INVALID_DEVICE_REQUEST;
    }
    const cancelled = exports.isCancelled(irp) !== 0;
    const name = rig.world.requestName(irp);
    const late = cancelled ? " [already cancelled]" : "";
    rig.say(`bus: got ${name} ${this.describe(irp, major)} -> ${KINDS[mode.kind]}${late} irql=${rig.irql}`);
    if (mode.kind === "complete") {
      yield* rig.call("completeBelow", irp, mode.status, mode.information);
      return mode.status;
    }
    if (mode.kind !== "pend" && exports.setCancelRoutine(irp, 1) === 0) {
      rig.say(`bus: ${name} was already cancelled`);
      yield* rig.call("completeBelow", irp, CANCELLED, 0);
      return PENDING;
    }
    const free = this.slots.indexOf(undefined);
    this.slots[free < 0 ? this.slots.length : free] = irp;
    this.ignoring.set(irp, mode.kind === "pendignore");
    return PENDING;
  }

  private readonly ignoring = new Map<number, boolean>();

  private describe(irp: number, major: number): string {
    const { core, exports } = this.rig.machine;
    exports.irpParameters(irp);
    const [length, input, code] = [core.outValue(0), core.outValue(1), core.outValue(2)];
    const offset = exports.irpOffset(irp) >>> 0;
    return describe({ major, length, input, code, offset });
  }

  /** Its cancel routine. */
  *cancel(irp: number): Script {
    const { rig } = this;
    const name = rig.world.requestName(irp);
    const ignored = this.ignoring.get(irp) === true;
    rig.say(`bus: cancel routine ${name}${ignored ? " (noted, still pending)" : ""} irql=${rig.irql}`);
    if (ignored) return undefined;
    this.forget(irp);
    yield* rig.call("completeBelow", irp, CANCELLED, 0);
    return undefined;
  }

  private forget(irp: number): void {
    const at = this.slots.indexOf(irp);
    if (at >= 0) this.slots[at] = undefined;
    this.ignoring.delete(irp);
  }

  /** The device below completes one of its IRPs. */
  *complete(irp: number, status: number, information: number): Script {
    const { rig } = this;
    const name = rig.world.requestName(irp);
    rig.say(`-> bus completes ${name} ${hex8(status)} ${statusName(status)} info=${information}`);
    rig.nest(1);
    this.forget(irp);
    yield* rig.call("completeBelow", irp, status, information);
    rig.nest(-1);
    rig.say(`<- bus completes ${name}`);
    return undefined;
  }

  /** The IRP of a name that the device below has. */
  find(name: string): number | undefined {
    return this.pending.find((irp) => this.rig.world.requestName(irp) === name);
  }
}

interface SentParameters {
  readonly major: number;
  readonly length: number;
  readonly input: number;
  readonly code: number;
  readonly offset: number;
}

function describe({ major, length, input, code, offset }: SentParameters): string {
  switch (major) {
    case 3:
    case 4:
      return `${OPERATIONS[major]} len=${length} off=${offset}`;
    case 14:
    case 15:
      return `${OPERATIONS[major]} code=0x${code.toString(16)} out=${length} in=${input}`;
    default:
      return `mj=${major}`;
  }
}
