// The classic mistakes with locks, each as a request of one driver: the control code says which.

import { NtStatus, SpinLock, WaitLock, WdfIoQueueDispatchType, defineDriver } from "wdf-wasm";
import { KeDelayExecutionThread, ProcessorMode } from "wdf-wasm/ddi";

type Body = Generator<undefined, void, unknown>;

/** The locks of the device. */
interface Locks {
  readonly spin: SpinLock;
  readonly other: SpinLock;
  readonly wait: WaitLock;
}

export const MISTAKES: Record<string, (locks: Locks) => Body> = {
  *"a spin lock is acquired twice"({ spin }) {
    yield* spin.acquire();
    yield* spin.acquire();
  },

  *"the handler returns with a spin lock"({ spin }) {
    yield* spin.acquire();
  },

  *"the handler returns with a wait lock"({ wait }) {
    yield* wait.acquire();
  },

  // The first release goes back to PASSIVE_LEVEL, with `other` still held.
  *"two spin locks are released in the order they were acquired in"({ spin, other }) {
    yield* spin.acquire();
    yield* other.acquire();
    yield* spin.release();
    yield* other.release();
  },

  *"a spin lock that nobody holds is released"({ spin }) {
    yield* spin.release();
  },

  *"a wait lock is waited for at DISPATCH_LEVEL"({ spin, wait }) {
    yield* spin.acquire();
    yield* wait.acquire();
    yield* spin.release();
  },

  *"a thread sleeps with a spin lock"({ spin }) {
    yield* spin.acquire();
    yield* KeDelayExecutionThread(ProcessorMode.KernelMode, false, -1);
    yield* spin.release();
  },
};

export const clumsy = defineDriver({
  name: "clumsy",

  evtDriverDeviceAdd(init) {
    const { status, device } = init.createDevice({ symbolicLinks: ["\\DosDevices\\Clumsy"] });
    if (status < 0) return status;
    const attributes = { parentObject: device.handle };
    const locks: Locks = {
      spin: SpinLock.create(attributes).lock,
      other: SpinLock.create(attributes).lock,
      wait: WaitLock.create(attributes).lock,
    };
    return device.createQueue({
      dispatchType: WdfIoQueueDispatchType.Parallel,
      defaultQueue: true,
      *evtIoDeviceControl(_queue, request, _outputLength, _inputLength, code) {
        yield* Object.values(MISTAKES)[code](locks);
        yield* request.complete(NtStatus.Success);
      },
    }).status;
  },
});
