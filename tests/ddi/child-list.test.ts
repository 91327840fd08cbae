// WdfChildList*: what a bus driver says of the children it describes. What becomes of them: tests/bus.test.ts.

import { describe, expect, it } from "vitest";
import { FindingId, Irql, NtStatus, ObjectKind, WdfViolation } from "../../bindings/abi";
import * as wdf from "../../host/ddi";
import { Rig } from "../support/rig";

interface Found {
  readonly serial: number;
}

/** A device with a child list whose children work raw. */
function listRig(config: Partial<wdf.WdfChildListConfig> = {}): { rig: Rig; list: wdf.WDFCHILDLIST; created: number[] } {
  const created: number[] = [];
  const create: wdf.EvtChildListCreateDevice = (_list, { serial }: Found, init) => {
    created.push(serial);
    wdf.WdfPdoInitAssignRawDevice(init);
    return wdf.WdfDeviceCreate(init).status;
  };
  const rig = new Rig();
  const { status, childList } = rig.run(() => wdf.WdfChildListCreate(rig.device, { ...wdf.WDF_CHILD_LIST_CONFIG_INIT(create), ...config }));
  expect(status).toBe(NtStatus.Success);
  return { rig, list: childList, created };
}

const add = (list: wdf.WDFCHILDLIST, serial: number): NtStatus => wdf.WdfChildListAddOrUpdateChildDescriptionAsPresent(list, { serial });
const pdo = (list: wdf.WDFCHILDLIST, serial: number): wdf.WDFDEVICE => wdf.WdfChildListRetrievePdo(list, { serial }) as wdf.WDFDEVICE;

describe("WDF_CHILD_LIST_CONFIG_INIT", () => {
  it("has the callback that makes devices of descriptions, and nothing else", () => {
    const create = (): NtStatus => NtStatus.Success;
    expect(wdf.WDF_CHILD_LIST_CONFIG_INIT(create)).toEqual({ evtChildListCreateDevice: create });
  });
});

describe("WdfChildListCreate", () => {
  it("makes a list of the device, which goes with it", () => {
    const { rig, list } = listRig();
    expect(rig.run(() => wdf.WdfChildListGetDevice(list))).toBe(rig.device);
    rig.system.power(rig.device).remove();
    rig.expectStop(() => wdf.WdfChildListGetDevice(list), WdfViolation.InvalidHandle, list, ObjectKind.ChildList);
  });

  it("above PASSIVE_LEVEL breaks: STATUS_INVALID_DEVICE_REQUEST", () => {
    const { rig } = listRig();
    const config = wdf.WDF_CHILD_LIST_CONFIG_INIT(() => NtStatus.Success);
    expect(rig.run(() => wdf.WdfChildListCreate(rig.device, config).status, Irql.Dispatch)).toBe(NtStatus.InvalidDeviceRequest);
    rig.expectFindings(FindingId.IrqlTooHigh, FindingId.NotPassive);
  });

  it("refuses callbacks that are not built, instead of never calling them", () => {
    const { rig } = listRig();
    const config = { ...wdf.WDF_CHILD_LIST_CONFIG_INIT(() => NtStatus.Success), evtChildListDeviceReenumerated: () => true };
    expect(() => rig.run(() => wdf.WdfChildListCreate(rig.device, config))).toThrow(/knows no callback evtChildListDeviceReenumerated/);
    rig.forget();
  });

  it("takes no parent: STATUS_WDF_PARENT_ASSIGNMENT_NOT_ALLOWED", () => {
    const { rig } = listRig();
    const config = wdf.WDF_CHILD_LIST_CONFIG_INIT(() => NtStatus.Success);
    const status = rig.run(() => wdf.WdfChildListCreate(rig.device, config, { parentObject: rig.device }).status);
    expect(status).toBe(NtStatus.WdfParentAssignmentNotAllowed);
  });
});

describe("WdfFdoInitSetDefaultChildListConfig", () => {
  it("gives the device its default list", () => {
    const config = wdf.WDF_CHILD_LIST_CONFIG_INIT(() => NtStatus.Success);
    const rig = new Rig({ init: (init) => wdf.WdfFdoInitSetDefaultChildListConfig(init, config) });
    const list = rig.run(() => wdf.WdfFdoGetDefaultChildList(rig.device) as wdf.WDFCHILDLIST);
    expect(rig.run(() => wdf.WdfChildListGetDevice(list))).toBe(rig.device);
  });
});

