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
/** The IRP of an arrival, in the few callbacks that see it before there is a request. */
export type PIRP = Handle<"PIRP">;
