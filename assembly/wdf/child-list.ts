// Child lists: what a bus driver tells of its children, as far as the core has to know it.
//
//   after a device has entered D0    EvtChildListScanForChildren of each of its lists, in creation order (ScanForChildren)
//   the PnP manager asks             EvtChildListCreateDevice for a description without device (callCreateChild),
//                                    EvtDriverDeviceAdd of the driver for a child (callDeviceAdd)
//
// The descriptions are the host's (host/buses.ts).
//
// Source: fxchildlist.cpp; FxPkgPnp::PowerD0StartingStartSelfManagedIo.

import { RoutineKind } from "../abi/event";
import { FRAME_SIZE, Frame, Step } from "../nt/frame";
import { allocateSlab } from "../nt/memory";
import { system } from "../nt/system";
import { answer, callFrame } from "./calls";
import { Device, deviceAt } from "./device";
import { DeviceFrame, FrameKind } from "./frames";
import { call } from "./invoke";

@unmanaged
export class ChildList {
  /** The next list of the device; in a free record the next free one. */
  next: usize;
  handle: u32;
  device: usize;
  evtScanForChildren: u32;
  evtCreateDevice: u32;
}

/** A callback for a child: its RoutineKind, the host's callback, and its arguments. */
@unmanaged
class ChildFrame extends Frame {
  what: u32;
  asked: u32;
  about: u32;
  number: u32;
}

if (offsetof<ChildFrame>() > FRAME_SIZE) ERROR("ChildFrame does not fit");

export function childListAt(address: usize): ChildList {
  return changetype<ChildList>(address);
}

/** A record for a list of the device; 0 when memory is short. */
export function createChildList(device: usize, evtCreateDevice: u32, evtScanForChildren: u32): usize {
  if (system.freeChildLists == 0) system.freeChildLists = allocateSlab(offsetof<ChildList>());
  const at: usize = system.lowMemory != 0 ? 0 : system.freeChildLists;
  if (at == 0) return 0;
  const list = childListAt(at);
  system.freeChildLists = list.next;
  list.next = 0;
  list.device = device;
  list.evtCreateDevice = evtCreateDevice;
  list.evtScanForChildren = evtScanForChildren;
  return at;
}

/** The list has its handle: it is the device's newest. */
export function addChildList(list: ChildList, handle: u32): void {
  list.handle = handle;
  const d = deviceAt(list.device);
  if (d.firstList == 0) {
    d.firstList = changetype<usize>(list);
    return;
  }
  let last = childListAt(d.firstList);
  while (last.next != 0) last = childListAt(last.next);
  last.next = changetype<usize>(list);
}

/** Gives a record back; it may be among the device's lists. */
export function freeChildList(at: usize): void {
  const list = childListAt(at);
  const d = deviceAt(list.device);
  if (d.firstList == at) d.firstList = list.next;
  for (let before = d.firstList; before != 0; before = childListAt(before).next) {
    if (childListAt(before).next == at) childListAt(before).next = list.next;
  }
  list.next = system.freeChildLists;
  system.freeChildLists = at;
}

/** Asks all child lists of a device that has entered D0 to look for children. */
export function callScans(d: Device): void {
  if (d.firstList != 0) callFrame<DeviceFrame>(FrameKind.ScanForChildren).queue = d.firstList;
}

/** `queue` is the list whose turn it is. */
export function stepScanForChildren(frame: Frame): Step {
  const f = changetype<DeviceFrame>(frame);
  if (f.queue == 0) return Step.Done;
  const list = childListAt(f.queue);
  f.queue = list.next;
  if (list.evtScanForChildren == 0) return Step.Again;
  return call(f, RoutineKind.ChildListScanForChildren, list.evtScanForChildren, list.handle, 0, 0, 0, 0);
}

/** EvtChildListCreateDevice; its NTSTATUS is the call's result. */
export function callCreateChild(list: ChildList, number: u32): void {
  callForChild(RoutineKind.ChildListCreateDevice, list.evtCreateDevice, list.handle, number);
}

/** EvtDriverDeviceAdd for a child; its NTSTATUS is the call's result. */
export function callDeviceAdd(driver: u32, callback: u32, number: u32): void {
  callForChild(RoutineKind.DriverDeviceAdd, callback, driver, number);
}

function callForChild(kind: RoutineKind, callback: u32, object: u32, number: u32): void {
  const f = callFrame<ChildFrame>(FrameKind.CreateChild);
  f.what = kind;
  f.asked = callback;
  f.about = object;
  f.number = number;
}

export function stepCreateChild(frame: Frame): Step {
  const f = changetype<ChildFrame>(frame);
  if (f.step++ == 0) return call(f, f.what as RoutineKind, f.asked, f.about, 0, f.number, 0, 0);
  answer(f, f.result);
  return Step.Done;
}
