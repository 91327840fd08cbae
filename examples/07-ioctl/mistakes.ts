// The same device with five mistakes, of which each has been made many times.

import { NtStatus, WdfIoQueueDispatchType, WDF_DECLARE_CONTEXT_TYPE, defineDriver } from "wdf-wasm";
import type { Queue, Request, UserBuffer } from "wdf-wasm";
import { CAPITALS, COUNT, FILL, REVERSE } from "./codes";

type Handler = (request: Request) => void;

/** Writes the answer while it still reads the input: METHOD_BUFFERED has one buffer for both. */
const overlapping: Handler = (request) => {
  const input = request.inputBuffer().buffer;
  const output = request.outputBuffer(input.length).buffer;
  for (let i = 0; i < input.length; i++) output[i] = input[input.length - 1 - i];
  request.complete(NtStatus.Success, { information: input.length });
};

/** Takes it for granted that there is room for sixteen bytes. */
const unasked: Handler = (request) => {
  const { status, buffer } = request.outputBuffer(16);
  buffer.fill(0x2a);
  request.complete(status, { information: 16 });
};

/** Says that sixteen bytes were written, whatever the room. */
const exaggerating: Handler = (request) => {
  request.outputBuffer().buffer.fill(0x2a);
  request.complete(NtStatus.Success, { information: 16 });
};

/** Completes the request, and writes its last byte afterwards. */
const late: Handler = (request) => {
  const { buffer } = request.outputBuffer();
  buffer.fill(0x2a);
  request.complete(NtStatus.Success, { information: buffer.length });
  buffer[0] = 0;
  console.log(`  the driver's buffer has ${buffer.length} bytes after completion`);
};

/** The application's address of a METHOD_NEITHER request, neither probed nor locked. */
const Kept = WDF_DECLARE_CONTEXT_TYPE("Kept", () => ({ address: null as UserBuffer | null }));

/** Leaves the work to a work item, which runs in a system thread: not in the application, whose address it uses. */
const foreign: Handler = (request) => {
  const evtWorkItem = (): void => {
    const { bytes } = request.context(Kept)!.address!;
    request.complete(NtStatus.Success, { information: bytes.length });
  };
  request.queue!.device.createWorkItem({ evtWorkItem }).workItem.enqueue();
};

export const MISTAKES = { overlapping, unasked, exaggerating, late, foreign };

/** The codes whose handlers they are. */
export const CODES = { overlapping: REVERSE, unasked: FILL, exaggerating: REVERSE, late: COUNT, foreign: CAPITALS };

export function mistaken(mistake: keyof typeof MISTAKES) {
  return defineDriver({
    name: mistake,

    evtDriverDeviceAdd(init) {
      const { status, device } = init.createDevice({
        symbolicLinks: ["\\DosDevices\\Letters"],
        requestContext: Kept,
        evtIoInCallerContext(letters, request) {
          if (mistake === "foreign") request.context(Kept)!.address = request.unsafeUserInputBuffer().buffer;
          letters.enqueue(request);
        },
      });
      if (status < 0) return status;
      const evtIoDeviceControl = (_queue: Queue, request: Request): void => MISTAKES[mistake](request);
      return device.createQueue({ dispatchType: WdfIoQueueDispatchType.Sequential, defaultQueue: true, evtIoDeviceControl }).status;
    },
  });
}
