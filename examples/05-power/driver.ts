// Mailbox: a read waits until a message arrives, which may be never. The classic mistake is in what is missing.
//
// The queue is power-managed, as queues of function drivers are unless they say otherwise. The driver keeps the read it was
// given and returns. When the system goes to sleep the framework stops the queue - and waits for a read that nobody has
// told it about: there is no EvtIoStop.

import { type Request, WdfIoQueueDispatchType, defineDriver } from "wdf-wasm";

export default defineDriver({
  name: "mailbox",

  evtDriverDeviceAdd(init) {
    const { status, device } = init.createDevice({ symbolicLinks: ["\\DosDevices\\Mailbox"] });
    if (status < 0) return status;

    const waiting: Request[] = [];
    return device.createQueue({
      dispatchType: WdfIoQueueDispatchType.Parallel,
      defaultQueue: true,
      evtIoRead: (_queue, request) => void waiting.push(request),
    }).status;
  },
});
