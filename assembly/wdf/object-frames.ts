// The operands of the frames that end objects (object-life.ts).

import { FRAME_SIZE, Frame } from "../nt/frame";

/** FrameKind.ObjectDispose */
@unmanaged
export class DisposeFrame extends Frame {
  life: usize;
  /** The child to look at next, the head of the ring after the last. */
  child: usize;
  /** The context to look at next. */
  header: usize;
  /** 1 for the outermost object of a dispose: it may be left to a work item. */
  mayDefer: u32;
  /** 1 when the object was deleted itself, 0 when its parent was, or when it is disposed of early. */
  deletes: u32;
}

/** FrameKind.ObjectDestroy */
@unmanaged
export class DestroyFrame extends Frame {
  life: usize;
  /** The context to look at next. */
  header: usize;
}

if (offsetof<DisposeFrame>() > FRAME_SIZE) ERROR("DisposeFrame does not fit");
if (offsetof<DestroyFrame>() > FRAME_SIZE) ERROR("DestroyFrame does not fit");
