// Making drivers and devices.

import { DeviceInitWord } from "../abi/config";
import { ObjectKind } from "../abi/request";
import { NtStatus } from "../abi/status";
import { WdfExecutionLevel, WdfPowerDeviceState, WdfSynchronizationScope } from "../abi/wdf";
import { allocationFails } from "../nt/choice";
import { allocateSlab, clear } from "../nt/memory";
import { word } from "../nt/scratch";
import { system } from "../nt/system";
import { lookup, lookupAny } from "../nt/table";
import { DEVICE_SIZE, Device, DeviceState, deviceAt } from "./device";
import { AttributesRule, resolveLevel, resolveScope, validateAttributes } from "./attributes";
import { initializeIdle } from "./idle";
import { checkFilePackage, initializeFilePackage } from "./file-package";
import { ObjectFlag, createObject, objectAt } from "./object";
import { commit } from "./object-create";
import { initializeWatchdog } from "./power-watchdog";

/** WdfDriverCreate: a KMDF driver's objects are dispatch-level and unsynchronized unless they say otherwise. */
export function createDriver(): u32 {
  const handle = createObject(ObjectKind.Driver, 0, 0, 0, ObjectFlag.NoDelete);
  system.driver = lookupAny(handle);
  return handle;
}

/** WdfDeviceCreate. The handle is the first out value. */
export function createDevice(driver: usize): NtStatus {
  system.out0 = 0;
  const rules = (AttributesRule.ParentNotAllowed as u32) | AttributesRule.ScopeAllowed | AttributesRule.LevelAllowed;
  let status = validateAttributes(rules);
  if (status >= 0) status = checkFilePackage(resolveLevel(WdfExecutionLevel.Dispatch), resolveScope(WdfSynchronizationScope.None));
  if (status < 0) return status;
  if (system.freeDevices == 0) system.freeDevices = allocateSlab(DEVICE_SIZE);
  const at: usize = allocationFails() ? 0 : system.freeDevices;
  if (at == 0) return NtStatus.InsufficientResources;
  status = commit(ObjectKind.Device, at, driver, at, (ObjectFlag.NoDelete as u32) | ObjectFlag.PassiveDispose);
  if (status < 0) return status;
  system.freeDevices = load<usize>(at);
  clear(at, DEVICE_SIZE);
  initialize(deviceAt(at), system.out0);
  return NtStatus.Success;
}

function initialize(d: Device, handle: u32): void {
  d.handle = handle;
  d.state = DeviceState.Init;
  d.filter = word(DeviceInitWord.Filter);
  d.evtIoInCallerContext = word(DeviceInitWord.EvtIoInCallerContext);
  for (let w: u32 = DeviceInitWord.EvtDeviceD0Entry; w <= (DeviceInitWord.EvtDeviceQueryStop as u32); w++) {
    const at = changetype<usize>(d) + ((w - (DeviceInitWord.EvtDeviceD0Entry as u32)) as usize) * 4;
    store<u32>(at, word(w), offsetof<Device>("evtD0Entry"));
  }
  for (let w: u32 = DeviceInitWord.EvtDeviceArmWakeFromS0; w <= (DeviceInitWord.EvtDeviceWakeFromSxTriggered as u32); w++) {
    const at = changetype<usize>(d) + ((w - (DeviceInitWord.EvtDeviceArmWakeFromS0 as u32)) as usize) * 4;
    store<u32>(at, word(w), offsetof<Device>("evtArmWakeFromS0"));
  }
  d.idleState = WdfPowerDeviceState.D3;
  d.sxWakeState = WdfPowerDeviceState.D3;
  d.lowState = WdfPowerDeviceState.D3;
  d.ioType = word(DeviceInitWord.IoType);
  const parent = lookup(word(DeviceInitWord.ParentDevice), ObjectKind.Device);
  if (parent != 0) d.parentDevice = objectAt(parent).body;
  d.evtEject = word(DeviceInitWord.EvtDeviceEject);
  d.forwardsToParent = word(DeviceInitWord.ForwardsToParent);
  d.requestContext = word(DeviceInitWord.RequestContext);
  d.evtRequestCleanup = word(DeviceInitWord.EvtRequestCleanup);
  d.evtRequestDestroy = word(DeviceInitWord.EvtRequestDestroy);
  d.wake.reset();
  d.lifeWaiters.reset();
  initializeIdle(d);
  initializeWatchdog(d);
  d.gate = d.filter | d.evtIoInCallerContext | d.evtRequestCleanup | d.evtRequestDestroy;
  d.executionLevel = resolveLevel(WdfExecutionLevel.Dispatch);
  d.synchronizationScope = resolveScope(WdfSynchronizationScope.None);
  d.lock.initialize(handle, d.executionLevel == (WdfExecutionLevel.Passive as u32));
  initializeFilePackage(d);
  d.nextDevice = system.devices;
  system.devices = changetype<usize>(d);
}
