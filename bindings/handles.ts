// Handles as the driver sees them: numbers that TypeScript keeps apart.

declare const brand: unique symbol;

/** A number that stands for an object of one kind. */
export type Handle<Kind extends string> = number & { readonly [brand]: Kind };

/** Any framework object. */
export type WDFOBJECT = Handle<`WDF${string}`>;
export type WDFDRIVER = Handle<"WDFDRIVER">;
export type WDFDEVICE = Handle<"WDFDEVICE">;
export type WDFQUEUE = Handle<"WDFQUEUE">;
export type WDFIOTARGET = Handle<"WDFIOTARGET">;
export type WDFREQUEST = Handle<"WDFREQUEST">;
export type WDFFILEOBJECT = Handle<"WDFFILEOBJECT">;
/** The I/O manager's file object, as WDM drivers have it. */
export type PFILE_OBJECT = Handle<"PFILE_OBJECT">;
export type WDFCOLLECTION = Handle<"WDFCOLLECTION">;
export type WDFSTRING = Handle<"WDFSTRING">;
export type WDFLOOKASIDE = Handle<"WDFLOOKASIDE">;
export type WDFMEMORY = Handle<"WDFMEMORY">;
/** An open key of the registry. */
export type WDFKEY = Handle<"WDFKEY">;
export type WDFTIMER = Handle<"WDFTIMER">;
export type WDFDPC = Handle<"WDFDPC">;
export type WDFWORKITEM = Handle<"WDFWORKITEM">;
/** A DPC object of the kernel. */
export type KDPC = Handle<"KDPC">;
/** A timer object of the kernel. */
export type KTIMER = Handle<"KTIMER">;
/** The IRP of an arrival, in the few callbacks that see it before there is a request. */
export type PIRP = Handle<"PIRP">;
export type WDFSPINLOCK = Handle<"WDFSPINLOCK">;
export type WDFWAITLOCK = Handle<"WDFWAITLOCK">;
export type WDFCHILDLIST = Handle<"WDFCHILDLIST">;
export type WDFINTERRUPT = Handle<"WDFINTERRUPT">;

/** Memory of the kernel's objects: on Windows the driver's own, here the core's. */
export type PKEVENT = Handle<"KEVENT">;
export type PKSEMAPHORE = Handle<"KSEMAPHORE">;
export type PKMUTEX = Handle<"KMUTEX">;
/** The interrupt object of the kernel, once the framework has connected a WDFINTERRUPT. */
export type PKINTERRUPT = Handle<"KINTERRUPT">;
export type PKSPIN_LOCK = Handle<"KSPIN_LOCK">;
export type PFAST_MUTEX = Handle<"FAST_MUTEX">;
export type PKGUARDED_MUTEX = Handle<"KGUARDED_MUTEX">;
/** A thread's object, and the handle that PsCreateSystemThread gives. */
export type PKTHREAD = Handle<"KTHREAD">;
