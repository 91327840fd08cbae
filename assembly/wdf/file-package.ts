// The file-object package of a device: what create, cleanup and close bring.
//
//   IRP      what happens                                                                      ends with
//   ──────── ───────────────────────────────────────────────────────────────────────────────── ─────────────────────
//   create   an exclusive device that is open                                                  ACCESS_DENIED
//            the WDFFILEOBJECT is made, if the device wants one                                its failure
//            neither a queue for creates nor EvtDeviceFileCreate: sent down with AutoForward   SUCCESS
//            a critical region is entered; the request is made                                 INSUFFICIENT_RESOURCES
//            a queue for creates: the queue takes it                                           as arrival.ts
//            else, at PASSIVE_LEVEL or APC_LEVEL: through the framework's own manual queue,    INVALID_DEVICE_REQUEST
//            at once to EvtDeviceFileCreate, in the sender's thread
//   cleanup  EvtFileCleanup; then what waits in queues for the FILE_OBJECT is cancelled        SUCCESS, or sent down
//   close    EvtFileClose; the WDFFILEOBJECT is deleted                                        SUCCESS, or sent down
//
// A create that is completed with an error, by whomever, loses its WDFFILEOBJECT before its sender knows (completion.ts);
// no cleanup or close follows. The callbacks are called even when there is no WDFFILEOBJECT, with NULL.
//
// The frame is that of the arrival (arrival.ts), which turns into one of this kind.
//
// Source: fxpkggeneral.cpp (OnCreate, OnCleanup, OnClose, CreateCompleted, ConfigureConstraints).

import { DeviceInitWord } from "../abi/config";
import { RoutineKind } from "../abi/event";
import { FindingId } from "../abi/finding";
import { Irql } from "../abi/irql";
import { ObjectKind, RequestPlace } from "../abi/request";
import { NtStatus } from "../abi/status";
import { WdfExecutionLevel, WdfFileObjectClass, WdfRequestType, WdfSynchronizationScope, WdfTriState } from "../abi/wdf";
import { allocationFails } from "../nt/choice";
import { Frame, Step } from "../nt/frame";
import { currentIrql } from "../nt/processor";
import { word } from "../nt/scratch";
import { Entry, lookup } from "../nt/table";
import { ArrivalStep, enterRegion, leaveArrival } from "./arrival-common";
import { complete } from "./completion";
import { Device, deviceAt } from "./device";
import {
  countOpen,
  destroyFileObject,
  discountOpen,
  fileObjectOf,
  fileStatusOf,
  forgetCallbacks,
  makeFileObject,
  wdmFileAt,
} from "./file";
import { arrive } from "./forward-progress";
import { ArrivalFrame, FrameKind } from "./frames";
import { callLocked } from "./invoke";
import { giveCallbacks } from "./object-create";
import { createInternalQueue } from "./queue-create";
import { queueAt } from "./queue";
import { flushFile } from "./queue-state";
import { Request, extend, request } from "./request";
import { hand } from "./retrieval";
import { breakPoint } from "./verifier";

/** FO_STREAM_FILE: made by a file system for itself; the package has not seen its create. */
const FO_STREAM_FILE: u32 = 0x100;

/** Takes WDF_FILEOBJECT_CONFIG out of the scratch area. */
export function checkFilePackage(deviceLevel: u32, deviceScope: u32): NtStatus {
  if (fileScope(deviceScope) == (WdfSynchronizationScope.Queue as u32)) return NtStatus.InvalidDeviceRequest;
  if (fileScope(deviceScope) != (WdfSynchronizationScope.Device as u32)) return NtStatus.Success;
  return deviceLevel == (WdfExecutionLevel.Passive as u32) ? NtStatus.Success : NtStatus.InvalidDeviceRequest;
}

function fileScope(deviceScope: u32): u32 {
  const asked = word(DeviceInitWord.FileScope);
  if (word(DeviceInitWord.FileConfigured) == 0 || asked == 0) return WdfSynchronizationScope.None;
  return asked == (WdfSynchronizationScope.InheritFromParent as u32) ? deviceScope : asked;
}

