// The frame of a PnP or power IRP that a device works on: device-life.ts runs it.

import { PnpIrp } from "../abi/event";
import { NtStatus } from "../abi/status";
import { FRAME_SIZE, Frame } from "../nt/frame";
import { callFrame } from "./calls";
import { Device } from "./device";
import { FrameKind } from "./frames";

/** A PnP or power IRP that a device works on. */
@unmanaged
export class LifeFrame extends Frame {
  device: usize;
  handle: u32;
  /** PnpIrp */
  irp: u32;
  /** Address of the next LifeOp. */
  next: usize;
  /** The LifeOp whose callback runs, while its NTSTATUS counts; else 0. */
  checks: u32;
  /** What the IRP ends with, if the sequence is one that gives the device up. */
  status: i32;
  /** 1 once the device is being given up. */
  failing: u32;
  /** 1 when a callback has failed on the way out of D0. */
  downFailed: u32;
  /** 1 when an idle device is taken to D0 first. */
  waking: u32;
  /** 1 when nobody is (any more) to be told that the IRP is done. */
  silent: u32;
  /** 1 when a removal leaves the device: a child that its bus driver still reports. */
  stays: u32;
}

if (offsetof<LifeFrame>() > FRAME_SIZE) ERROR("LifeFrame does not fit");

export enum LifeStep {
  /** The IRP has arrived. */
  Arrive = 0,
  /** EvtDeviceSurpriseRemoval was called, and has returned. */
  Told = 4,
  /** It may have to wait until another has ended. */
  Wait = 1,
  /** It is its turn: the sequence is chosen. */
  Turn = 2,
  /** The sequence is under way. */
  Run = 3,
}

/** Sends a PnP or power IRP to the device in the running thread. Its NTSTATUS to the sender is the call's result. */
export function callLife(d: Device, irp: PnpIrp): void {
  pushLife(d, irp);
}

/** A device power IRP of the framework's own: nobody is told when it is done. It does not wait: its turn has come. */
export function callPower(d: Device, irp: PnpIrp): void {
  const f = pushLife(d, irp);
  f.silent = 1;
  f.step = LifeStep.Turn;
}

function pushLife(d: Device, irp: PnpIrp): LifeFrame {
  const f = callFrame<LifeFrame>(FrameKind.DeviceLife);
  f.device = changetype<usize>(d);
  f.handle = d.handle;
  f.irp = irp;
  f.next = 0;
  f.checks = 0;
  f.failing = 0;
  f.downFailed = 0;
  f.waking = 0;
  f.silent = 0;
  f.stays = 0;
  f.status = NtStatus.Success;
  return f;
}
