// What happens between interrupts and the kernel, in the kernel's words.

import { InterruptChange } from "../../bindings/abi";

/** `levels`: IRQL, and SynchronizeIrql in the byte above. */
export function describeInterruptChange(change: InterruptChange, vector: number, levels: number): string {
  switch (change) {
    case InterruptChange.Connected:
      return `IoConnectInterruptEx vector=${vector} irql=${levels & 0xff} syncirql=${levels >>> 8}`;
    case InterruptChange.Disconnected:
      return "IoDisconnectInterruptEx";
    case InterruptChange.Inactive:
      return "IoReportInterruptInactive";
    default:
      return "IoReportInterruptActive";
  }
}
