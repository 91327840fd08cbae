// File, and what DeviceInit does about files: each member calls the DDI it names.

import { describe, expect, it } from "vitest";
import { NtStatus, WdfIoQueueDispatchType } from "../../bindings/abi";
import { STATUS_ACCESS_DENIED, STATUS_SUCCESS, WDF_DECLARE_CONTEXT_TYPE } from "../../host/ddi";
import type { FileConfig } from "../../host/framework/device";
import { defineDriver } from "../../host/framework/driver";
import { deviceOf, fileOf } from "../../host/framework/wrappers";
import { System } from "../../host/system";
import { member, suspendable } from "../support/members";
import type { Rig } from "../support/rig";

const Context = WDF_DECLARE_CONTEXT_TYPE("CONTEXT", () => ({ count: 3 }));
const file = (rig: Rig) => fileOf(rig.files[0]);
const opened = { before: (rig: Rig) => void rig.openFile() };

member("File.fileName", { ...opened, calls: ["WdfFileObjectGetFileName(f1)"], act: (rig) => file(rig).fileName, result: "" });
member("File.flags", { ...opened, calls: ["WdfFileObjectGetFlags(f1)"], act: (rig) => file(rig).flags, result: 0 });
member("File.device", {
  ...opened,
  calls: ["WdfFileObjectGetDevice(f1)"],
  act: (rig) => file(rig).device === deviceOf(rig.device),
  result: true,
});
member("File.initiatorProcessId", {
  ...opened,
  calls: ["WdfFileObjectGetInitiatorProcessId(f1)"],
  act: (rig) => file(rig).initiatorProcessId,
  result: 4,
});
member("File.context", {
  ...opened,
  options: { fileAttributes: { contextType: Context } },
  calls: [],
  act: (rig) => file(rig).context(Context),
  result: { count: 3 },
});
member("File.reference", { ...opened, calls: ["WdfObjectReference(f1)"], act: (rig) => file(rig).reference() });
suspendable("File.dereference", {
  calls: ["WdfObjectDereference(f1)"],
  before: (rig) => {
    rig.openFile();
    file(rig).reference();
  },
  act: (rig) => file(rig).dereference(),
});

/** A System with one device A that does that about files. */
function made(files: FileConfig, exclusive = false): System {
  const system = System.create();
  system.addDevice(
    defineDriver({
      name: "a",
      evtDriverDeviceAdd: (init) => {
        const { device } = init.createDevice({ symbolicLinks: ["A"], files, exclusive });
        device.createQueue({
          dispatchType: WdfIoQueueDispatchType.Parallel,
          defaultQueue: true,
          evtIoRead: (_queue, request) => request.complete(request.file === null ? NtStatus.Unsuccessful : NtStatus.Success),
        });
      },
    }),
  );
  return system;
}

describe("DeviceConfig.files", () => {
  it("is called with Files when an application opens, cleans up and closes", async () => {
    const lines: string[] = [];
    const system = made({
      context: Context,
      evtDeviceFileCreate: (_device, request, one) => {
        lines.push(`create ${one?.fileName} ${one?.flags} ${one?.context(Context)?.count}`);
        request.complete(NtStatus.Success);
      },
      evtFileCleanup: (one) => void lines.push(`cleanup ${one?.fileName}`),
      evtFileClose: (one) => void lines.push(`close ${one?.fileName}`),
    });
    const one = await system.open("\\\\.\\A\\sub\\Path", { flags: 2 });
    expect([one.status, (await one.read(1)).status]).toEqual([STATUS_SUCCESS, STATUS_SUCCESS]);
    await one.close();
    expect(lines).toEqual(["create \\sub\\Path 2 3", "cleanup \\sub\\Path", "close \\sub\\Path"]);
    expect(system.findings).toEqual([]);
  });

  it("refuses an open by completing the create with an error", async () => {
    const system = made({ evtDeviceFileCreate: (_device, request) => request.complete(STATUS_ACCESS_DENIED) });
    expect((await system.open("A")).status).toBe(STATUS_ACCESS_DENIED);
  });
});

describe("DeviceConfig.exclusive", () => {
  it("lets it be open once at a time", async () => {
    const system = made({}, true);
    const first = await system.open("A");
    expect((await system.open("A")).status).toBe(STATUS_ACCESS_DENIED);
    await first.close();
    expect((await system.open("A")).status).toBe(STATUS_SUCCESS);
  });
});
