// What a request costs in bytes while it waits in a manual queue.

import { ENTRY_SIZE } from "../../bindings/abi";
import { PLAIN, World } from "./world";

export interface PendingBytes {
  /** The core's record and whatever else the core allocated. */
  readonly core: number;
  /** The same and the host's half: IRP, table, garbage of making them. Resident memory of the process. */
  readonly resident: number;
}

/** Sends that many requests to a manual queue; the difference in bytes, for each. */
export function pendingBytes(pending: number): PendingBytes {
  const world = new World("w1", 0, { ...PLAIN, objects: pending + 8192 });
  const { exports } = world.system.machine;
  const coreBytes = (): number => exports.memoryUsed() + exports.liveObjects() * ENTRY_SIZE;
  const before = { core: coreBytes(), resident: process.memoryUsage().rss };
  world.park(pending);
  return { core: (coreBytes() - before.core) / pending, resident: Math.round((process.memoryUsage().rss - before.resident) / pending) };
}
