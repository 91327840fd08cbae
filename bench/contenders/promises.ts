// wdf-wasm as most applications use it: a file, and a promise per request.

import { type ApplicationFile, type IoResult, System } from "../../host";
import { WdfRequestType } from "../../bindings/abi";
import { BATCH, type Contender, IN_FLIGHT, type Round } from "./contender";
import { CODE, Cycle, MIX } from "./mix";
import { PLAIN, World } from "./world";

export const promises: Contender = {
  workloads: ["w1", "w2", "w3"],
  async prepare(workload, pending) {
    const world = new World(workload, pending, PLAIN);
    const file = await opened(world);
    const cycle = new Cycle(MIX);
    if (workload === "w1") return awaited(file, cycle);
    return workload === "w2"
      ? batches(world.system, file, cycle, IN_FLIGHT, world.completeKept)
      : batches(world.system, file, cycle, BATCH, world.completeBatch);
  },
};

/** Gives the device a name and opens it. */
function opened({ system, device }: World): Promise<ApplicationFile> {
  system.names.link("\\DosDevices\\Bench", device);
  return system.open("Bench");
}

function operate(file: ApplicationFile, cycle: Cycle): Promise<IoResult> {
  const { major, length, bytes } = cycle.next();
  if (major === WdfRequestType.Write) return file.write(bytes);
  return major === WdfRequestType.Read ? file.read(length) : file.deviceIoControl(CODE, bytes, length);
}

function awaited(file: ApplicationFile, cycle: Cycle): Round {
  return async (requests) => {
    for (let i = 0; i < requests; i++) succeeded(await operate(file, cycle));
  };
}

function batches(system: System, file: ApplicationFile, cycle: Cycle, size: number, complete: () => void): Round {
  return async (requests) => {
    for (let done = 0; done < requests; done += size) {
      const batch = Array.from({ length: size }, () => operate(file, cycle));
      system.thread(complete);
      for (const result of await Promise.all(batch)) succeeded(result);
    }
  };
}

function succeeded({ status }: IoResult): void {
  if (status !== 0) throw new Error(`a request came back with status ${status}`);
}
