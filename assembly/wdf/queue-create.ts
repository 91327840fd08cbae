// Making a queue: the checks of WdfIoQueueCreate in the framework's order, and the record they lead to.
//
// Source: fxioqueueapi.cpp (WdfIoQueueCreate), FxIoQueue::Initialize, ConfigureConstraints, FxPkgIo::AddIoQueue.

import { QueueConfigWord, STRUCTURE_SIZE } from "../abi/config";
import { ObjectKind } from "../abi/request";
import { NtStatus } from "../abi/status";
import {
  WdfExecutionLevel,
  WdfIoQueueDispatchType,
  WdfIoQueueState,
  WdfSynchronizationScope,
  WdfTriState,
} from "../abi/wdf";
import { allocationFails } from "../nt/choice";
import { allocateSlab, clear } from "../nt/memory";
import { word } from "../nt/scratch";
import { system } from "../nt/system";
import { lookupAny } from "../nt/table";
import { Device, DeviceState, addQueue, fillRoutes } from "./device";
import { AttributesRule, parentOr, resolveLevel, resolveScope, validateAttributes } from "./attributes";
import { trackQueue } from "./idle";
import { ObjectFlag, createObject, deviceOfObject } from "./object";
import { commit } from "./object-create";
import { Queue, QueuePower, queueAt, refreshGate, resetRings, shutDown } from "./queue";

/** WdfIoQueueCreate. The handle is the first out value. */
export function createQueue(d: Device): NtStatus {
  system.out0 = 0;
  let status = validateAttributes((AttributesRule.ScopeAllowed as u32) | AttributesRule.LevelAllowed);
  if (status < 0) return status;
  status = checkBeforeMemory(d);
  if (status < 0) return status;
  const at: usize = allocationFails() ? 0 : takeQueue();
  if (at == 0) return NtStatus.InsufficientResources;
  const q = queueAt(at);
  configure(q, d);
  status = checkConfiguration(q, d);
  if (status >= 0) status = publish(q, d);
  if (status < 0) giveBack(q);
  else system.out0 = q.handle;
  return status;
}

/** Rows 4 to 8. */
function checkBeforeMemory(d: Device): NtStatus {
  if (word(QueueConfigWord.Size) != STRUCTURE_SIZE) return NtStatus.InfoLengthMismatch;
  if (word(QueueConfigWord.DefaultQueue) == 0) {
    if (word(QueueConfigWord.WantsHandle) == 0) return NtStatus.InvalidParameter4;
  } else if (d.state != (DeviceState.Init as u32)) {
    return NtStatus.InvalidDeviceState;
  }
  return checkParent(d);
}

/** Row 8: a parent has to belong to the device. */
function checkParent(d: Device): NtStatus {
  const entry = parentOr(entryOf(d));
  if (entry == 0) return NtStatus.InvalidHandle;
  return deviceOfObject(entry) == changetype<usize>(d) ? NtStatus.Success : NtStatus.InvalidDeviceRequest;
}

function entryOf(d: Device): usize {
  return lookupAny(d.handle);
}

function takeQueue(): usize {
  if (system.freeQueues == 0) system.freeQueues = allocateSlab(offsetof<Queue>());
  const at = system.freeQueues;
  if (at == 0) return 0;
  system.freeQueues = load<usize>(at);
  clear(at, offsetof<Queue>());
  return at;
}

/** The queue of create requests that EvtDeviceFileCreate is called for: manual, not power-managed, at PASSIVE_LEVEL. 0 on failure. */
export function createInternalQueue(d: Device): usize {
  const at = takeQueue();
  if (at == 0) return 0;
  const q = queueAt(at);
  resetRings(q);
  q.device = changetype<usize>(d);
  q.type = WdfIoQueueDispatchType.Manual;
  q.flags = (WdfIoQueueState.AcceptRequests as u32) | WdfIoQueueState.DispatchRequests;
  q.passiveLevel = 1;
  q.power = QueuePower.On;
  q.ownLock.initialize(0, true);
  q.associatedLock = d.fileLock != 0 ? d.fileLock : changetype<usize>(q.ownLock);
  q.callbackLock = d.fileLock;
  q.scope = d.fileLock != 0 ? 1 : 0;
  const flags = (ObjectFlag.PassiveDispose as u32) | ObjectFlag.NoDelete;
  q.handle = createObject(ObjectKind.Queue, at, entryOf(d), changetype<usize>(d), flags);
  if (q.handle == 0) {
    giveBack(q);
    return 0;
  }
  q.ownLock.tag = q.handle;
  addQueue(d, q);
  refreshGate(q);
  return at;
}

function giveBack(q: Queue): void {
  q.nextQueue = system.freeQueues;
  system.freeQueues = changetype<usize>(q);
}

