// The counter of the meter without a lock of its own: the framework holds the device's callback lock around its callbacks.

import { NtStatus, WdfIoQueueDispatchType, WdfSynchronizationScope, defineDriver } from "wdf-wasm";

export const counter = defineDriver({
  name: "counter",

  evtDriverDeviceAdd(init) {
    // Callbacks of the device's queues, and of DPCs and timers that ask for it, one at a time.
    const { status, device } = init.createDevice({
      symbolicLinks: ["\\DosDevices\\Counter"],
      synchronizationScope: WdfSynchronizationScope.Device,
    });
    if (status < 0) return status;

    let triggered = 0;
    let count = 0;
    const { status: dpcStatus, dpc } = device.createDpc({
      automaticSerialization: true,
      evtDpcFunc() {
        count += triggered;
        triggered = 0;
      },
    });
    if (dpcStatus < 0) return dpcStatus;

    return device.createQueue({
      dispatchType: WdfIoQueueDispatchType.Parallel,
      defaultQueue: true,
      evtIoDeviceControl(_queue, request) {
        triggered++;
        dpc.enqueue();
        request.complete(NtStatus.Success);
      },
    }).status;
  },
});
