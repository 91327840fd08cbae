// The structures and callback types of the Windows Driver Frameworks, as TypeScript sees them. Fields carry the C
// names in lower camel case; callbacks the names of their prototypes.

import type {
  Handle,
  KDPC,
  KTIMER,
  PFILE_OBJECT,
  PIRP,
  WDFDEVICE,
  WDFDPC,
  WDFDRIVER,
  WDFFILEOBJECT,
  WDFIOTARGET,
  WDFOBJECT,
  WDFQUEUE,
  WDFREQUEST,
  WDFTIMER,
  WDFWORKITEM,
} from "../../bindings/handles";
import type { UserBuffer } from "../user-memory";
import type {
  DevicePowerState,
  NtStatus,
  WdfExecutionLevel,
  WdfIoForwardProgressAction,
  WdfIoForwardProgressReservedPolicy,
  WdfIoQueueDispatchType,
  WdfPowerDeviceState,
  WdfPowerPolicyIdleTimeoutType,
  WdfPowerPolicyS0IdleCapabilities,
  WdfSynchronizationScope,
  WdfTriState,
} from "../../bindings/abi";

export type {
  PFAST_MUTEX,
  PKEVENT,
  PKGUARDED_MUTEX,
  PKMUTEX,
  PKSEMAPHORE,
  PKSPIN_LOCK,
  PKINTERRUPT,
  PKTHREAD,
  WDFCOLLECTION,
  WDFINTERRUPT,
  WDFLOOKASIDE,
  WDFMEMORY,
  WDFSPINLOCK,
  WDFKEY,
  WDFSTRING,
  WDFWAITLOCK,
} from "../../bindings/handles";
export type {
  Handle,
  KDPC,
  KTIMER,
  PFILE_OBJECT,
  PIRP,
  WDFDEVICE,
  WDFDPC,
  WDFDRIVER,
  WDFFILEOBJECT,
  WDFIOTARGET,
  WDFOBJECT,
  WDFQUEUE,
  WDFREQUEST,
  WDFTIMER,
  WDFWORKITEM,
};

/** A routine that may be a plain function or a generator function that waits with `yield*`. */
export type Routine<Args extends unknown[], Result> = (...args: Args) => Result | Generator<undefined, Result, unknown>;

/** EVT_WDF_IO_QUEUE_IO_DEFAULT. IRQL <= DISPATCH_LEVEL. The driver owns the request and has to dispose of it. */
export type EvtIoDefault = Routine<[Queue: WDFQUEUE, Request: WDFREQUEST], void>;
/** EVT_WDF_IO_QUEUE_IO_READ. `Length`: bytes to read. IRQL <= DISPATCH_LEVEL. */
export type EvtIoRead = Routine<[Queue: WDFQUEUE, Request: WDFREQUEST, Length: number], void>;
/** EVT_WDF_IO_QUEUE_IO_WRITE. `Length`: bytes to write. IRQL <= DISPATCH_LEVEL. */
export type EvtIoWrite = Routine<[Queue: WDFQUEUE, Request: WDFREQUEST, Length: number], void>;
/** EVT_WDF_IO_QUEUE_IO_DEVICE_CONTROL. Lengths in bytes, output before input. IRQL <= DISPATCH_LEVEL. */
export type EvtIoDeviceControl = Routine<
  [Queue: WDFQUEUE, Request: WDFREQUEST, OutputBufferLength: number, InputBufferLength: number, IoControlCode: number],
  void
