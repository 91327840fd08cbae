// The function driver: sends reads down with a time limit and looks at what came of them; sends writes down and forgets
// them.

import { WdfIoQueueDispatchType, defineDriver } from "wdf-wasm";

/** How long a read may take, in milliseconds. */
export const READ_LIMIT = 500;

export const sensor = defineDriver({
  name: "function",

  evtDriverDeviceAdd(init) {
    const { status, device } = init.createDevice({ symbolicLinks: ["\\DosDevices\\Sensor"] });
    if (status < 0) return status;

    return device.createQueue({
      dispatchType: WdfIoQueueDispatchType.Parallel,
      defaultQueue: true,

      evtIoRead(queue, request) {
        request.formatUsingCurrentType();
        request.onCompletion((back, _target, { ioStatus }) => back.complete(ioStatus.status, { information: ioStatus.information }));
        if (!request.send(queue.device.ioTarget!, { timeout: READ_LIMIT })) request.complete(request.status);
      },

      evtIoWrite(queue, request) {
        request.formatUsingCurrentType();
        if (!request.send(queue.device.ioTarget!, { sendAndForget: true })) request.complete(request.status);
      },
    }).status;
  },
});
