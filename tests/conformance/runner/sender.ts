// The sender of a scenario's IRPs: what its buffers hold.

import { BufferKind, WdfRequestType } from "../../../bindings/abi";
import type { Irp } from "../../../host/irps";

/** "ABCDEFGHIJ..." */
export function letters(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => 0x41 + (index % 26));
}

/** The stand-in kernel's system buffers are filled like those of the sender. */
export function fillLikeTheSender({ major, buffers }: Irp): void {
  if (major !== WdfRequestType.Read || buffers.outputLength === 0) return;
  buffers.outputOf(BufferKind.System).set(letters(buffers.outputLength));
}
