// WdfPdo*, WdfFdo*StaticChild: what a bus driver says of the children it makes by itself. What becomes of them: tests/bus.test.ts.

import { describe, expect, it } from "vitest";
import { FindingId, NtStatus, ObjectKind, WdfViolation } from "../../bindings/abi";
import * as wdf from "../../host/ddi";
import type { DriverModule } from "../../host/index";
import { Rig } from "../support/rig";

const { AddedChildren, AllChildren, MissingChildren, PendingChildren, PresentChildren } = wdf.WdfRetrieveChildFlags;

/** A child of the device; `more` does more before it is made. */
function child(parent: wdf.WDFDEVICE, more: (init: wdf.WdfDeviceInit) => void = () => {}): wdf.WDFDEVICE {
  const init = wdf.WdfPdoInitAllocate(parent);
  more(init);
  return wdf.WdfDeviceCreate(init).device;
}

/** A rig with that many static children, made before it is started. */
function busRig(count = 0, more?: (init: wdf.WdfDeviceInit) => void): { rig: Rig; children: wdf.WDFDEVICE[] } {
  const children: wdf.WDFDEVICE[] = [];
  const rig = new Rig({
    more: (device) => {
      for (let n = 0; n < count; n++) {
        children.push(child(device, more));
        expect(wdf.WdfFdoAddStaticChild(device, children[n])).toBe(NtStatus.Success);
      }
    },
  });
  return { rig, children };
}

const state = (rig: Rig, device: wdf.WDFDEVICE): number => rig.system.machine.exports.stateOfDevice(device);
const [STARTED, REMOVED] = [1, 2];

/** The children that the flags want, in order. */
function retrieved(rig: Rig, flags: number): wdf.WDFDEVICE[] {
  return rig.run(() => {
    const found: wdf.WDFDEVICE[] = [];
    wdf.WdfFdoLockStaticChildListForIteration(rig.device);
    for (let next = wdf.WdfFdoRetrieveNextStaticChild(rig.device, 0, flags); next !== 0; ) {
      found.push(next);
      next = wdf.WdfFdoRetrieveNextStaticChild(rig.device, next, flags);
    }
    wdf.WdfFdoUnlockStaticChildListFromIteration(rig.device);
    return found;
  });
}

/** A driver that is loaded for an id: the ids it was added for when it got a device. */
function loadedFor(init: (init: wdf.WdfDeviceInit) => void, id: string): boolean {
  let added = false;
  const driver: DriverModule = {
    name: "loaded",
    evtDriverDeviceAdd: (_driver, deviceInit) => {
      added = true;
      return wdf.WdfDeviceCreate(deviceInit).status;
    },
  };
  const { rig } = busRig(1, init);
  rig.system.addDriver(driver, [id]);
  return added;
}

describe("WdfPdoInitAssignDeviceID", () => {
  it("is the first id by which a driver is found, in upper or lower case", () => {
    expect(loadedFor((init) => void wdf.WdfPdoInitAssignDeviceID(init, "BUS\\One"), "bus\\one")).toBe(true);
    expect(loadedFor((init) => void wdf.WdfPdoInitAssignDeviceID(init, "BUS\\One"), "bus\\two")).toBe(false);
  });
});

describe("WdfPdoInitAddHardwareID", () => {
  it("adds an id by which a driver is found", () => {
    expect(loadedFor((init) => void wdf.WdfPdoInitAddHardwareID(init, "BUS\\Hard"), "BUS\\Hard")).toBe(true);
  });
});

describe("WdfPdoInitAddCompatibleID", () => {
  it("adds an id by which a driver is found", () => {
    expect(loadedFor((init) => void wdf.WdfPdoInitAddCompatibleID(init, "BUS\\Soft"), "BUS\\Soft")).toBe(true);
  });
});

describe("WdfPdoInitAssignInstanceID", () => {
  it("is no id for drivers", () => {
    expect(loadedFor((init) => void wdf.WdfPdoInitAssignInstanceID(init, "7"), "7")).toBe(false);
  });
});

describe("WdfPdoInitAddDeviceText", () => {
  it("is for people: it changes nothing", () => {
    expect(loadedFor((init) => void wdf.WdfPdoInitAddDeviceText(init, "A thing", "Slot 7", 0x409), "A thing")).toBe(false);
  });
});

describe("WdfPdoInitAssignRawDevice", () => {
  it("lets the child be started without a function driver", () => {
    const { rig, children } = busRig(1, (init) => void wdf.WdfPdoInitAssignRawDevice(init));
    expect(state(rig, children[0])).toBe(STARTED);
    const waiting = busRig(1);
    expect(state(waiting.rig, waiting.children[0])).toBe(0);
  });
});

describe("WdfPdoInitSetEventCallbacks", () => {
  it("registers EvtDeviceEject", () => {
    const said: string[] = [];
    const { rig, children } = busRig(1, (init) => {
      wdf.WdfPdoInitAssignRawDevice(init);
      wdf.WdfPdoInitSetEventCallbacks(init, { evtDeviceEject: () => (said.push("eject"), NtStatus.Success) });
    });
    rig.system.power(children[0]).eject();
    expect(said).toEqual(["eject"]);
  });
});

