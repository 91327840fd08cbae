// Echo as a KMDF driver, with Microsoft's names: the twin of driver.ts.

import type { DriverModule } from "wdf-wasm";
import {
  NT_SUCCESS,
  NtStatus,
  WDF_IO_QUEUE_CONFIG_INIT,
  WDF_IO_QUEUE_CONFIG_INIT_DEFAULT_QUEUE,
  type WDFQUEUE,
  type WDFREQUEST,
  WdfDeviceCreate,
  WdfDeviceCreateSymbolicLink,
  WdfIoQueueCreate,
  WdfIoQueueDispatchType,
  WdfIoQueueRetrieveNextRequest,
  WdfRequestComplete,
  WdfRequestCompleteWithInformation,
  WdfRequestForwardToIoQueue,
  WdfRequestRetrieveInputBuffer,
  WdfRequestRetrieveOutputBuffer,
} from "wdf-wasm/ddi";

/** How many bytes are kept, as four bytes. CTL_CODE(FILE_DEVICE_UNKNOWN, 0x800, METHOD_BUFFERED, FILE_ANY_ACCESS) */
const IOCTL_ECHO_LENGTH = 0x222000;

/** The device's queue of waiting reads, and its bytes. */
interface EchoContext {
  waiting: WDFQUEUE;
  bytes: Uint8Array | null;
}

function evtIoWrite(echo: EchoContext, request: WDFREQUEST, length: number): void {
  const input = WdfRequestRetrieveInputBuffer(request, 0);
  echo.bytes = input.buffer.slice();
  WdfRequestCompleteWithInformation(request, NtStatus.Success, length);
  for (;;) {
    const read = WdfIoQueueRetrieveNextRequest(echo.waiting);
    if (!NT_SUCCESS(read.status)) return;
    answer(read.request, echo.bytes);
  }
}

function evtIoRead(echo: EchoContext, request: WDFREQUEST): void {
  if (echo.bytes !== null) {
    answer(request, echo.bytes);
    return;
  }
  const status = WdfRequestForwardToIoQueue(request, echo.waiting);
  if (!NT_SUCCESS(status)) WdfRequestComplete(request, status);
}

function evtIoDeviceControl(echo: EchoContext, request: WDFREQUEST, _outLength: number, _inLength: number, code: number): void {
  if (code !== IOCTL_ECHO_LENGTH) {
    WdfRequestComplete(request, NtStatus.InvalidDeviceRequest);
    return;
  }
  const { status, buffer } = WdfRequestRetrieveOutputBuffer(request, 4);
  if (!NT_SUCCESS(status)) {
    WdfRequestComplete(request, status);
    return;
  }
  new DataView(buffer.buffer, buffer.byteOffset).setUint32(0, echo.bytes?.length ?? 0, true);
  WdfRequestCompleteWithInformation(request, NtStatus.Success, 4);
}

function answer(read: WDFREQUEST, bytes: Uint8Array): void {
  const { status, buffer } = WdfRequestRetrieveOutputBuffer(read, 1);
  if (!NT_SUCCESS(status)) {
    WdfRequestComplete(read, status);
    return;
  }
  const kept = bytes.subarray(0, buffer.length);
  buffer.set(kept);
  WdfRequestCompleteWithInformation(read, NtStatus.Success, kept.length);
}

const driver: DriverModule = {
  name: "echo",

  evtDriverDeviceAdd(_driver, init) {
    const { status, device } = WdfDeviceCreate(init);
    if (!NT_SUCCESS(status)) return status;
    WdfDeviceCreateSymbolicLink(device, "\\DosDevices\\Echo");
    const waiting = WdfIoQueueCreate(device, WDF_IO_QUEUE_CONFIG_INIT(WdfIoQueueDispatchType.Manual));
    if (!NT_SUCCESS(waiting.status)) return waiting.status;
    const echo: EchoContext = { waiting: waiting.queue, bytes: null };
    return WdfIoQueueCreate(device, {
      ...WDF_IO_QUEUE_CONFIG_INIT_DEFAULT_QUEUE(WdfIoQueueDispatchType.Sequential),
      evtIoWrite: (_queue, request, length) => evtIoWrite(echo, request, length),
      evtIoRead: (_queue, request) => evtIoRead(echo, request),
      evtIoDeviceControl: (_queue, request, output, input, code) => evtIoDeviceControl(echo, request, output, input, code),
    }).status;
  },
};

export default driver;
