// What is left over when a run is looked at: who still waits for what.

import { WdfRequestType } from "../bindings/abi";
import type { Finding } from "./findings";
import type { Irp } from "./irps";
import type { WaitingThread } from "./waiting";

export interface Report {
  /** Requests that have not gone back to their senders, in words. */
  readonly pendingRequests: readonly string[];
  /** Threads that wait, in words: in which DDI, for what, who has it. */
  readonly waitingThreads: readonly string[];
  readonly findings: readonly Finding[];
}

export function reportOf(pending: readonly Irp[], waiting: readonly WaitingThread[], findings: readonly Finding[]): Report {
  return { pendingRequests: pending.map(describeIrp), waitingThreads: waiting.map(({ text }) => text), findings: [...findings] };
}

/** "write r3 16 bytes to", for a trace. */
export function describeSend(irp: Irp): string {
  const name = `r${irp.ordinal}`;
  switch (irp.major) {
    case WdfRequestType.Read:
      return `read ${name} ${irp.length} bytes from`;
    case WdfRequestType.Write:
      return `write ${name} ${irp.length} bytes to`;
    case WdfRequestType.DeviceControl:
      return `control ${name} ${irp.buffers.inputLength} bytes in, ${irp.length} out,`;
    case WdfRequestType.Create:
      return `create ${name}`;
    case WdfRequestType.Cleanup:
      return `cleanup ${name}`;
    case WdfRequestType.Close:
      return `close ${name}`;
    default:
      return `major ${irp.major} ${name}`;
  }
}

/** "r3: a write of 16 bytes" */
export function describeIrp(irp: Irp): string {
  const bytes = `${irp.length} ${irp.length === 1 ? "byte" : "bytes"}`;
  switch (irp.major) {
    case WdfRequestType.Read:
      return `r${irp.ordinal}: a read of ${bytes}`;
    case WdfRequestType.Write:
      return `r${irp.ordinal}: a write of ${bytes}`;
    case WdfRequestType.DeviceControl:
      return `r${irp.ordinal}: a device control with ${irp.buffers.inputLength} bytes in and ${bytes} out`;
    case WdfRequestType.Create:
      return `r${irp.ordinal}: a create`;
    default:
      return `r${irp.ordinal}: a request of major function ${irp.major}`;
  }
}
