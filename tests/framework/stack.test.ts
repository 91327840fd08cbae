// Many requests through a stack of two drivers: each comes back once, with its bytes, and leaves nothing behind.

import { expect, it } from "vitest";
import { NtStatus, System, WdfIoQueueDispatchType, WdfRequestType, defineDriver } from "../../host";

const READS = 2000;
const LENGTH = 4096;

const low = defineDriver({
  name: "low",
  evtDriverDeviceAdd(init) {
    return init.createDevice().device.createQueue({
      dispatchType: WdfIoQueueDispatchType.Parallel,
      defaultQueue: true,
      evtIoRead(_queue, request, length) {
        request.outputBuffer().buffer.fill(7);
        request.complete(NtStatus.Success, { information: length });
      },
    }).status;
  },
});

const high = defineDriver({
  name: "high",
  evtDriverDeviceAdd(init) {
    return init.createDevice().device.createQueue({
      dispatchType: WdfIoQueueDispatchType.Parallel,
      defaultQueue: true,
      evtIoRead(queue, request) {
        request.formatUsingCurrentType();
        request.onCompletion((back, _target, { ioStatus }) => back.complete(ioStatus.status, { information: ioStatus.information }));
        if (!request.send(queue.device.ioTarget!)) request.complete(request.status);
      },
    }).status;
  },
});

it("brings each read back once, with its bytes", () => {
  const system = System.create();
  const { handle } = system.addDevice(high, { above: system.addDevice(low).handle });
  let back = 0;
  const read = (): void => {
    system.input(() =>
      system.send(handle, { major: WdfRequestType.Read, file: 0, outputLength: LENGTH }, (status, information, { output }) => {
        if (status === NtStatus.Success && information === LENGTH && output[LENGTH - 1] === 7) back++;
      }),
    );
  };
  for (let i = 0; i < READS; i++) read();
  const memory = system.machine.core.words.buffer.byteLength;
  for (let i = 0; i < READS; i++) read();
  expect(back).toBe(2 * READS);
  expect(system.machine.core.words.buffer.byteLength).toBe(memory);
  expect(system.irps.pending()).toEqual([]);
  expect(system.findings).toEqual([]);
});
