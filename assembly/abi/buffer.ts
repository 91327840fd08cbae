// The buffers of a request: which memory they are, and how an ioctl code says so.

/** Which memory a buffer of a request is. */
export enum BufferKind {
  /** NULL */
  None = 0,
  /** Irp->AssociatedIrp.SystemBuffer: the system's copy of what the sender passed. */
  System = 1,
  /** What Irp->MdlAddress describes: the sender's own memory, locked. */
  Mdl = 2,
  /** Irp->UserBuffer: an address in the sender's process. */
  User = 3,
  /** Parameters.DeviceIoControl.Type3InputBuffer: likewise, the input of METHOD_NEITHER. */
  Type3 = 4,
}

/** Whose MDL it is that WdfRequestRetrieve*WdmMdl gives. */
export enum MdlKind {
  /** NULL */
  None = 0,
  /** One the framework made for the system buffer. */
  Framework = 1,
  /** Irp->MdlAddress */
  Irp = 2,
}

/** The lowest two bits of an ioctl code. */
export enum IoctlMethod {
  /** METHOD_BUFFERED */
  Buffered = 0,
  /** METHOD_IN_DIRECT */
  InDirect = 1,
  /** METHOD_OUT_DIRECT */
  OutDirect = 2,
  /** METHOD_NEITHER */
  Neither = 3,
}

export const IOCTL_METHOD_MASK: u32 = 3;