>;
/** EVT_WDF_IO_QUEUE_IO_INTERNAL_DEVICE_CONTROL */
export type EvtIoInternalDeviceControl = EvtIoDeviceControl;
/** EVT_WDF_IO_QUEUE_IO_STOP. `ActionFlags`: WdfRequestStopAction. */
export type EvtIoStop = Routine<[Queue: WDFQUEUE, Request: WDFREQUEST, ActionFlags: number], void>;
/** EVT_WDF_IO_QUEUE_IO_RESUME */
export type EvtIoResume = Routine<[Queue: WDFQUEUE, Request: WDFREQUEST], void>;
/** EVT_WDF_IO_QUEUE_IO_CANCELED_ON_QUEUE. The driver owns the request and has to complete it. */
export type EvtIoCanceledOnQueue = Routine<[Queue: WDFQUEUE, Request: WDFREQUEST], void>;
/** EVT_WDF_IO_QUEUE_STATE */
export type EvtIoQueueState = Routine<[Queue: WDFQUEUE, Context: number], void>;
/** EVT_WDF_REQUEST_CANCEL */
export type EvtRequestCancel = Routine<[Request: WDFREQUEST], void>;
/** EVT_WDF_IO_IN_CALLER_CONTEXT. In the sender's thread, at the sender's IRQL, unsynchronized. */
export type EvtIoInCallerContext = Routine<[Device: WDFDEVICE, Request: WDFREQUEST], void>;
/** EVT_WDF_IO_ALLOCATE_REQUEST_RESOURCES */
export type EvtIoAllocateRequestResources = Routine<[Queue: WDFQUEUE, Request: WDFREQUEST], NtStatus>;
/** EVT_WDF_IO_ALLOCATE_RESOURCES_FOR_RESERVED_REQUEST */
export type EvtIoAllocateResourcesForReservedRequest = Routine<[Queue: WDFQUEUE, Request: WDFREQUEST], NtStatus>;
/** EVT_WDF_IO_WDM_IRP_FOR_FORWARD_PROGRESS */
export type EvtIoWdmIrpForForwardProgress = Routine<[Queue: WDFQUEUE, Irp: PIRP], WdfIoForwardProgressAction>;
/** EVT_WDFDEVICE_WDM_IRP_PREPROCESS. At the sender's IRQL. Returns what the sender is to see. */
export type EvtDeviceWdmIrpPreprocess = Routine<[Device: WDFDEVICE, Irp: PIRP], NtStatus>;
/** EVT_WDFDEVICE_WDM_IRP_DISPATCH. At the sender's IRQL. `Code`: control code. Returns what the sender is to see. */
export type EvtDeviceWdmIrpDispatch = Routine<
  [
    Device: WDFDEVICE,
    MajorFunction: number,
    MinorFunction: number,
    Code: number,
    DriverContext: number,
    Irp: PIRP,
    DispatchContext: number,
  ],
  NtStatus
>;
/** EVT_WDF_DEVICE_D0_ENTRY. PASSIVE_LEVEL. */
export type EvtDeviceD0Entry = Routine<[Device: WDFDEVICE, PreviousState: WdfPowerDeviceState], NtStatus>;
/** EVT_WDF_DEVICE_D0_EXIT. PASSIVE_LEVEL. */
export type EvtDeviceD0Exit = Routine<[Device: WDFDEVICE, TargetState: WdfPowerDeviceState], NtStatus>;
/** EVT_WDF_DEVICE_SELF_MANAGED_IO_INIT. PASSIVE_LEVEL. */
export type EvtDeviceSelfManagedIoInit = Routine<[Device: WDFDEVICE], NtStatus>;
/** EVT_WDF_DEVICE_PREPARE_HARDWARE, _RELEASE_HARDWARE, _SELF_MANAGED_IO_RESTART, ... PASSIVE_LEVEL. */
export type EvtDeviceStatus = Routine<[Device: WDFDEVICE], NtStatus>;
/** EVT_WDF_DEVICE_SELF_MANAGED_IO_FLUSH, _CLEANUP, EVT_WDF_DEVICE_SURPRISE_REMOVAL. PASSIVE_LEVEL. */
export type EvtDeviceNotice = Routine<[Device: WDFDEVICE], void>;
/** EVT_WDF_TIMER. DISPATCH_LEVEL; PASSIVE_LEVEL for a timer made with that execution level. */
export type EvtTimerFunc = Routine<[Timer: WDFTIMER], void>;
/** EVT_WDF_DPC. DISPATCH_LEVEL. */
export type EvtDpcFunc = Routine<[Dpc: WDFDPC], void>;
/** EVT_WDF_WORKITEM. PASSIVE_LEVEL. */
export type EvtWorkItem = Routine<[WorkItem: WDFWORKITEM], void>;
/** KDEFERRED_ROUTINE. DISPATCH_LEVEL. */
export type KdeferredRoutine = Routine<
  [Dpc: KDPC, DeferredContext: unknown, SystemArgument1: unknown, SystemArgument2: unknown],
  void
>;
/** EVT_WDF_OBJECT_CONTEXT_CLEANUP and _DESTROY */
export type EvtObjectContext = Routine<[Object: WDFOBJECT], void>;

