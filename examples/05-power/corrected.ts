// Mailbox, corrected: EvtIoStop answers for each read that waits.
//
// A read that waits for a message needs no hardware, so it may stay with the driver while the device sleeps:
// WdfRequestStopAcknowledge without requeue. When the device goes away for good, it is completed instead.

import { NtStatus, type Request, WdfIoQueueDispatchType, WdfRequestStopAction, defineDriver } from "wdf-wasm";

export const corrected = defineDriver({
  name: "mailbox",

  evtDriverDeviceAdd(init) {
    const { status, device } = init.createDevice({ symbolicLinks: ["\\DosDevices\\Mailbox"] });
    if (status < 0) return status;

    const waiting = new Set<Request>();
    return device.createQueue({
      dispatchType: WdfIoQueueDispatchType.Parallel,
      defaultQueue: true,
      evtIoRead: (_queue, request) => void waiting.add(request),

      evtIoStop(_queue, request, flags) {
        if ((flags & WdfRequestStopAction.Suspend) !== 0) {
          request.stopAcknowledge({ requeue: false });
        } else {
          waiting.delete(request);
          request.complete(NtStatus.DeletePending);
        }
      },
    }).status;
  },
});
