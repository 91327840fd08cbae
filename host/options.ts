// What a System can be told when it is made.

import { OBJECTS_DEFAULT, OBJECTS_MAX, PROCESSORS_MAX, RING_CAPACITY_DEFAULT, RING_CAPACITY_MIN, Switch } from "../bindings/abi";
import type { CoreOptions } from "../bindings/core";
import { ProtocolError } from "./errors";
import { type Known, refuseUnknown } from "./misspelled";
import type { RegistryContents } from "./registry-data";

export interface SystemOptions {
  /** The framework verifier. @defaultValue true */
  verifier?: boolean;
  /**
   * Driver Verifier: the kernel's functions stop the System (0xC4) when they are called at a wrong level, or with locks and
   * regions that do not match.
   *
   * @defaultValue true
   */
  driverVerifier?: boolean;
  /** A checked build of the kernel, whose assertions stop the System. @defaultValue false */
  checkedBuild?: boolean;
  /** Rule findings: the documented contract, checked although Windows would not. @defaultValue true */
  rules?: boolean;
  /**
   * Live objects (requests included) at most, up to 1,048,574; at the limit a driver sees STATUS_INSUFFICIENT_RESOURCES.
   *
   * @defaultValue 65536
   */
  objects?: number;
  /** Events the core may hold back: a power of two, at least 4. @defaultValue 1024 */
  ring?: number;
  /**
   * Processors, up to 64. More than one only makes a difference where choices are made (`tape`, `random`), and for DPCs
   * with a target.
   *
   * @defaultValue 1
   */
  processors?: number;
  /** A choice tape, as a token or as bytes: what goes on where more than one thing might. An empty one ("t1.") only records. */
  tape?: string | Uint8Array;
  /** A seed: choices beyond the tape are pseudo-random instead of always the first alternative. */
  random?: number;
  /**
   * Whether an allocation fails (STATUS_INSUFFICIENT_RESOURCES, IRPs that cannot become requests) is a choice too, for a System
   * that makes choices (`tape`, `random`): of random choices one in eight fails.
   *
   * @defaultValue false
   */
  allocationsMayFail?: boolean;
  /**
   * Seconds of virtual time that a power transition may last. One that lasts longer is the Stop DRIVER_POWER_STATE_FAILURE
   * (0x9F), with a report of what it waits for. 0: it may last for ever.
   *
   * @defaultValue 600
   */
  powerWatchdog?: number;
  /**
   * What stands in the registry at the start: the parameters of drivers by their names, or keys by their whole paths
   * (beginning with \\Registry\\). Numbers become REG_DWORD, texts REG_SZ, objects keys; RegistryValue says any type.
   * Read and write it while the System runs with `system.registry`. As a text it is what an input log has written.
   */
  registry?: RegistryContents | string;
  /**
   * Tracks the references that drivers hold, with their tags and where they were taken: of all objects, or of the types
   * named (["WDFREQUEST"]). Dropping a reference with a tag that nobody has taken is a verifier break then, and the report
   * of leaks says which references are left. @defaultValue false
   */
  trackReferences?: boolean | readonly string[];
  /** Keep an input log, so that the run can be replayed. @defaultValue false */
  record?: boolean;
}

/** Their names. */
export const SYSTEM_OPTIONS: Known<SystemOptions> = {
  verifier: true,
  driverVerifier: true,
  checkedBuild: true,
  rules: true,
  objects: true,
  ring: true,
  processors: true,
  tape: true,
  random: true,
  allocationsMayFail: true,
  powerWatchdog: true,
  registry: true,
  trackReferences: true,
  record: true,
};

/** Checks the options and puts the defaults in. */
export function coreOptions(options: SystemOptions): CoreOptions {
  refuseUnknown("System.create", options, SYSTEM_OPTIONS);
  const objects = options.objects ?? OBJECTS_DEFAULT;
  const ringCapacity = options.ring ?? RING_CAPACITY_DEFAULT;
  if (!Number.isInteger(objects) || objects < 16 || objects > OBJECTS_MAX) {
    throw new ProtocolError(`objects must be a whole number from 16 to ${OBJECTS_MAX}, not ${objects}`);
  }
  if (!Number.isInteger(ringCapacity) || ringCapacity < RING_CAPACITY_MIN || (ringCapacity & (ringCapacity - 1)) !== 0) {
    throw new ProtocolError(`ring must be a power of two from ${RING_CAPACITY_MIN}, not ${ringCapacity}`);
  }
  const processors = options.processors ?? 1;
  if (!Number.isInteger(processors) || processors < 1 || processors > PROCESSORS_MAX) {
    throw new ProtocolError(`processors must be a whole number from 1 to ${PROCESSORS_MAX}, not ${processors}`);
  }
  return { switches: switchesOf(options), ringCapacity, objects, processors };
}

function switchesOf(options: SystemOptions): number {
  return (
    ((options.verifier ?? true) ? Switch.Verifier : 0) |
    ((options.rules ?? true) ? Switch.Rules : 0) |
    ((options.driverVerifier ?? true) ? Switch.DriverVerifier : 0) |
    (options.checkedBuild ? Switch.CheckedBuild : 0)
  );
}

/** What Windows grants a power IRP. */
const POWER_WATCHDOG_DEFAULT = 600;

/** Seconds a power transition may last. */
export function watchdogSeconds({ powerWatchdog = POWER_WATCHDOG_DEFAULT }: SystemOptions): number {
  if (Number.isInteger(powerWatchdog) && powerWatchdog >= 0 && powerWatchdog <= 0x7fffffff) return powerWatchdog;
  throw new ProtocolError(`powerWatchdog must be a whole number of seconds, or 0 for none, not ${powerWatchdog}`);
}
