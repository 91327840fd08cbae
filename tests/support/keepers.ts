// Handlers that say what they were called for and keep the request: what a rig's queues have unless told otherwise.

import type { WDFQUEUE, WDFREQUEST, WdfIoQueueConfig } from "../../host/ddi/types";
import type { Rig } from "./rig";

/** Handlers by the names of their prototypes, without the EvtIo. */
export type Keeper = RequestKeeper | "Stop" | "Resume" | "CanceledOnQueue";
type RequestKeeper = "Read" | "Write" | "DeviceControl" | "InternalDeviceControl" | "Default";

/** What each handler is told beyond queue and request. */
const DETAILS: Record<Keeper, (...args: number[]) => string> = {
  Read: (length) => ` length=${length}`,
  Write: (length) => ` length=${length}`,
  DeviceControl: (output, input, code) => ` out=${output} in=${input} code=0x${code.toString(16)}`,
  InternalDeviceControl: (output, input, code) => ` out=${output} in=${input} code=0x${code.toString(16)}`,
  Default: () => "",
  Stop: (flags) => ` flags=0x${flags.toString(16)}`,
  Resume: () => "",
  CanceledOnQueue: () => "",
};

/** Keepers that are told about a request the driver has already. */
const NOTICES = new Set<Keeper>(["Stop", "Resume"]);

/** The keepers of these names, as fields of a queue's configuration. */
export function keepers(rig: Rig, names: readonly Keeper[]): Partial<WdfIoQueueConfig> {
  const keep = (name: Keeper) => (queue: WDFQUEUE, request: WDFREQUEST, ...args: number[]) => {
    const where = queue === rig.queue ? "" : `${rig.name(queue)} `;
    rig.say(`EvtIo${name} ${where}${rig.name(request)}${DETAILS[name](...args)}`);
    if (!NOTICES.has(name)) rig.kept.push(request);
  };
  return Object.fromEntries(names.map((name) => [`evtIo${name}`, keep(name)]));
}
