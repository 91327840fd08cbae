// Meter: a device control triggers a measurement, which a DPC takes; a read asks for the mean; a write calibrates.
//
//   shared                by                        protected by
//   ───────────────────── ───────────────────────── ─────────────────────────────────────────────────────────────────
//   triggered, sum,       EvtIoDeviceControl,       a spin lock, because a DPC cannot wait. While it is held, at
//   count                 EvtDpcFunc, EvtIoRead     DISPATCH_LEVEL, no DPC comes in on this processor; one on another
//                                                   processor spins
//   the calibration mode  EvtIoWrite of several     a wait lock: its owner stays at PASSIVE_LEVEL, and may wait
//                         senders
//
// Who takes a lock may have to wait for it. So the callbacks are generators: at each `yield*` others may go on.

import { NtStatus, SpinLock, WaitLock, WdfExecutionLevel, WdfIoQueueDispatchType, defineDriver } from "wdf-wasm";
import { KeDelayExecutionThread, ProcessorMode } from "wdf-wasm/ddi";

/** A millisecond in units of 100 ns. */
const MS = 10_000;

export default defineDriver({
  name: "meter",

  evtDriverDeviceAdd(init) {
    // EvtIoWrite waits: it needs PASSIVE_LEVEL, whoever sends.
    const { status, device } = init.createDevice({ symbolicLinks: ["\\DosDevices\\Meter"], executionLevel: WdfExecutionLevel.Passive });
    if (status < 0) return status;
    const { status: spinLockStatus, lock } = SpinLock.create({ parentObject: device.handle });
    if (spinLockStatus < 0) return spinLockStatus;
    const { status: waitLockStatus, lock: calibration } = WaitLock.create({ parentObject: device.handle });
    if (waitLockStatus < 0) return waitLockStatus;

    let triggered = 0;
    let sum = 0;
    let count = 0;

    const { status: dpcStatus, dpc } = device.createDpc({
      automaticSerialization: false,
      *evtDpcFunc() {
        yield* lock.acquire();
        for (; triggered > 0; triggered--) {
          sum += 20 + count;
          count++;
        }
        yield* lock.release();
      },
    });
    if (dpcStatus < 0) return dpcStatus;

    return device.createQueue({
      dispatchType: WdfIoQueueDispatchType.Parallel,
      defaultQueue: true,

      *evtIoDeviceControl(_queue, request) {
        yield* lock.acquire();
        triggered++;
        yield* dpc.enqueue();
        yield* lock.release();
        yield* request.complete(NtStatus.Success);
      },

      *evtIoRead(_queue, request) {
        yield* lock.acquire();
        const mean = count === 0 ? 0 : sum / count;
        yield* lock.release();
        request.outputBuffer().buffer[0] = mean;
        yield* request.complete(NtStatus.Success, { information: 1 });
      },

      *evtIoWrite(_queue, request) {
        const turn = yield* calibration.acquire({ timeoutMs: 8 });
        if (turn !== NtStatus.Success) {
          // STATUS_TIMEOUT is a success to NT_SUCCESS, but the lock is somebody else's.
          yield* request.complete(NtStatus.DeviceBusy);
          return;
        }
        yield* KeDelayExecutionThread(ProcessorMode.KernelMode, false, -5 * MS); // The hardware settles.
        yield* calibration.release();
        yield* request.complete(NtStatus.Success);
      },
    }).status;
  },
});
