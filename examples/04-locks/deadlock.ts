// Two locks in two orders: a read takes `head` and then `tail`, a write takes `tail` and then `head`. One after the other they
// work. When each comes between the two acquires of the other, both wait for ever.

import { NtStatus, type Request, WaitLock, WdfExecutionLevel, WdfIoQueueDispatchType, defineDriver } from "wdf-wasm";

export const ring = defineDriver({
  name: "ring",

  evtDriverDeviceAdd(init) {
    const { status, device } = init.createDevice({ symbolicLinks: ["\\DosDevices\\Ring"], executionLevel: WdfExecutionLevel.Passive });
    if (status < 0) return status;
    const head = WaitLock.create({ parentObject: device.handle }).lock;
    const tail = WaitLock.create({ parentObject: device.handle }).lock;

    function* both(first: WaitLock, second: WaitLock, request: Request): Generator<undefined, void, unknown> {
      yield* first.acquire();
      yield* second.acquire();
      yield* second.release();
      yield* first.release();
      yield* request.complete(NtStatus.Success);
    }

    return device.createQueue({
      dispatchType: WdfIoQueueDispatchType.Parallel,
      defaultQueue: true,
      evtIoRead: (_queue, request) => both(head, tail, request),
      evtIoWrite: (_queue, request) => both(tail, head, request),
    }).status;
  },
});
