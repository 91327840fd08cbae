// Where both sides look in linear memory, and how much of everything there is. Offsets and addresses are bytes.
//
//      0 ─── nothing: address 0 is NULL
//   1 KiB ── the system record, whose first words are the host's window; the scratch area; the panic record
//   4 KiB ── static data of the compiler (panic texts)
//  64 KiB ── the handle table: 32-byte entries, reserved up to the limit the System was made with
//   then ─── slabs, in the order in which they were first needed: the event ring, frames, threads, queues, ...

/** Address of the system record. */
export const SYSTEM_ADDRESS: u32 = 1024;
/** Address of the scratch area, through which structures are passed (abi/config.ts). */
export const SCRATCH_ADDRESS: u32 = 2048;
/** Address of the panic record: message, file (texts of static data), line, column. */
export const PANIC_ADDRESS: u32 = 3072;
/** Where static data begins: asconfig.json says the same. */
export const STATIC_ADDRESS: u32 = 4096;

// ── The host's window: what the host reads and writes without a call ────────────────────────────────────────────

// The words' numbers are literals, and the addresses follow from them, so that bundlers put them into the host's code.
export const WORD_VERSION: u32 = 256;
export const WORD_RUNNING: u32 = 257;
export const WORD_ATTENTION: u32 = 258;
export const WORD_RING_HEAD: u32 = 259;
export const WORD_RING_TAIL: u32 = 260;
export const WORD_RING_BASE: u32 = 261;
export const WORD_RING_CAPACITY: u32 = 262;
export const WORD_READY: u32 = 263;
export const WORD_THREAD: u32 = 264;
export const WORD_CALL: u32 = 265;
export const WORD_OUT: u32 = 268;
export const WORD_STOP: u32 = 271;
export const WORD_SHORT_RETURN: u32 = 276;
export const WORD_NESTING: u32 = 277;
export const WORD_CLOCK: u32 = 278;
export const WORD_DIRECT: u32 = 280;

/** ABI_VERSION of the core. */
export const WINDOW_VERSION: u32 = WORD_VERSION * 4;
/** The frame whose routine the host is to run or to go on with; 0 when no driver code may run now. */
export const WINDOW_RUNNING: u32 = WORD_RUNNING * 4;
/** {@link Attention} bits: what the host has to look at before it returns to the routine that called. */
export const WINDOW_ATTENTION: u32 = WORD_ATTENTION * 4;
/** Number of events the host has taken so far. Only the host writes it. */
export const WINDOW_RING_HEAD: u32 = WORD_RING_HEAD * 4;
/** Number of events emitted so far. */
export const WINDOW_RING_TAIL: u32 = WORD_RING_TAIL * 4;
/** Address of the ring. */
export const WINDOW_RING_BASE: u32 = WORD_RING_BASE * 4;
/** Events the ring holds, a power of two. */
export const WINDOW_RING_CAPACITY: u32 = WORD_RING_CAPACITY * 4;
/** How many things `runReady` would find to run. */
export const WINDOW_READY: u32 = WORD_READY * 4;
/** The thread that runs, or ran last. */
export const WINDOW_THREAD: u32 = WORD_THREAD * 4;
/** Arguments of the routine event that is not yet answered that do not fit in the event: object, second and third. */
export const WINDOW_CALL: u32 = WORD_CALL * 4;
/** Values a DDI returns beside its status: three words. */
export const WINDOW_OUT: u32 = WORD_OUT * 4;
/** The Stop: code and four parameters. */
export const WINDOW_STOP: u32 = WORD_STOP * 4;
/**
 * Not 0 when the return of the running routine has no effect but to end it: the host may then set WINDOW_RUNNING to 0
 * instead of calling `routineReturned` (wdf/straight.ts).
 */
export const WINDOW_SHORT_RETURN: u32 = WORD_SHORT_RETURN * 4;
/** How many plain routines wait one above the other on the host's stack. Only the host writes it. */
export const WINDOW_NESTING: u32 = WORD_NESTING * 4;
/** Virtual time since the start, 64 bits in units of 100 ns. */
export const WINDOW_CLOCK: u32 = WORD_CLOCK * 4;
/**
 * After `sendTransferDirect`: the host's callback for the request it answered, which stands here instead of in a routine
 * event; the queue is the object of WINDOW_CALL, the length is the one sent. 0: there are events, or nothing is to be done.
 */
export const WINDOW_DIRECT: u32 = WORD_DIRECT * 4;

