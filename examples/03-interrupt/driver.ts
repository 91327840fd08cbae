// Serial: reads wait for bytes that a port receives.
//
//   EvtInterruptIsr   at DIRQL           Is it ours? Takes the bytes out of the hardware and queues the DPC.
//   EvtInterruptDpc   at DISPATCH_LEVEL  Gives the bytes to the read that has waited longest.
//   EvtIoRead         at or below it     Lets the read wait and queues the DPC: there may be bytes already.

import { type DriverModule, Interrupt, NtStatus, type Request, WdfIoQueueDispatchType, WdfTriState, defineDriver } from "wdf-wasm";
import type { Receiver } from "./hardware";

/** The driver of one port, for a machine in which that is its receiver. */
export function serial(name: string, port: Receiver): DriverModule {
  return defineDriver({
    name,

    evtDriverDeviceAdd(init) {
      const { status, device } = init.createDevice({ symbolicLinks: [`\\DosDevices\\${name}`] });
      if (status < 0) return status;
      const waiting = device.createQueue({ dispatchType: WdfIoQueueDispatchType.Manual });
      if (waiting.status < 0) return waiting.status;

      // Written by the ISR. Whoever else touches it does so under the interrupt's lock.
      const received: number[] = [];

      const created = Interrupt.create(device, {
        shareVector: WdfTriState.True,

        evtInterruptIsr() {
          if (!port.dataReady) return false; // not ours: the next driver on the line is asked
          while (port.dataReady) received.push(port.readData());
          created.interrupt.queueDpc();
          return true;
        },

        evtInterruptDpc() {
          while (received.length > 0) {
            const { request } = waiting.queue.retrieveNext();
            if (request === null) return; // the bytes wait for the next read
            answer(request);
          }
        },
      });
      if (created.status < 0) return created.status;

      /** Completes a read with as many bytes as there are, up to its length. */
      function answer(request: Request): void {
        const output = request.outputBuffer();
        if (output.status < 0) {
          request.complete(output.status);
          return;
        }
        let count = 0;
        created.interrupt.synchronize(() => {
          count = Math.min(output.buffer.length, received.length);
          output.buffer.set(received.splice(0, count));
          return true;
        });
        request.complete(NtStatus.Success, { information: count });
      }

      return device.createQueue({
        dispatchType: WdfIoQueueDispatchType.Parallel,
        defaultQueue: true,
        evtIoRead(_queue, request) {
          const forwarded = request.forwardTo(waiting.queue);
          if (forwarded < 0) request.complete(forwarded);
          else created.interrupt.queueDpc();
        },
      }).status;
    },
  });
}