/** Gives a new device its package; its callbacks run at PASSIVE_LEVEL whatever the attributes say. */
export function initializeFilePackage(d: Device): void {
  d.exclusive = word(DeviceInitWord.Exclusive);
  d.fileClass = WdfFileObjectClass.NotRequired;
  d.autoForward = d.filter;
  if (word(DeviceInitWord.FileConfigured) == 0) return;
  d.fileClass = word(DeviceInitWord.FileObjectClass);
  const forward = word(DeviceInitWord.AutoForwardCleanupClose);
  if (forward != (WdfTriState.UseDefault as u32)) d.autoForward = forward;
  d.evtFileCreate = word(DeviceInitWord.EvtDeviceFileCreate);
  d.evtFileCleanup = word(DeviceInitWord.EvtFileCleanup);
  d.evtFileClose = word(DeviceInitWord.EvtFileClose);
  d.fileContext = word(DeviceInitWord.FileContext);
  d.evtFileObjectCleanup = word(DeviceInitWord.EvtFileObjectCleanup);
  d.evtFileObjectDestroy = word(DeviceInitWord.EvtFileObjectDestroy);
  if (fileScope(d.synchronizationScope) == (WdfSynchronizationScope.Device as u32)) d.fileLock = changetype<usize>(d.lock);
  if (d.evtFileCreate != 0) d.internalCreateQueue = createInternalQueue(d);
}

export enum FileStep {
  Begin = 0,
  /** The create has failed before there is a request. */
  Refuse = 1,
  /** The queue for creates takes it. */
  Queue = 2,
  /** The framework's own queue has taken it: out of it, to EvtDeviceFileCreate. */
  Present = 3,
  Leave = 4,
  /** EvtFileCleanup has returned: one queue after the other is flushed. */
  Flush = 5,
  /** EvtFileClose has returned. */
  Destroy = 6,
  /** What is left is the IRP. */
  Answer = 7,
}

/** The arrival of an IRP about a file object goes on here. */
export function becomeFileIrp(f: ArrivalFrame): Step {
  f.kind = FrameKind.FileIrp;
  f.step = FileStep.Begin;
  return Step.Again;
}

export function stepFileIrp(frame: Frame): Step {
  const f = changetype<ArrivalFrame>(frame);
  const d = deviceAt(f.device);
  switch (f.step) {
    case FileStep.Begin:
      return begin(f, d, request(f.irp));
    case FileStep.Refuse: {
      f.step = FileStep.Leave;
      complete(request(f.irp), f.status);
      return Step.Again;
    }
    case FileStep.Queue: {
      f.step = FileStep.Leave;
      f.status = arrive(queueAt(f.queue), request(f.irp));
      return Step.Again;
    }
    case FileStep.Present:
      return present(f, d);
    case FileStep.Flush:
      return flushNext(f, request(f.irp));
    case FileStep.Destroy: {
      f.step = FileStep.Answer;
      destroyFileObject(d, request(f.irp).file);
      return Step.Again;
    }
    case FileStep.Answer:
      return answerFileIrp(f, d, request(f.irp));
    default:
      return leaveArrival(f);
  }
}

function begin(f: ArrivalFrame, d: Device, r: Request): Step {
  if (r.major == (WdfRequestType.Create as u32)) return create(f, d, r);
  f.status = NtStatus.Success;
  const file = lookup(r.file, ObjectKind.WdmFileObject);
  if (file != 0 && (wdmFileAt(file).flags & FO_STREAM_FILE) != 0) {
    f.step = FileStep.Answer;
    return Step.Again;
  }
  const closes = r.major == (WdfRequestType.Close as u32);
  const entry = fileObjectOf(d, r.file);
  f.status = fileStatusOf(d, r.file);
  f.queue = d.firstQueue;
  f.step = closes ? FileStep.Destroy : FileStep.Flush;
  const callback = closes ? d.evtFileClose : d.evtFileCleanup;
  if (callback == 0) return Step.Again;
  const handle: u32 = entry == 0 ? 0 : changetype<Entry>(entry).handle;
  const kind = closes ? RoutineKind.FileClose : RoutineKind.FileCleanup;
  return callLocked(f, d.fileLock, kind, callback, handle, 0, 0, 0, 0);
}

