// The lowest driver: a read waits until somebody writes, and gets what was written.
//
// Reads that wait are cancelable. Whoever gives the cancel up must not touch the request: WdfRequestUnmarkCancelable says
// whether the driver still has it.

import { NtStatus, WdfIoQueueDispatchType, WDF_DECLARE_CONTEXT_TYPE, defineDriver, type Request } from "wdf-wasm";

/** What the queue remembers: the reads that wait, oldest first. */
const QueueContext = WDF_DECLARE_CONTEXT_TYPE("BusQueueContext", () => ({ waiting: [] as Request[] }));

export const bus = defineDriver({
  name: "bus",

  evtDriverDeviceAdd(init) {
    const { status, device } = init.createDevice();
    if (status < 0) return status;

    return device.createQueue(
      {
        dispatchType: WdfIoQueueDispatchType.Parallel,
        defaultQueue: true,

        evtIoRead(queue, request) {
          const context = queue.context(QueueContext)!;
          context.waiting.push(request);
          request.markCancelable((canceled) => {
            context.waiting = context.waiting.filter(({ handle }) => handle !== canceled.handle);
            canceled.complete(NtStatus.Cancelled);
          });
        },

        evtIoWrite(queue, request, length) {
          const input = request.inputBuffer();
          const oldest = queue.context(QueueContext)!.waiting.shift();
          if (input.status >= 0 && oldest !== undefined && oldest.unmarkCancelable() !== NtStatus.Cancelled) {
            const output = oldest.outputBuffer();
            const bytes = input.buffer.subarray(0, output.buffer.length);
            output.buffer.set(bytes);
            oldest.complete(output.status, { information: bytes.length });
          }
          request.complete(input.status, { information: length });
        },
      },
      { contextType: QueueContext },
    ).status;
  },
});
