// Sampler: a device that measures something every 10 ms. A read waits for the next sample.
//
// The sample is taken by a periodic timer, at DISPATCH_LEVEL. The DPC it queues gives it to the read that has waited
// longest. What cannot be done at DISPATCH_LEVEL - here, keeping a log - is left to a work item.

import { NtStatus, WdfIoQueueDispatchType, defineDriver } from "wdf-wasm";

/** Milliseconds from one sample to the next. */
const PERIOD = 10;

export default defineDriver({
  name: "sampler",

  evtDriverDeviceAdd(init) {
    const { status, device } = init.createDevice({ symbolicLinks: ["\\DosDevices\\Sampler"] });
    if (status < 0) return status;

    // Reads wait here: a manual queue calls nobody.
    const reads = device.createQueue({ dispatchType: WdfIoQueueDispatchType.Manual, defaultQueue: true });
    if (reads.status < 0) return reads.status;

    let sample = 0;
    const log: number[] = [];

    const writeLog = device.createWorkItem({ evtWorkItem: () => void log.push(sample) });
    if (writeLog.status < 0) return writeLog.status;

    const deliver = device.createDpc({
      evtDpcFunc() {
        const { request } = reads.queue.retrieveNext();
        if (request === null) return; // nobody waits for this one
        const output = request.outputBuffer();
        if (output.status < 0) {
          request.complete(output.status);
          return;
        }
        output.buffer[0] = sample;
        request.complete(NtStatus.Success, { information: 1 });
        writeLog.workItem.enqueue();
      },
    });
    if (deliver.status < 0) return deliver.status;

    const clock = device.createTimer({
      period: PERIOD,
      evtTimerFunc() {
        sample++;
        deliver.dpc.enqueue();
      },
    });
    if (clock.status < 0) return clock.status;
    clock.timer.start(PERIOD);
    return NtStatus.Success;
  },
});