/** A create without anybody to ask succeeds, or is the next driver's. */
function create(f: ArrivalFrame, d: Device, r: Request): Step {
  extend(r).device = f.device; // for what follows if it fails, and so that it never goes the straight way
  if (!countOpen(d, r.file)) return refuse(f, NtStatus.AccessDenied);
  const status = makeFileObject(d, r.file);
  if (status < 0) return refuse(f, status);
  if (d.createQueue == 0 && d.evtFileCreate == 0) {
    if (d.autoForward == 0) return refuse(f, NtStatus.Success);
    extend(r).forwarded = 1;
    return goDown(f);
  }
  if (allocationFails()) return refuseUnseen(f, d, r, NtStatus.InsufficientResources);
  enterRegion(f);
  if (d.createQueue == 0 && currentIrql() >= (Irql.Dispatch as u32)) return refuseUnseen(f, d, r, NtStatus.InvalidDeviceRequest);
  giveCallbacks(d, r);
  f.queue = d.createQueue;
  f.step = FileStep.Queue;
  if (f.queue != 0) return Step.Again;
  f.queue = d.internalCreateQueue;
  f.handle = r.handle;
  f.step = FileStep.Present;
  f.status = arrive(queueAt(f.queue), r);
  return Step.Again;
}

/** The frame is an arrival again: the IRP goes to the device below. */
function goDown(f: ArrivalFrame): Step {
  f.kind = FrameKind.Arrival;
  f.step = ArrivalStep.Down;
  return Step.Again;
}

/** The IRP is answered before there is a request the driver could know. */
function refuse(f: ArrivalFrame, status: NtStatus): Step {
  f.status = status;
  f.step = FileStep.Refuse;
  return Step.Again;
}

function refuseUnseen(f: ArrivalFrame, d: Device, r: Request, status: NtStatus): Step {
  forgetCallbacks(d, r.file);
  return refuse(f, status);
}

/** Out of the framework's own queue, unless it was cancelled or refused there. */
function present(f: ArrivalFrame, d: Device): Step {
  f.step = FileStep.Leave;
  const at = lookup(f.handle, ObjectKind.Request);
  if (at == 0) return Step.Again;
  const r = request(at);
  if (r.place != (RequestPlace.Queued as u32) || r.queue != f.queue) return Step.Again;
  hand(queueAt(f.queue), r);
  const entry = fileObjectOf(d, r.file);
  const file: u32 = entry == 0 ? 0 : changetype<Entry>(entry).handle;
  return callLocked(f, d.fileLock, RoutineKind.DeviceFileCreate, d.evtFileCreate, d.handle, r.handle, file, 0, 0);
}

/** FlushAllQueuesByFileObject: the undelivered requests of the file object are cancelled, queue by queue. */
function flushNext(f: ArrivalFrame, r: Request): Step {
  if (f.queue != 0 && r.file != 0 && f.queue == deviceAt(f.device).firstQueue && currentIrql() != (Irql.Passive as u32)) {
    breakPoint(FindingId.NotPassive, r.handle, 0);
    f.queue = 0;
  }
  if (f.queue == 0 || r.file == 0) {
    f.step = FileStep.Answer;
    return Step.Again;
  }
  const q = queueAt(f.queue);
  f.queue = q.nextQueue;
  flushFile(q, r.file);
  return Step.Again;
}

function answerFileIrp(f: ArrivalFrame, d: Device, r: Request): Step {
  f.step = FileStep.Leave;
  if (d.autoForward != 0) {
    if (r.major == (WdfRequestType.Close as u32)) discountOpen(d, r.file);
    return goDown(f);
  }
  if (r.major == (WdfRequestType.Close as u32)) discountOpen(d, r.file);
  complete(r, f.status);
  return Step.Again;
}
