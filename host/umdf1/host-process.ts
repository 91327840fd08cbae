// The host process: where a UMDF 1 driver runs. A fault of the driver ends it, not the system.
//
//   a callback throws                   the driver has faulted
//   Stop, Drain and Purge overlap       the framework ends the process
//
// Then nothing of the driver is called any more, what it owns is completed with STATUS_DRIVER_PROCESS_TERMINATED, and its queues
// are purged: what is queued ends with STATUS_CANCELLED, what comes later is refused.

import { FindingId } from "../../bindings/abi";
import { machine } from "../current";
import { BugCheckError, InternalError, ProtocolError, StaleHandleError } from "../errors";
import { isGenerator } from "../routines";
import { inSteps } from "./awaited";
import type { Device } from "./device";

export class HostProcess {
  readonly devices: Device[] = [];
  private ended = false;

  /** True once the process has ended. */
  get isDead(): boolean {
    return this.ended;
  }

  /** Runs a callback of the driver. `instead`: what comes back when the process has ended, or ends in it. */
  run<T>(callback: () => T | Generator<undefined, T, unknown>, instead: T): T | Generator<undefined, T, unknown> {
    if (this.ended) return instead;
    try {
      const result = callback();
      if (typeof result !== "object" || result === null || !isGenerator(result)) return result;
      return this.guarded(result as Generator<undefined, T, unknown>, instead);
    } catch (error) {
      refuseOurs(error);
      inSteps("a callback that faults", () => this.terminate(String(error)));
      return instead;
    }
  }

  private *guarded<T>(callback: Generator<undefined, T, unknown>, instead: T): Generator<undefined, T, unknown> {
    try {
      return yield* callback;
    } catch (error) {
      refuseOurs(error);
      yield* this.terminate(String(error));
      return instead;
    }
  }

  /** Ends the process, once. */
  *terminate(why: string): Generator<undefined, void, unknown> {
    if (this.ended) return;
    this.ended = true;
    const m = machine();
    m.exports.noteRule(FindingId.Umdf1HostTerminated, m.names.text(why), 0);
    for (const device of this.devices) yield* device.abandon();
  }
}

/** What the product throws is no fault of the driver. */
function refuseOurs(error: unknown): void {
  const ours = [BugCheckError, InternalError, ProtocolError, StaleHandleError];
  const trapped = machine().core.explain(error) !== error;
  if (trapped || ours.some((kind) => error instanceof kind)) throw error;
}
