// The filter: counts the bytes of the reads that come back up. What it has no handler for, writes here, goes down the
// stack without it.

import { WdfIoQueueDispatchType, WDF_DECLARE_CONTEXT_TYPE, defineDriver } from "wdf-wasm";

/** What the device remembers: how many bytes were read through it. */
export const Count = WDF_DECLARE_CONTEXT_TYPE("Count", () => ({ bytes: 0 }));

export default defineDriver({
  name: "filter",

  evtDriverDeviceAdd(init) {
    const { status, device } = init.createDevice({ filter: true, context: Count });
    if (status < 0) return status;

    return device.createQueue({
      dispatchType: WdfIoQueueDispatchType.Parallel,
      defaultQueue: true,

      evtIoRead(queue, request) {
        request.formatUsingCurrentType();
        request.onCompletion((back, target, { ioStatus }) => {
          target.device.context(Count)!.bytes += ioStatus.information;
          back.complete(ioStatus.status, { information: ioStatus.information });
        });
        if (!request.send(queue.device.ioTarget!)) request.complete(request.status);
      },
    }).status;
  },
});
