// Echo as a UMDF 1 driver: a read gets the bytes of the last write, and waits while there was none. kmdf-driver.ts is the same
// for KMDF.

import {
  HRESULT_FROM_NT,
  type HRESULT,
  type IDriverEntry,
  type IQueueCallbackDeviceIoControl,
  type IQueueCallbackRead,
  type IQueueCallbackWrite,
  type IWDFDeviceInitialize,
  type IWDFDriver,
  type IWDFIoQueue,
  type IWDFIoRequest,
  NtStatus,
  S_OK,
  WdfIoQueueDispatchType,
  umdf1Driver,
} from "wdf-wasm/umdf1";

/** How many bytes are kept, as four bytes. CTL_CODE(FILE_DEVICE_UNKNOWN, 0x800, METHOD_BUFFERED, FILE_ANY_ACCESS) */
const IOCTL_ECHO_LENGTH = 0x222000;

/** The callback object of the default queue: its methods say which requests it takes. */
class EchoQueue implements IQueueCallbackWrite, IQueueCallbackRead, IQueueCallbackDeviceIoControl {
  private readonly waiting: IWDFIoQueue;
  private bytes: Uint8Array | null = null;

  constructor(waiting: IWDFIoQueue) {
    this.waiting = waiting;
  }

  OnWrite(_queue: IWDFIoQueue, request: IWDFIoRequest, length: number): void {
    const memory = request.GetInputMemory();
    this.bytes = memory === null ? new Uint8Array(0) : memory.GetDataBuffer().slice();
    memory?.Release();
    request.CompleteWithInformation(S_OK, length);
    for (let read = this.waiting.RetrieveNextRequest(); read.request !== null; read = this.waiting.RetrieveNextRequest()) {
      this.answer(read.request, this.bytes);
    }
  }

  OnRead(_queue: IWDFIoQueue, request: IWDFIoRequest, _length: number): void {
    if (this.bytes !== null) {
      this.answer(request, this.bytes);
      return;
    }
    const hr = request.ForwardToIoQueue(this.waiting);
    if (hr < 0) request.Complete(hr);
  }

  OnDeviceIoControl(_queue: IWDFIoQueue, request: IWDFIoRequest, code: number, _inputSize: number, _outputSize: number): void {
    if (code !== IOCTL_ECHO_LENGTH) {
      request.Complete(HRESULT_FROM_NT(NtStatus.InvalidDeviceRequest));
      return;
    }
    const { hr, buffer } = request.RetrieveOutputBuffer(4);
    if (hr < 0) {
      request.Complete(hr);
      return;
    }
    new DataView(buffer.buffer, buffer.byteOffset).setUint32(0, this.bytes?.length ?? 0, true);
    request.CompleteWithInformation(S_OK, 4);
  }

  private answer(read: IWDFIoRequest, bytes: Uint8Array): void {
    const { hr, buffer } = read.RetrieveOutputBuffer(1);
    if (hr < 0) {
      read.Complete(hr);
      return;
    }
    const kept = bytes.subarray(0, buffer.length);
    buffer.set(kept);
    read.CompleteWithInformation(S_OK, kept.length);
  }
}

class EchoDriver implements IDriverEntry {
  OnInitialize(): HRESULT {
    return S_OK;
  }

  OnDeviceAdd(driver: IWDFDriver, init: IWDFDeviceInitialize): HRESULT {
    const { hr, device } = driver.CreateDevice(init, null);
    if (device === null) return hr;
    device.CreateSymbolicLink("\\DosDevices\\Echo");
    const waiting = device.CreateIoQueue(null, false, WdfIoQueueDispatchType.Manual, true, false);
    if (waiting.queue === null) return waiting.hr;
    return device.CreateIoQueue(new EchoQueue(waiting.queue), true, WdfIoQueueDispatchType.Sequential, true, false).hr;
  }

  OnDeinitialize(): void {}
}

export default umdf1Driver("echo", new EchoDriver());