/** A context type, as WDF_DECLARE_CONTEXT_TYPE makes it: its name and what a new context looks like. */
export interface ContextType<T> {
  readonly name: string;
  readonly create: () => T;
  /** ContextSize, in bytes. It has no effect but that it must not exceed an override, and needs a name. */
  readonly size?: number;
  /** 0 for a WDF_OBJECT_CONTEXT_TYPE_INFO that was never initialized; leave it out otherwise. */
  readonly structureSize?: number;
}

/** WDF_OBJECT_ATTRIBUTES. Everything left out is as WDF_OBJECT_ATTRIBUTES_INIT sets it. */
export interface WdfObjectAttributes {
  executionLevel?: WdfExecutionLevel;
  synchronizationScope?: WdfSynchronizationScope;
  parentObject?: WDFOBJECT;
  evtCleanupCallback?: EvtObjectContext;
  evtDestroyCallback?: EvtObjectContext;
  contextType?: ContextType<unknown>;
  /** In bytes; like the size of the context type it is only checked. */
  contextSizeOverride?: number;
  /** 0 for a structure that was never initialized; leave it out otherwise. */
  size?: number;
}

/** WDF_IO_QUEUE_CONFIG */
export interface WdfIoQueueConfig {
  dispatchType: WdfIoQueueDispatchType;
  powerManaged?: WdfTriState;
  allowZeroLengthRequests?: boolean;
  defaultQueue?: boolean;
  evtIoDefault?: EvtIoDefault | undefined;
  evtIoRead?: EvtIoRead | undefined;
  evtIoWrite?: EvtIoWrite | undefined;
  evtIoDeviceControl?: EvtIoDeviceControl | undefined;
  evtIoInternalDeviceControl?: EvtIoInternalDeviceControl | undefined;
  evtIoStop?: EvtIoStop | undefined;
  evtIoResume?: EvtIoResume | undefined;
  evtIoCanceledOnQueue?: EvtIoCanceledOnQueue | undefined;
  /** Settings.Parallel.NumberOfPresentedRequests */
  numberOfPresentedRequests?: number;
  /** 0 for a structure that was never initialized; leave it out otherwise. */
  size?: number;
}

/** WDF_IO_QUEUE_FORWARD_PROGRESS_POLICY */
export interface WdfIoQueueForwardProgressPolicy {
  totalForwardProgressRequests: number;
  forwardProgressReservedPolicy: WdfIoForwardProgressReservedPolicy;
  evtIoWdmIrpForForwardProgress?: EvtIoWdmIrpForForwardProgress | undefined;
  evtIoAllocateResourcesForReservedRequest?: EvtIoAllocateResourcesForReservedRequest | undefined;
  evtIoAllocateRequestResources?: EvtIoAllocateRequestResources | undefined;
  /** 0 for a structure that was never initialized; leave it out otherwise. */
  size?: number;
}

/** WDF_PNPPOWER_EVENT_CALLBACKS */
export interface WdfPnpPowerEventCallbacks {
  evtDeviceD0Entry?: EvtDeviceD0Entry | undefined;
  evtDeviceD0Exit?: EvtDeviceD0Exit | undefined;
  evtDeviceSelfManagedIoInit?: EvtDeviceSelfManagedIoInit | undefined;
  evtDevicePrepareHardware?: EvtDeviceStatus | undefined;
  evtDeviceReleaseHardware?: EvtDeviceStatus | undefined;
  evtDeviceD0EntryPostInterruptsEnabled?: EvtDeviceD0Entry | undefined;
  evtDeviceD0ExitPreInterruptsDisabled?: EvtDeviceD0Exit | undefined;
  evtDeviceSelfManagedIoRestart?: EvtDeviceStatus | undefined;
  evtDeviceSelfManagedIoSuspend?: EvtDeviceStatus | undefined;
  evtDeviceSelfManagedIoFlush?: EvtDeviceNotice | undefined;
  evtDeviceSelfManagedIoCleanup?: EvtDeviceNotice | undefined;
  evtDeviceSurpriseRemoval?: EvtDeviceNotice | undefined;
  /** An error status keeps the device where it is. */
  evtDeviceQueryRemove?: EvtDeviceStatus | undefined;
  /** An error status keeps the device where it is. */
  evtDeviceQueryStop?: EvtDeviceStatus | undefined;
}