describe("WdfFdoGetDefaultChildList", () => {
  it("is NULL when there is none, also when there is another list", () => {
    const { rig } = listRig();
    expect(rig.run(() => wdf.WdfFdoGetDefaultChildList(rig.device))).toBe(0);
  });
});

describe("WdfChildListGetDevice", () => {
  it("wants a child list: the Stop WDF_INVALID_HANDLE", () => {
    const { rig } = listRig();
    rig.expectStop(() => wdf.WdfChildListGetDevice(rig.device as never), WdfViolation.InvalidHandle, rig.device, ObjectKind.ChildList);
  });
});

describe("WdfChildListAddOrUpdateChildDescriptionAsPresent", () => {
  it("copies the description: what the driver does with its own does not matter", () => {
    const { rig, list } = listRig();
    const description = { serial: 1 };
    rig.run(() => {
      wdf.WdfChildListAddOrUpdateChildDescriptionAsPresent(list, description);
      description.serial = 2;
    });
    expect(rig.run(() => pdo(list, 1))).not.toBe(0);
  });

  it("the device is asked for in a thread of the PnP manager, not inside the call", () => {
    const { rig, list, created } = listRig();
    rig.run(() => {
      expect(add(list, 1)).toBe(NtStatus.Success);
      expect(created).toEqual([]);
    });
    expect(created).toEqual([1]);
  });
});

describe("WdfChildListUpdateChildDescriptionAsMissing", () => {
  it("a child that has no device yet is forgotten at once", () => {
    const { rig, list, created } = listRig();
    rig.run(() => {
      add(list, 1);
      expect(wdf.WdfChildListUpdateChildDescriptionAsMissing(list, { serial: 1 })).toBe(NtStatus.Success);
      expect(wdf.WdfChildListUpdateChildDescriptionAsMissing(list, { serial: 1 })).toBe(NtStatus.NoSuchDevice);
    });
    expect(created).toEqual([]);
  });
});

describe("WdfChildListUpdateAllChildDescriptionsAsPresent", () => {
  it("keeps all children through a scan", () => {
    const { rig, list } = listRig();
    rig.run(() => void (add(list, 1), add(list, 2)));
    rig.run(() => {
      wdf.WdfChildListBeginScan(list);
      wdf.WdfChildListUpdateAllChildDescriptionsAsPresent(list);
      wdf.WdfChildListEndScan(list);
    });
    expect(rig.run(() => [pdo(list, 1), pdo(list, 2)].includes(0 as never))).toBe(false);
  });
});

describe("WdfChildListBeginScan", () => {
  it("may be nested: the last WdfChildListEndScan counts", () => {
    const { rig, list } = listRig();
    rig.run(() => void add(list, 1));
    rig.run(() => {
      wdf.WdfChildListBeginScan(list);
      wdf.WdfChildListBeginScan(list);
      wdf.WdfChildListEndScan(list);
    });
    expect(rig.run(() => pdo(list, 1))).not.toBe(0);
  });
});

describe("WdfChildListEndScan", () => {
  it("removes the children that were not found", () => {
    const { rig, list } = listRig();
    rig.run(() => void (add(list, 1), add(list, 2)));
    rig.run(() => {
      wdf.WdfChildListBeginScan(list);
      add(list, 2);
      wdf.WdfChildListEndScan(list);
    });
    expect(rig.run(() => [pdo(list, 1) === 0, pdo(list, 2) === 0])).toEqual([true, false]);
  });
});

describe("WdfChildListRetrievePdo", () => {
  it("is NULL for a child nobody has told of", () => {
    const { rig, list } = listRig();
    expect(rig.run(() => pdo(list, 1))).toBe(0);
  });

  it("leads back to the description: WdfPdoRetrieveIdentificationDescription", () => {
    const { rig, list } = listRig();
    rig.run(() => void add(list, 7));
    const back = rig.run(() => wdf.WdfPdoRetrieveIdentificationDescription<Found>(pdo(list, 7)));
    expect(back).toEqual({ status: NtStatus.Success, description: { serial: 7 } });
  });
});

describe("WdfChildListRetrieveAddressDescription", () => {
  it("is STATUS_INVALID_DEVICE_REQUEST for a list without addresses", () => {
    const { rig, list } = listRig();
    rig.run(() => void add(list, 7));
    expect(rig.run(() => wdf.WdfChildListRetrieveAddressDescription(list, { serial: 7 }).status)).toBe(NtStatus.InvalidDeviceRequest);
  });
});
