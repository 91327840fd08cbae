// Four device controls, one for each way the bytes can take.

import { NtStatus, WdfIoQueueDispatchType, WDF_DECLARE_CONTEXT_TYPE, defineDriver, type Request } from "wdf-wasm";
import {
  WdfMemoryGetBuffer,
  WdfRequestProbeAndLockUserBufferForRead as lockForRead,
  WdfRequestProbeAndLockUserBufferForWrite as lockForWrite,
} from "wdf-wasm/ddi";
import { CAPITALS, COUNT, FILL, REVERSE } from "./codes";

/** What a METHOD_NEITHER request remembers: the application's memory, locked. */
const Locked = WDF_DECLARE_CONTEXT_TYPE("Locked", () => ({ input: new Uint8Array(0), output: new Uint8Array(0) }));

/** In the application's own thread: the only place where its addresses mean something. */
function lock(request: Request): NtStatus {
  const from = request.unsafeUserInputBuffer();
  const to = request.unsafeUserOutputBuffer(from.length);
  if (from.status < 0 || to.status < 0) return NtStatus.BufferTooSmall;
  const input = lockForRead(request.handle, from.buffer, from.length);
  const output = lockForWrite(request.handle, to.buffer, to.length);
  if (input.status < 0 || output.status < 0) return NtStatus.AccessViolation;
  Object.assign(request.context(Locked)!, { input: WdfMemoryGetBuffer(input.memory), output: WdfMemoryGetBuffer(output.memory) });
  return NtStatus.Success;
}

/** METHOD_BUFFERED: input and output are the same bytes, so the answer is made before it is written. */
function reverse(request: Request): void {
  const input = request.inputBuffer();
  const output = request.outputBuffer(input.buffer.length);
  if (input.status < 0 || output.status < 0) return void request.complete(NtStatus.BufferTooSmall);
  const answer = input.buffer.slice();
  answer.reverse();
  output.buffer.set(answer);
  request.complete(NtStatus.Success, { information: input.buffer.length });
}

/** METHOD_OUT_DIRECT: a small input is copied, the output is the application's memory itself. */
function fill(request: Request): void {
  const input = request.inputBuffer(1);
  const output = request.outputBuffer(1);
  if (input.status < 0 || output.status < 0) return void request.complete(NtStatus.BufferTooSmall);
  output.buffer.fill(input.buffer[0]);
  request.complete(NtStatus.Success, { information: output.buffer.length });
}

/** METHOD_IN_DIRECT: what the DDI calls the output buffer is a second input. */
function count(request: Request): void {
  const wanted = request.inputBuffer(1);
  const bytes = request.outputBuffer(1);
  if (wanted.status < 0 || bytes.status < 0) return void request.complete(NtStatus.BufferTooSmall);
  request.complete(NtStatus.Success, { information: bytes.buffer.filter((byte) => byte === wanted.buffer[0]).length });
}

/** METHOD_NEITHER: what was locked can be used anywhere, until the request is completed. */
function capitals(request: Request): void {
  const { input, output } = request.context(Locked)!;
  output.set(input.map((byte) => (byte >= 0x61 && byte <= 0x7a ? byte - 0x20 : byte)));
  request.complete(NtStatus.Success, { information: input.length });
}

const HANDLERS = new Map([[REVERSE, reverse], [FILL, fill], [COUNT, count], [CAPITALS, capitals]]);

export default defineDriver({
  name: "letters",

  evtDriverDeviceAdd(init) {
    const { status, device } = init.createDevice({
      symbolicLinks: ["\\DosDevices\\Letters"],
      requestContext: Locked,

      evtIoInCallerContext(letters, request) {
        const locked = request.parameters.ioControlCode === CAPITALS ? lock(request) : NtStatus.Success;
        const queued = locked < 0 ? locked : letters.enqueue(request);
        if (queued < 0) request.complete(queued);
      },
    });
    if (status < 0) return status;

    return device.createQueue({
      dispatchType: WdfIoQueueDispatchType.Sequential,
      defaultQueue: true,

      evtIoDeviceControl(_queue, request, _outputLength, _inputLength, ioControlCode) {
        const handler = HANDLERS.get(ioControlCode);
        if (handler === undefined) request.complete(NtStatus.InvalidDeviceRequest);
        else handler(request);
      },
    }).status;
  },
});