/** EVT_WDF_DEVICE_FILE_CREATE. PASSIVE_LEVEL, in the sender's thread. The driver has to complete the request. */
export type EvtDeviceFileCreate = Routine<[Device: WDFDEVICE, Request: WDFREQUEST, FileObject: WDFFILEOBJECT], void>;
/** EVT_WDF_FILE_CLEANUP: the last handle is closed; requests may still be under way. PASSIVE_LEVEL. */
export type EvtFileCleanup = Routine<[FileObject: WDFFILEOBJECT], void>;
/** EVT_WDF_FILE_CLOSE: nothing uses the file any more. PASSIVE_LEVEL. */
export type EvtFileClose = Routine<[FileObject: WDFFILEOBJECT], void>;

/** WDF_FILEOBJECT_CONFIG */
export interface WdfFileObjectConfig {
  evtDeviceFileCreate?: EvtDeviceFileCreate | undefined;
  evtFileCleanup?: EvtFileCleanup | undefined;
  evtFileClose?: EvtFileClose | undefined;
  /** Whether create, cleanup and close go on down the stack; by default those of a filter do. */
  autoForwardCleanupClose?: WdfTriState;
  /** A WdfFileObjectClass; CannotUseFsContexts unless it says otherwise. */
  fileObjectClass?: number;
  /** 0 for a structure that was never initialized; leave it out otherwise. */
  size?: number;
}

/** WDF_REQUEST_FORWARD_OPTIONS */
export interface WdfRequestForwardOptions {
  /** WdfRequestForwardOptionsFlags */
  flags: number;
  /** 0 for a structure that was never initialized; leave it out otherwise. */
  size?: number;
}

/** WDF_REQUEST_PARAMETERS: lengths in bytes. */
export interface WdfRequestParameters {
  /** The IRP's major function: a WdfRequestType. */
  type: number;
  /** Parameters.Read.Length, Parameters.Write.Length or Parameters.DeviceIoControl.OutputBufferLength */
  length: number;
  inputBufferLength: number;
  ioControlCode: number;
  /** 0: reads, writes and device controls have none. */
  minorFunction: number;
  /** Parameters.DeviceIoControl.Type3InputBuffer */
  type3InputBuffer: UserBuffer | null;
  /** Parameters.Read.DeviceOffset, Parameters.Write.DeviceOffset */
  deviceOffset: number;
  /** Parameters.Read.Key, Parameters.Write.Key */
  key: number;
}

/** WDF_TIMER_CONFIG */
export interface WdfTimerConfig {
  evtTimerFunc?: EvtTimerFunc | undefined;
  /** Milliseconds from one expiry to the next; 0 for a timer that expires once. */
  period?: number;
  automaticSerialization?: boolean;
  /** Milliseconds. */
  tolerableDelay?: number;
  useHighResolutionTimer?: boolean;
  /** 0 for a structure that was never initialized; leave it out otherwise. */
  size?: number;
}

/** WDF_DPC_CONFIG */
export interface WdfDpcConfig {
  evtDpcFunc?: EvtDpcFunc | undefined;
  automaticSerialization?: boolean;
  /** 0 for a structure that was never initialized; leave it out otherwise. */
  size?: number;
}

/** WDF_WORKITEM_CONFIG */
export interface WdfWorkItemConfig {
  evtWorkItemFunc: EvtWorkItem;
  automaticSerialization?: boolean;
  /** 0 for a structure that was never initialized; leave it out otherwise. */
  size?: number;
}

/** WDF_DEVICE_POWER_POLICY_IDLE_SETTINGS. Everything left out is as WDF_DEVICE_POWER_POLICY_IDLE_SETTINGS_INIT sets it. */
export interface WdfDevicePowerPolicyIdleSettings {
  idleCaps: WdfPowerPolicyS0IdleCapabilities;
  dxState?: DevicePowerState;
  /** Milliseconds; 0 (IdleTimeoutDefaultValue) for five seconds. */
  idleTimeout?: number;
  /** IdleDoNotAllowUserControl = 1, IdleAllowUserControl = 2 */
  userControlOfIdleSettings?: number;
  enabled?: WdfTriState;
  powerUpIdleDeviceOnSystemWake?: WdfTriState;
  idleTimeoutType?: WdfPowerPolicyIdleTimeoutType;
  /** 0 for a structure that was never initialized; leave it out otherwise. */
  size?: number;
}
