// The operands of the frames that take requests to I/O targets and back (target-send.ts, target-state.ts, target-return.ts,
// target-sync.ts, lower.ts).

import { FRAME_SIZE, Frame } from "../nt/frame";

/** A request on its way down. */
@unmanaged
export class SendFrame extends Frame {
  address: usize;
  target: usize;
  queue: usize;
  place: u32;
}

/** A synchronous send. */
@unmanaged
export class SyncFrame extends Frame {
  address: usize;
  target: usize;
  /** 1 once the request is back, with its status. */
  done: u32;
  status: i32;
  /** 1 for WdfIoTargetSend...Synchronously, which answers the status. */
  tells: u32;
  /** 1 when the request is this call's own. */
  own: u32;
  /** 1 while the wait may time out; at which moment is in `object` and `request`, low and high. */
  timed: u32;
}

/** A change of a target's state, with the requests it takes along. */
@unmanaged
export class TargetFrame extends Frame {
  target: usize;
  /** Chains through Sending.drain: those that waited in the target, and those that are out. */
  pended: usize;
  sent: usize;
  /** The one at work. */
  current: usize;
  waits: u32;
  /** 1 when the target is deleted: completion routines that still run are waited for as well. */
  removes: u32;
}

/** A request that comes back. */
@unmanaged
export class ReturnFrame extends Frame {
  address: usize;
  target: usize;
  status: i32;
  waiter: usize;
  /** 1 when whoever waits for sent requests is to be told. */
  signals: u32;
}

/** An IRP at a driver that is not the framework's. */
@unmanaged
export class LowerFrame extends Frame {
  device: usize;
  address: usize;
  irp: u32;
  cancels: u32;
}

if (offsetof<SendFrame>() > FRAME_SIZE) ERROR("SendFrame does not fit");
if (offsetof<SyncFrame>() > FRAME_SIZE) ERROR("SyncFrame does not fit");
if (offsetof<TargetFrame>() > FRAME_SIZE) ERROR("TargetFrame does not fit");
if (offsetof<ReturnFrame>() > FRAME_SIZE) ERROR("ReturnFrame does not fit");
if (offsetof<LowerFrame>() > FRAME_SIZE) ERROR("LowerFrame does not fit");
