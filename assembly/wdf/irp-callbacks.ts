// What a driver does with IRPs before they become requests: preprocess and dispatch callbacks.
//
//   IRP ─▶ EvtDeviceWdmIrpPreprocess ─▶ EvtDeviceWdmIrpDispatch ─▶ routing table ─▶ queue
//          of its major function,        of its major function       (arrival.ts)
//          for the minor functions       (read, write, the
//          named, or all                 two device controls)
//
// Each callback gets the IRP itself, and has it until it hands it on (ddi/irp.ts) or completes it. A device has this
// table once one of its callbacks is named.
//
// Source: fxdevice.cpp (IsPreprocessIrp, DispatchWorker), FxPkgIo::ConfigureDynamicDispatching.

import { MAJOR_FUNCTION_COUNT } from "../abi/layout";
import { WdfRequestType } from "../abi/wdf";
import { allocate } from "../nt/memory";
import { Device } from "./device";

@unmanaged
class IrpCallbacks {
  /** EvtDeviceWdmIrpDispatch and the driver's context, for each of the four major functions. */
  dispatchRead: u32;
  dispatchWrite: u32;
  dispatchControl: u32;
  dispatchInternal: u32;
  contextRead: u32;
  contextWrite: u32;
  contextControl: u32;
  contextInternal: u32;
}

/** Then EvtDeviceWdmIrpPreprocess of each major function, and which minor functions it is for: 256 bits, none for all. */
const PREPROCESS: usize = offsetof<IrpCallbacks>();
const MINORS: usize = PREPROCESS + (MAJOR_FUNCTION_COUNT as usize) * 4;
const MINORS_SIZE: usize = 32;
const SIZE: usize = MINORS + (MAJOR_FUNCTION_COUNT as usize) * MINORS_SIZE;

/** The slot of a major function that may have a dispatch callback, 4 for any other. */
export function dispatchSlot(major: u32): u32 {
  switch (major) {
    case WdfRequestType.Read as u32:
      return 0;
    case WdfRequestType.Write as u32:
      return 1;
    case WdfRequestType.DeviceControl as u32:
      return 2;
    case WdfRequestType.DeviceControlInternal as u32:
      return 3;
    default:
      return 4;
  }
}

/** Gives the device its table, if it has none. False when memory is short. */
export function makeIrpCallbacks(d: Device): bool {
  if (d.irpCallbacks == 0) d.irpCallbacks = allocate(SIZE);
  d.gate |= 1;
  return d.irpCallbacks != 0;
}

/** EvtDeviceWdmIrpDispatch for a major function, or 0. */
export function dispatchCallback(d: Device, major: u32): u32 {
  const slot = dispatchSlot(major);
  if (d.irpCallbacks == 0 || slot > 3) return 0;
  return load<u32>(d.irpCallbacks + (slot as usize) * 4);
}

export function dispatchContext(d: Device, major: u32): u32 {
  return load<u32>(d.irpCallbacks + (dispatchSlot(major) as usize) * 4, offsetof<IrpCallbacks>("contextRead"));
}

export function setDispatchCallback(d: Device, slot: u32, callback: u32, context: u32): void {
  const at = d.irpCallbacks + (slot as usize) * 4;
  store<u32>(at, callback);
  store<u32>(at, context, offsetof<IrpCallbacks>("contextRead"));
}

/** EvtDeviceWdmIrpPreprocess for an IRP of these functions, or 0. */
export function preprocessCallback(d: Device, major: u32, minor: u32): u32 {
  if (d.irpCallbacks == 0) return 0;
  const callback = load<u32>(d.irpCallbacks + (major as usize) * 4, PREPROCESS);
  return callback == 0 || !isPreprocessed(minorsOf(d, major), minor) ? 0 : callback;
}

function minorsOf(d: Device, major: u32): usize {
  return d.irpCallbacks + MINORS + (major as usize) * MINORS_SIZE;
}

/** No bit at all stands for every minor function. */
function isPreprocessed(minors: usize, minor: u32): bool {
  let any: u64 = 0;
  for (let at: usize = 0; at < MINORS_SIZE; at += 8) any |= load<u64>(minors + at);
  return any == 0 || (((load<u8>(minors + ((minor & 0xff) >> 3)) as u32) >> (minor & 7)) & 1) != 0;
}

/** The newest callback of a major function counts. */
export function setPreprocessCallback(d: Device, major: u32, callback: u32): void {
  store<u32>(d.irpCallbacks + (major as usize) * 4, callback, PREPROCESS);
}

export function addPreprocessMinor(d: Device, major: u32, minor: u32): void {
  const at = minorsOf(d, major) + ((minor & 0xff) >> 3);
  store<u8>(at, load<u8>(at) | (1 << ((minor & 7) as u8)));
}
