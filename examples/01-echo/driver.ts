// Echo: keeps the bytes of the last write and gives them back to every read.
//
// One sequential default queue, so that requests come one at a time in the order of their arrival. A write of more than
// MAX_WRITE_LENGTH bytes is refused with STATUS_BUFFER_OVERFLOW; a read gets what was written last, up to its length.

import { NtStatus, WdfIoQueueDispatchType, WDF_DECLARE_CONTEXT_TYPE, defineDriver } from "wdf-wasm";

/** The largest write that is kept, in bytes. */
export const MAX_WRITE_LENGTH = 40 * 1024;

/** What the queue remembers: the bytes of the last write. */
const QueueContext = WDF_DECLARE_CONTEXT_TYPE("QueueContext", () => ({ bytes: new Uint8Array(0) }));

export default defineDriver({
  name: "echo",

  evtDriverDeviceAdd(init) {
    const { status, device } = init.createDevice({ symbolicLinks: ["\\DosDevices\\Echo"] });
    if (status < 0) return status;

    return device.createQueue(
      {
        dispatchType: WdfIoQueueDispatchType.Sequential,
        defaultQueue: true,

        evtIoWrite(queue, request, length) {
          if (length > MAX_WRITE_LENGTH) {
            request.complete(NtStatus.BufferOverflow, { information: 0 });
            return;
          }
          const input = request.inputBuffer();
          if (input.status < 0) {
            request.complete(input.status);
            return;
          }
          queue.context(QueueContext)!.bytes = input.buffer.slice();
          request.complete(NtStatus.Success, { information: length });
        },

        evtIoRead(queue, request) {
          const { bytes } = queue.context(QueueContext)!;
          const output = request.outputBuffer();
          if (output.status < 0) {
            request.complete(output.status);
            return;
          }
          const kept = bytes.subarray(0, output.buffer.length);
          output.buffer.set(kept);
          request.complete(NtStatus.Success, { information: kept.length });
        },
      },
      { contextType: QueueContext },
    ).status;
  },
});