function configure(q: Queue, d: Device): void {
  resetRings(q);
  q.device = changetype<usize>(d);
  q.type = word(QueueConfigWord.DispatchType);
  q.allowZeroLength = word(QueueConfigWord.AllowZeroLengthRequests);
  q.evtIoDefault = word(QueueConfigWord.EvtIoDefault);
  q.evtIoRead = word(QueueConfigWord.EvtIoRead);
  q.evtIoWrite = word(QueueConfigWord.EvtIoWrite);
  q.evtIoDeviceControl = word(QueueConfigWord.EvtIoDeviceControl);
  q.evtIoInternalDeviceControl = word(QueueConfigWord.EvtIoInternalDeviceControl);
  q.evtIoStop = word(QueueConfigWord.EvtIoStop);
  q.evtIoResume = word(QueueConfigWord.EvtIoResume);
  q.evtIoCanceledOnQueue = word(QueueConfigWord.EvtIoCanceledOnQueue);
  q.flags = (WdfIoQueueState.AcceptRequests as u32) | WdfIoQueueState.DispatchRequests;
  q.limit = limitOf(q);
  q.powerManaged = isPowerManaged(d) ? 1 : 0;
  q.power = q.powerManaged != 0 && d.poweredOn == 0 ? QueuePower.Off : QueuePower.On;
}

/** How many requests the driver may own through automatic presentation. */
function limitOf(q: Queue): u32 {
  if (q.type == (WdfIoQueueDispatchType.Parallel as u32)) return word(QueueConfigWord.NumberOfPresentedRequests);
  return q.type == (WdfIoQueueDispatchType.Sequential as u32) ? 1 : 0;
}

function isPowerManaged(d: Device): bool {
  const asked = word(QueueConfigWord.PowerManaged);
  if (asked == (WdfTriState.UseDefault as u32)) return d.filter == 0;
  return asked == (WdfTriState.True as u32);
}

/** Rows 11 to 15: synchronization, then the dispatch type and its handlers. */
function checkConfiguration(q: Queue, d: Device): NtStatus {
  const status = constrain(q, d);
  if (status < 0) return status;
  if (q.type < (WdfIoQueueDispatchType.Sequential as u32) || q.type > (WdfIoQueueDispatchType.Manual as u32)) {
    return NtStatus.InvalidParameter;
  }
  const handlers =
    q.evtIoDefault | q.evtIoRead | q.evtIoWrite | q.evtIoDeviceControl | q.evtIoInternalDeviceControl;
  if (!q.isManual && handlers == 0) return NtStatus.WdfNoCallback;
  if (q.isManual && handlers != 0) return NtStatus.InvalidParameter;
  if (q.type != (WdfIoQueueDispatchType.Parallel as u32) && word(QueueConfigWord.NumberOfPresentedRequests) != 0) {
    return NtStatus.InvalidParameter;
  }
  return NtStatus.Success;
}

/** Execution level and synchronization scope: which lock, and whether only PASSIVE_LEVEL will do. */
function constrain(q: Queue, d: Device): NtStatus {
  const level = resolveLevel(d.executionLevel);
  const scope = resolveScope(d.synchronizationScope);
  q.passiveLevel = level == (WdfExecutionLevel.Passive as u32) ? 1 : 0;
  q.ownLock.initialize(0, q.passiveLevel != 0);
  q.associatedLock = changetype<usize>(q.ownLock);
  if (scope == (WdfSynchronizationScope.Device as u32)) {
    if (level != d.executionLevel) return NtStatus.InvalidParameter;
    q.associatedLock = changetype<usize>(d.lock);
  }
  if (scope != (WdfSynchronizationScope.None as u32)) {
    q.scope = 1;
    q.callbackLock = q.associatedLock;
  }
  return NtStatus.Success;
}

/** Row 17 and the handle: the queue is the device's from here on. */
function publish(q: Queue, d: Device): NtStatus {
  const default_ = word(QueueConfigWord.DefaultQueue) != 0;
  if (default_ && d.defaultQueue != 0) return NtStatus.Unsuccessful;
  let flags: u32 = ObjectFlag.PassiveDispose as u32;
  if (default_) flags |= ObjectFlag.NoDelete as u32;
  const status = commit(ObjectKind.Queue, changetype<usize>(q), parentOr(entryOf(d)), changetype<usize>(d), flags);
  if (status < 0) return status;
  q.handle = system.out0;
  q.ownLock.tag = q.handle;
  addQueue(d, q);
  trackQueue(q);
  refreshGate(q);
  if ((d.purgedManaged | d.purgedAll) != 0) shutDown(q);
  if (default_) {
    d.defaultQueue = changetype<usize>(q);
    fillRoutes(d, q);
  }
  return NtStatus.Success;
}