/** Why the host may not just return to the driver. */
export enum Attention {
  /** Another activation runs now, or none: pump until the calling one is on again. */
  Switched = 1,
  /** The ring is full in the middle of a transition: take the events, then call `resume`. */
  More = 2,
  /** The System has stopped; the Stop record says why. */
  Stopped = 4,
  /** Little memory is left: call `growMemory`, make a new view of it, then `runReady`. */
  Memory = 8,
}

// ── A frame: one activation ──────────────────────────────────────────────────────────────────────────────────────

/** The routine the frame is in, a RoutineKind; 0 when the framework itself is at work. */
export const FRAME_ROUTINE_OFFSET: u32 = 16;
/** The thread the frame belongs to. */
export const FRAME_THREAD_OFFSET: u32 = 8;
/** What the DDI that the routine called gave back, once the frames above it have ended. */
export const FRAME_RESULT_OFFSET: u32 = 40;

/**
 * While the frame's routine is a plain function that waits: its place on the host's stack, from 1. Only the host writes it;
 * such a routine can go on only when it is the topmost.
 */
export const FRAME_NESTING_OFFSET: u32 = 76;

/** The cookie the host gave a thread when it was made. */
export const THREAD_COOKIE_OFFSET: u32 = 16;

// ── An event ─────────────────────────────────────────────────────────────────────────────────────────────────────

/** Words of an event: kind and level, then three operands. */
export const EVENT_WORDS: u32 = 4;
/** Bytes of an event. */
export const EVENT_SIZE: u32 = 16;
/** The kind stands in the low byte of word 0, the IRQL at which it happened in the next, detail above. */
export const EVENT_IRQL_SHIFT: u32 = 8;
export const EVENT_DETAIL_SHIFT: u32 = 16;

// ── Handles ──────────────────────────────────────────────────────────────────────────────────────────────────────

/** A handle is generation above, index below; below 2^30, so that a JS engine keeps it as a small integer. */
export const HANDLE_INDEX_BITS: u32 = 20;
export const HANDLE_INDEX_MASK: u32 = 0xfffff;
export const HANDLE_GENERATION_LIMIT: u32 = 1024;
/** Bytes of a table entry. */
export const ENTRY_SIZE: u32 = 32;
/** Address of entry 0, which is never handed out. */
export const TABLE_BASE: u32 = 0x10000;

// ── Limits ───────────────────────────────────────────────────────────────────────────────────────────────────────

/** The largest number of live objects a System can be asked for. */
export const OBJECTS_MAX: u32 = 0xffffe;
/** The most processors a System can have. */
export const PROCESSORS_MAX: u32 = 64;
/** Live objects of a System unless it asks for another number. */
export const OBJECTS_DEFAULT: u32 = 65536;
/** Events the ring holds unless the System asks for another number; the least is 4. */
export const RING_CAPACITY_DEFAULT: u32 = 1024;
export const RING_CAPACITY_MIN: u32 = 4;
/** The most a single step of framework code may emit. The engine looks for this much room before each step. */
export const EVENTS_PER_STEP: u32 = 4;
/** Activations one thread may stack before the kernel stack is taken to be used up. */
export const FRAME_DEPTH_MAX: u32 = 512;
/** IRP major functions a routing table has slots for. */
export const MAJOR_FUNCTION_COUNT: u32 = 28;
/** Set in the dispatch context of a dispatch callback, clear in that of a preprocess callback. */
export const IN_DISPATCH_CALLBACK: u32 = 1;
/** The dispatch context: there is one layer of callbacks, so one value stands for all that comes after them. */
export const DISPATCH_CONTEXT: u32 = 0x101;

// ── Switches, given when the System is made ──────────────────────────────────────────────────────────────────────

/** What a System may be told to do differently. */
export enum Switch {
  /** The framework verifier (FxVerifierOn). */
  Verifier = 1,
  /** Rule findings of ours: the documented contract, checked although Windows would not. */
  Rules = 2,
  /** DPCs and work items wait until the host asks for them, instead of running as soon as the level allows. */
  DeferredDelivery = 4,
  /** Driver Verifier: wrong levels, locks and regions in calls of the kernel are Stops. */
  DriverVerifier = 8,
  /** A checked (debug) build of the kernel, whose assertions are Stops. */
  CheckedBuild = 16,
  /** The levels of an x86 machine (abi/irql.ts). */
  X86Irqls = 32,
}
