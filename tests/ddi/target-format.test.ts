// WdfIoTargetFormatRequestFor*, WdfIoTargetSend*Synchronously: what a request asks of its target.

import { describe, expect, it } from "vitest";
import { FindingId, Irql, NtStatus } from "../../bindings/abi";
import * as wdf from "../../host/ddi";
import { TargetRig } from "../support/target-rig";

/** A rig whose request comes back at once. */
function answering(information = 0): TargetRig {
  return new TargetRig({ lower: { status: NtStatus.Success, information } });
}

describe("WdfIoTargetFormatRequestForRead", () => {
  it("the device below gets a read of the buffer's length at the device offset", () => {
    const rig = answering();
    const request = rig.make();
    expect(rig.run(() => wdf.WdfIoTargetFormatRequestForRead(rig.target, request, undefined, undefined, 4096))).toBe(NtStatus.Success);
    rig.sendIt(request);
    rig.expect("below: read 0 at 4096");
  });

  it("STATUS_INVALID_DEVICE_STATE for a target that is not open", () => {
    const rig = answering();
    const { target } = rig.run(() => wdf.WdfIoTargetCreate(rig.device));
    const request = rig.make();
    expect(rig.run(() => wdf.WdfIoTargetFormatRequestForRead(target, request))).toBe(NtStatus.InvalidDeviceState);
  });
});

describe("WdfIoTargetFormatRequestForRead and its like", () => {
  it("K-177 offsets beyond the memory fail with STATUS_INTEGER_OVERFLOW", () => {
    const rig = answering();
    const request = rig.make();
    const { memory } = rig.run(() => wdf.WdfMemoryCreate(undefined, wdf.PoolType.NonPagedNx, 0, 8));
    const format = (bufferOffset: number, bufferLength: number): NtStatus =>
      rig.run(() => wdf.WdfIoTargetFormatRequestForRead(rig.target, request, memory, { bufferOffset, bufferLength }));
    expect([format(8, 1), format(4, 5), format(0xffffffff, 2)]).toEqual(Array.from({ length: 3 }, () => NtStatus.IntegerOverflow));
    expect(format(4, 4)).toBe(NtStatus.Success);
  });
});

describe("WdfIoTargetFormatRequestForWrite", () => {
  it("the device below gets a write", () => {
    const rig = answering();
    const request = rig.make();
    rig.run(() => wdf.WdfIoTargetFormatRequestForWrite(rig.target, request));
    rig.sendIt(request);
    rig.expect("below: write 0");
  });
});

describe("WdfIoTargetFormatRequestForIoctl", () => {
  it("the device below gets a device control; the completion parameters name its code", () => {
    const rig = answering(0);
    const request = rig.make();
    rig.run(() => wdf.WdfIoTargetFormatRequestForIoctl(rig.target, request, 0x222004));
    rig.sendIt(request);
    rig.expect("below: control 0");
    const params = rig.run(() => wdf.WdfRequestGetCompletionParams(request));
    expect(params).toMatchObject({ type: wdf.WdfRequestType.DeviceControl, parameters: { ioControlCode: 0x222004 } });
  });
});

describe("WdfIoTargetFormatRequestForInternalIoctl", () => {
  it("the device below gets an internal device control", () => {
    const rig = answering();
    const request = rig.make();
    rig.run(() => wdf.WdfIoTargetFormatRequestForInternalIoctl(rig.target, request, 0x222003));
    rig.sendIt(request);
    rig.expect("below: internal control 0");
  });
});