describe("WdfPdoGetParent", () => {
  it("is the device the child was made for, NULL for a device that is no child", () => {
    const { rig, children } = busRig(1);
    expect(rig.run(() => wdf.WdfPdoGetParent(children[0]))).toBe(rig.device);
    expect(rig.run(() => wdf.WdfPdoGetParent(rig.device))).toBe(0);
    rig.expectStop(() => wdf.WdfPdoGetParent(rig.queue as never), WdfViolation.InvalidHandle, rig.queue, ObjectKind.Device);
  });
});

describe("WdfPdoMarkMissing", () => {
  it("removes the child", () => {
    const { rig, children } = busRig(1, (init) => void wdf.WdfPdoInitAssignRawDevice(init));
    expect(rig.run(() => wdf.WdfPdoMarkMissing(children[0]))).toBe(NtStatus.Success);
    expect(state(rig, children[0])).toBe(REMOVED);
  });

  it("is STATUS_INVALID_DEVICE_REQUEST for a device that is no child, STATUS_NO_SUCH_DEVICE for one that was never added", () => {
    const { rig } = busRig();
    expect(rig.run(() => wdf.WdfPdoMarkMissing(rig.device))).toBe(NtStatus.InvalidDeviceRequest);
    expect(rig.run(() => wdf.WdfPdoMarkMissing(child(rig.device)))).toBe(NtStatus.NoSuchDevice);
  });
});

describe("WdfPdoRequestEject", () => {
  it("ejects the child; of a device that is none it is a break", () => {
    const { rig, children } = busRig(1, (init) => void wdf.WdfPdoInitAssignRawDevice(init));
    rig.run(() => wdf.WdfPdoRequestEject(children[0]));
    expect(state(rig, children[0])).toBe(REMOVED);
    rig.run(() => wdf.WdfPdoRequestEject(rig.device));
    rig.expectFindings(FindingId.NoChildDevice);
  });
});

describe("WdfPdoRetrieveIdentificationDescription", () => {
  it("is STATUS_INVALID_DEVICE_REQUEST for a static child, which has none", () => {
    const { rig, children } = busRig(1);
    expect(rig.run(() => wdf.WdfPdoRetrieveIdentificationDescription(children[0])).status).toBe(NtStatus.InvalidDeviceRequest);
  });
});

describe("WdfFdoAddStaticChild", () => {
  it("refuses a child of another device, and a parent that is a child: STATUS_INVALID_PARAMETER", () => {
    const { rig, children } = busRig(1);
    expect(rig.run(() => wdf.WdfFdoAddStaticChild(rig.device, rig.device))).toBe(NtStatus.InvalidParameter);
    expect(rig.run(() => wdf.WdfFdoAddStaticChild(children[0], children[0]))).toBe(NtStatus.InvalidParameter);
  });

  it("a child that is added later is started as well", () => {
    const { rig } = busRig();
    const later = rig.run(() => {
      const pdo = child(rig.device, (init) => void wdf.WdfPdoInitAssignRawDevice(init));
      wdf.WdfFdoAddStaticChild(rig.device, pdo);
      return pdo;
    });
    expect(state(rig, later)).toBe(STARTED);
    expect(rig.run(() => wdf.WdfFdoAddStaticChild(rig.device, later))).toBe(NtStatus.ObjectNameExists);
  });
});

describe("WdfFdoRetrieveNextStaticChild", () => {
  it("gives the children that the flags want, in the order in which they were added", () => {
    const { rig, children } = busRig(2, (init) => void wdf.WdfPdoInitAssignRawDevice(init));
    expect(retrieved(rig, AllChildren)).toEqual(children);
    expect(retrieved(rig, PresentChildren)).toEqual(children);
    expect(retrieved(rig, PendingChildren)).toEqual([]);
    rig.run(() => {
      const pending = child(rig.device);
      wdf.WdfFdoAddStaticChild(rig.device, pending);
      wdf.WdfPdoMarkMissing(children[0]);
      expect(wdf.WdfFdoRetrieveNextStaticChild(rig.device, 0, PendingChildren)).toBe(pending);
      expect(wdf.WdfFdoRetrieveNextStaticChild(rig.device, 0, MissingChildren)).toBe(children[0]);
      expect(wdf.WdfFdoRetrieveNextStaticChild(rig.device, children[1], AddedChildren)).toBe(pending);
    });
    expect(retrieved(rig, AllChildren)).toHaveLength(2);
  });

  it("breaks for flags that say nothing, and for a device that is a child: NULL", () => {
    const { rig, children } = busRig(1);
    rig.run(() => {
      expect(wdf.WdfFdoRetrieveNextStaticChild(rig.device, 0, 0)).toBe(0);
      expect(wdf.WdfFdoRetrieveNextStaticChild(rig.device, 0, 8)).toBe(0);
      expect(wdf.WdfFdoRetrieveNextStaticChild(children[0], 0, AllChildren)).toBe(0);
    });
    rig.expectFindings(FindingId.NoBusDevice, FindingId.NoBusDevice, FindingId.NoBusDevice);
  });
});

describe("WdfFdoLockStaticChildListForIteration", () => {
  it("breaks for a device that is a child", () => {
    const { rig, children } = busRig(1);
    rig.run(() => wdf.WdfFdoLockStaticChildListForIteration(children[0]));
    rig.expectFindings(FindingId.NoBusDevice);
  });
});

describe("WdfFdoUnlockStaticChildListFromIteration", () => {
  it("breaks for a device that is a child", () => {
    const { rig, children } = busRig(1);
    rig.run(() => wdf.WdfFdoUnlockStaticChildListFromIteration(children[0]));
    rig.expectFindings(FindingId.NoBusDevice);
  });
});
