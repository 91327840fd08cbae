// IWDFFile, IFileCallbackCleanup, IFileCallbackClose: an application's files.

import { describe, expect, it } from "vitest";
import { WdfIoQueueDispatchType, WdfRequestType } from "../../bindings/abi";
import {
  type DeviceCallbackObject,
  HRESULT_FROM_NT,
  type IWDFFile,
  type IWDFIoRequest,
  NtStatus,
  type QueueCallbackObject,
  S_OK,
} from "../../host/umdf1";
import { UmdfRig } from "../support/umdf-rig";

const { Parallel } = WdfIoQueueDispatchType;

/** A rig whose device can be opened, with what a test has its queue and device do. */
function fileRig(queue: (rig: UmdfRig) => QueueCallbackObject, callbacks: (rig: () => UmdfRig) => DeviceCallbackObject = () => ({})): UmdfRig {
  const made: { rig?: UmdfRig } = {};
  made.rig = new UmdfRig({
    callbacks: callbacks(() => made.rig!),
    device: (device, rig) => {
      expect(device.CreateSymbolicLink("Files")).toBe(S_OK);
      device.CreateIoQueue(queue(rig), true, Parallel, false, false);
    },
  });
  return made.rig;
}

const told = (rig: () => UmdfRig): DeviceCallbackObject => ({
  OnCleanupFile: (file) => rig().say(`OnCleanupFile ${rig().name(file)}`),
  OnCloseFile: (file) => rig().say(`OnCloseFile ${rig().name(file)}`),
});

describe("IFileCallbackCleanup and IFileCallbackClose", () => {
  it("OnCleanupFile hears of the last CloseHandle, OnCloseFile comes after it", async () => {
    const rig = fileRig(() => ({ OnRead: () => {} }), told);
    const file = await rig.system.open("Files");
    rig.expect();
    await file.close();
    rig.expect("OnCleanupFile f1", "OnCloseFile f1");
  });

  it("between them the framework cancels what of the file is pending in its queues", async () => {
    const rig = fileRig(() => ({ OnWrite: () => {} }), told);
    const file = await rig.system.open("Files");
    const manual = rig.run(() => rig.device.CreateIoQueue(null, false, WdfIoQueueDispatchType.Manual, false, false)).queue!;
    rig.run(() => rig.device.ConfigureRequestDispatching(manual, WdfRequestType.Read, true));
    const read = file.read(1).then(({ status }) => rig.say(`read ${status === NtStatus.Cancelled ? "cancelled" : status}`));
    await file.close();
    await read;
    expect(rig.lines.splice(0).sort()).toEqual(["OnCleanupFile f1", "OnCloseFile f1", "read cancelled"]);
  });

  it("one of them alone may be there; the other is not called", async () => {
    const rig = fileRig(() => ({ OnRead: () => {} }), (self) => ({ OnCloseFile: (file) => self().say(`OnCloseFile ${self().name(file)}`) }));
    await (await rig.system.open("Files")).close();
    rig.expect("OnCloseFile f1");
  });

  it("are under the device's locking constraint: OnCleanupFile waits for a handler that runs", async () => {
    const rig: UmdfRig = fileRig(
      (self) => ({
        *OnRead(_queue, request) {
          yield* self.gates.pass(0);
          yield* request.Complete(S_OK);
          self.say("OnRead returns");
        },
      }),
      told,
    );
    const gate = rig.gates.add();
    const file = await rig.system.open("Files");
    const read = file.read(1);
    void file.close();
    rig.expect();
    rig.gates.open(gate);
    await read;
    rig.expect("OnRead returns", "OnCleanupFile f1", "OnCloseFile f1");
  });

  it("a driver whose object has neither is told nothing, and files close as ever", async () => {
    const rig = fileRig(() => ({ OnRead: () => {} }));
    expect((await rig.system.open("Files")).status).toBe(NtStatus.Success);
    rig.expect();
  });
});

describe("IWDFFile", () => {
  it("is given to OnCreateFile, and is the file of each request that is sent through it", async () => {
    const seen: (IWDFFile | null)[] = [];
    const rig = fileRig(() => ({
      OnCreateFile: (_queue, request, file) => (seen.push(file), request.Complete(S_OK)),
      OnRead: (_queue, request) => (seen.push(request.GetFileObject()), request.Complete(S_OK)),
    }));
    const [one, other] = [await rig.system.open("Files"), await rig.system.open("Files")];
    await one.read(1);
    await other.read(1);
    expect([seen[2], seen[3]]).toEqual([seen[0], seen[1]]);
    expect(seen[0]).not.toBe(seen[1]);
    expect(seen[0]!.GetDevice()).toBe(rig.device);
    expect(seen[0]!.QueryInterface("IWDFFile3")).toBe(seen[0]);
  });

  it("RetrieveFileName gives what was opened beyond the device's own name", async () => {
    const rig: UmdfRig = fileRig((self) => ({
      OnCreateFile: (_queue, request, file) => {
        self.say(`${file.RetrieveFileName().fileName} ${file.RetrieveCountedFileName().fileName.length}`);
        self.say(`${String(file.GetRelatedFileObject())} ${file.GetInitiatorProcessId()}`);
        return request.Complete(S_OK);
      },
    }));
    await rig.system.open("Files\\a\\b");
    await rig.system.open("Files");
    rig.expect("\\a\\b 4", "null 0", " 0", "null 0");
  });

  it("an error from OnCreateFile refuses the application its file", async () => {
    const rig = fileRig(() => ({ OnCreateFile: (_queue, request) => request.Complete(HRESULT_FROM_NT(NtStatus.AccessDenied)) }));
    expect((await rig.system.open("Files")).status).toBe(NtStatus.AccessDenied);
  });

  it("has a context for the session, whose OnCleanup comes when the file goes", async () => {
    const rig = fileRig((self) => ({
      OnCreateFile: (_queue, request, file) => {
        file.AssignContext({ OnCleanup: () => self.say("OnCleanup") }, { session: self.name(file) });
        return request.Complete(S_OK);
      },
      OnRead: (_queue, request: IWDFIoRequest) => {
        self.say(JSON.stringify(request.GetFileObject()!.RetrieveContext().context));
        return request.Complete(S_OK);
      },
    }), told);
    const file = await rig.system.open("Files");
    await file.read(1);
    await file.close();
    rig.expect('{"session":"f1"}', "OnCleanupFile f1", "OnCloseFile f1", "OnCleanup");
  });
});
