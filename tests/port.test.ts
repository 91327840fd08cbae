import { describe, expect, it } from "vitest";
import { NtStatus, WdfIoQueueDispatchType, WdfRequestType } from "../bindings/abi";
import { WdfRequestComplete, WdfRequestCompleteWithInformation, WdfRequestRetrieveInputBuffer, WdfRequestRetrieveOutputBuffer } from "../host/ddi";
import type { WDFQUEUE, WDFREQUEST } from "../host/ddi/types";
import { Rig } from "./support/rig";

/** A rig with a port whose completions are told in its lines. */
function ported(options: ConstructorParameters<typeof Rig>[0] = {}) {
  const rig = new Rig(options);
  const told: (readonly [number, number, number])[] = [];
  const port = rig.system.port(rig.device, (handle, status, information) => void told.push([handle, status, information]));
  return { rig, port, told };
}

describe("System.port", () => {
  it("tells each IRP's handle, status and information when it is back", () => {
    const { rig, port, told } = ported();
    const read = port.send(WdfRequestType.Read, 4);
    const write = port.send(WdfRequestType.Write, 8);
    expect(rig.kept).toEqual([read, write]);
    expect(rig.lines.splice(0).length).toBe(2);
    rig.run(() => WdfRequestCompleteWithInformation(write as WDFREQUEST, NtStatus.Success, 8));
    rig.run(() => WdfRequestComplete(read as WDFREQUEST, NtStatus.Unsuccessful));
    expect(told).toEqual([
      [write, NtStatus.Success, 8],
      [read, NtStatus.Unsuccessful, 0],
    ]);
  });

  it("cancels an IRP that waits in a queue, and forgets one that is back", () => {
    const { port, told } = ported({ queue: { dispatchType: WdfIoQueueDispatchType.Manual } });
    const read = port.send(WdfRequestType.Read, 4);
    port.cancel(read);
    port.cancel(read);
    expect(told).toEqual([[read, NtStatus.Cancelled, 0]]);
  });

  it("gives a driver that asks for bytes zeroed ones of the length sent", () => {
    const sizes: number[] = [];
    const handler = (_queue: WDFQUEUE, request: WDFREQUEST): void => {
      sizes.push(WdfRequestRetrieveInputBuffer(request, 1).buffer.length, WdfRequestRetrieveOutputBuffer(request, 1).buffer.length);
      WdfRequestComplete(request, NtStatus.Success);
    };
    const { port, told } = ported({ queue: { evtIoRead: handler, evtIoWrite: handler } });
    port.send(WdfRequestType.Read, 5);
    port.send(WdfRequestType.Write, 6);
    expect(sizes).toEqual([0, 5, 6, 0]);
    expect(told.map(([, status]) => status)).toEqual([NtStatus.Success, NtStatus.Success]);
  });

  it("says STATUS_INSUFFICIENT_RESOURCES when the System is full", () => {
    const { port, told } = ported({ objects: 16, queue: { dispatchType: WdfIoQueueDispatchType.Manual } });
    let handle = 1;
    while (handle !== 0) handle = port.send(WdfRequestType.Read, 1);
    expect(told).toEqual([[0, NtStatus.InsufficientResources, 0]]);
  });

  it("lets a callback send again: that waits until the pump is done", () => {
    const rig = new Rig({ queue: { evtIoRead: (_queue, request) => void WdfRequestComplete(request, NtStatus.Success) } });
    let left = 3;
    const port = rig.system.port(rig.device, () => {
      if (--left > 0) port.send(WdfRequestType.Read, 1);
    });
    port.send(WdfRequestType.Read, 1);
    expect(left).toBe(0);
  });

  it("throws what stopped the System, then and ever after", () => {
    const { port } = ported({
      queue: {
        evtIoRead: () => {
          throw new Error("stop");
        },
      },
    });
    const send = (): unknown => port.send(WdfRequestType.Read, 1);
    expect(send).toThrow(expect.objectContaining({ code: 0x1e }) as Error);
    expect(send).toThrow(expect.objectContaining({ code: 0x1e }) as Error);
  });
});
