// Two framework drivers on one stack: what the lower one does to a request, the upper one finds.

import { describe, expect, it } from "vitest";
import { NtStatus, PoolType, WdfRequestSendOption as Option } from "../bindings/abi";
import * as wdf from "../host/ddi";
import type { DriverModule } from "../host/driver";
import type { LowerDriver } from "../host/lower";
import { Rig } from "./support/rig";

/** A rig on a device of the rig below, and the target that leads there. */
function stacked(handlers: Partial<wdf.WdfIoQueueConfig>, lower?: LowerDriver): { rig: Rig; target: wdf.WDFIOTARGET } {
  const rig = new Rig();
  const driver: DriverModule = {
    name: "under",
    evtDriverDeviceAdd(_driver, init) {
      const { device } = wdf.WdfDeviceCreate(init);
      const config = wdf.WDF_IO_QUEUE_CONFIG_INIT(wdf.WdfIoQueueDispatchType.Parallel);
      return wdf.WdfIoQueueCreate(device, { ...config, defaultQueue: true, ...handlers }).status;
    },
  };
  const under = rig.system.addDevice(driver, lower === undefined ? {} : { lower });
  rig.system.machine.exports.attachDevice(rig.device, under.handle);
  return { rig, target: rig.run(() => wdf.WdfDeviceGetIoTarget(rig.device)) };
}

/** Memory of a driver with these bytes. */
function memoryOf(...bytes: number[]): wdf.WDFMEMORY {
  const { memory } = wdf.WdfMemoryCreate(undefined, PoolType.NonPagedNx, 0, bytes.length);
  wdf.WdfMemoryCopyFromBuffer(memory, 0, Uint8Array.from(bytes));
  return memory;
}

describe("a request formatted for a device with buffered I/O", () => {
  it("has the WDFMEMORY itself for its system buffer: a read fills it (FxIoTarget::FormatIoRequest)", () => {
    const { rig, target } = stacked({
      evtIoRead(_queue, request) {
        wdf.WdfRequestRetrieveOutputBuffer(request, 3).buffer.set([7, 8, 9]);
        wdf.WdfRequestCompleteWithInformation(request, NtStatus.Success, 3);
      },
    });
    const filled = rig.run(() => {
      const memory = memoryOf(0, 0, 0);
      const { request } = wdf.WdfRequestCreate(undefined, target);
      wdf.WdfIoTargetFormatRequestForRead(target, request, memory);
      wdf.WdfRequestSend(request, target);
      return [...wdf.WdfMemoryGetBuffer(memory)];
    });
    expect(filled).toEqual([7, 8, 9]);
    expect(rig.system.irps.bytesCopied).toBe(0);
  });

  it("and a write is read from it", () => {
    const seen: number[] = [];
    const { rig, target } = stacked({
      evtIoWrite(_queue, request) {
        seen.push(...wdf.WdfRequestRetrieveInputBuffer(request, 2).buffer);
        wdf.WdfRequestComplete(request, NtStatus.Success);
      },
    });
    rig.run(() => {
      const { request } = wdf.WdfRequestCreate(undefined, target);
      wdf.WdfIoTargetFormatRequestForWrite(target, request, memoryOf(5, 6));
      wdf.WdfRequestSend(request, target);
    });
    expect(seen).toEqual([5, 6]);
  });
});

describe("a cancelled IRP", () => {
  it("is cancelled for the driver above, too, when a timeout below has cancelled it: Irp->Cancel is one flag", () => {
    const back: wdf.EvtRequestCompletionRoutine = (request, _target, { ioStatus }) => void wdf.WdfRequestComplete(request, ioStatus.status);
    const { rig, target } = stacked(
      {
        evtIoRead(queue, request) {
          wdf.WdfRequestFormatRequestUsingCurrentType(request);
          wdf.WdfRequestSetCompletionRoutine(request, back);
          const below = wdf.WdfDeviceGetIoTarget(wdf.WdfIoQueueGetDevice(queue));
          wdf.WdfRequestSend(request, below, { flags: Option.Timeout, timeout: -5 * 10_000 });
        },
      },
      { dispatch: (irp) => void irp.pend(() => irp.complete(NtStatus.Cancelled)) },
    );
    const seen: unknown[] = [];
    rig.sendRead(4);
    rig.run(() => {
      wdf.WdfRequestFormatRequestUsingCurrentType(rig.request);
      wdf.WdfRequestSetCompletionRoutine(rig.request, (request, _target, { ioStatus }) => {
        seen.push(ioStatus.status, wdf.WdfRequestIsCanceled(request));
      });
      wdf.WdfRequestSend(rig.request, target);
    });
    rig.system.advance(5);
    expect(seen).toEqual([NtStatus.IoTimeout, true]);
    rig.complete(NtStatus.Cancelled);
    rig.lines.length = 0;
  });
});

describe("the timeout of a synchronous send", () => {
  it("begins when the driver below has returned: KeWaitForSingleObject has it, not the send (FxIoTarget::SubmitSync)", () => {
    const { rig, target } = stacked({
      *evtIoRead(_queue, request) {
        yield* wdf.KeDelayExecutionThread(0, false, -10 * 10_000);
        yield* wdf.WdfRequestMarkCancelable(request, (canceled) => wdf.WdfRequestComplete(canceled, NtStatus.Cancelled));
      },
    });
    rig.sendRead(4);
    const { request } = rig;
    const thread = rig.start(function* () {
      wdf.WdfRequestFormatRequestUsingCurrentType(request);
      yield* wdf.WdfRequestSend(request, target, { flags: Option.Synchronous | Option.Timeout, timeout: -5 * 10_000 });
      return wdf.WdfRequestGetStatus(request);
    });
    rig.system.advance(14);
    expect(thread.done).toBe(false);
    rig.system.advance(1);
    expect(thread.result).toBe(NtStatus.IoTimeout);
    rig.complete(NtStatus.IoTimeout);
    rig.lines.length = 0;
  });
});