describe("WdfIoTargetSendReadSynchronously", () => {
  it("K-165 answers the request's status, and BytesReturned from Information even on failure", () => {
    const rig = new TargetRig({ lower: { status: NtStatus.Unsuccessful, information: 9 } });
    const result = rig.run(() => wdf.WdfIoTargetSendReadSynchronously(rig.target, undefined, { buffer: new Uint8Array(16) }));
    expect(result).toEqual({ status: NtStatus.Unsuccessful, bytesReturned: 9 });
    rig.expect("below: read 16");
  });

  it("the driver below fills the caller's buffer itself", async () => {
    const rig = new TargetRig();
    const buffer = new Uint8Array(4);
    const thread = rig.start(function* () {
      return yield* wdf.WdfIoTargetSendReadSynchronously(rig.target, undefined, { buffer });
    });
    rig.below[0].output.set([1, 2, 3, 4]);
    rig.answer(NtStatus.Success, 4);
    await thread.finished;
    expect([...buffer]).toEqual([1, 2, 3, 4]);
    rig.expect("below: read 4");
  });

  it("K-164 above PASSIVE_LEVEL gives STATUS_INVALID_DEVICE_REQUEST (verifier)", () => {
    const rig = new TargetRig({ rules: false });
    const { status } = rig.run(() => wdf.WdfIoTargetSendReadSynchronously(rig.target), Irql.Dispatch);
    expect(status).toBe(NtStatus.InvalidDeviceRequest);
    rig.expectFindings(FindingId.NotPassive);
  });

  it("a target that is stopped makes it wait; a timeout ends the wait with STATUS_IO_TIMEOUT", async () => {
    const rig = new TargetRig();
    rig.run(() => wdf.WdfIoTargetStop(rig.target, wdf.WdfIoTargetSentIoAction.LeaveSentIoPending));
    const options = { flags: wdf.WdfRequestSendOption.Timeout, timeout: -1_000_000 };
    const thread = rig.start(function* () {
      return yield* wdf.WdfIoTargetSendReadSynchronously(rig.target, undefined, undefined, 0, options);
    });
    rig.system.advance(100);
    await thread.finished;
    expect(thread.result).toEqual({ status: NtStatus.IoTimeout, bytesReturned: 0 });
  });

  it("a purged target refuses with STATUS_INVALID_DEVICE_STATE", () => {
    const rig = new TargetRig();
    rig.run(() => wdf.WdfIoTargetPurge(rig.target, wdf.WdfIoTargetPurgeIoAction.PurgeIo));
    expect(rig.run(() => wdf.WdfIoTargetSendReadSynchronously(rig.target)).status).toBe(NtStatus.InvalidDeviceState);
  });
});

describe("WdfIoTargetSendWriteSynchronously", () => {
  it("sends the caller's bytes, with a request of the caller's if it gives one", () => {
    const rig = answering(3);
    const request = rig.make();
    const buffer = new Uint8Array(8);
    const result = rig.run(() => wdf.WdfIoTargetSendWriteSynchronously(rig.target, request, { buffer }, 512));
    expect(result).toEqual({ status: NtStatus.Success, bytesReturned: 3 });
    rig.expect("below: write 8 at 512");
  });
});

describe("WdfIoTargetSendIoctlSynchronously", () => {
  it("input and output are the caller's own bytes", async () => {
    const rig = new TargetRig();
    const [input, output] = [new Uint8Array([6]), new Uint8Array(2)];
    const thread = rig.start(function* () {
      return yield* wdf.WdfIoTargetSendIoctlSynchronously(rig.target, undefined, 0x222000, { buffer: input }, { buffer: output });
    });
    const [irp] = rig.below;
    expect([irp.ioControlCode, irp.inputLength, irp.length, ...irp.input]).toEqual([0x222000, 1, 2, 6]);
    irp.output[0] = irp.input[0] + 1;
    rig.answer(NtStatus.Success, 1);
    await thread.finished;
    expect([...output]).toEqual([7, 0]);
    rig.expect("below: control 2");
  });
});

describe("WdfIoTargetSendInternalIoctlSynchronously", () => {
  it("sends an internal device control", () => {
    const rig = answering(0);
    expect(rig.run(() => wdf.WdfIoTargetSendInternalIoctlSynchronously(rig.target, undefined, 3))).toEqual({ status: 0, bytesReturned: 0 });
    rig.expect("below: internal control 0");
  });
});
