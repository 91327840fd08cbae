// IoTarget: a WDFIOTARGET as an object. Every member names the DDI it stands for.

import type { NtStatus, WdfIoTargetPurgeIoAction, WdfIoTargetSentIoAction, WdfIoTargetState } from "../../bindings/abi";
import * as format from "../ddi/target-format";
import * as wdf from "../ddi/target";
import type { WdfIoTargetOpenParams, WdfMemoryOffset, WdfRequestSendOptions } from "../ddi/target-types";
import type { Routine, WDFIOTARGET, WDFMEMORY } from "../ddi/types";
import type { Suspendable } from "../suspension";
import type { Device } from "./device";
import type { Request } from "./request";
import { deviceOf, targetWrapper } from "./wrappers";

/** The buffer of a read or write, and where in the device it begins. */
export interface TransferFormat {
  readonly memory?: WDFMEMORY;
  /** Which part of the memory; all of it without. */
  readonly range?: WdfMemoryOffset;
  readonly deviceOffset?: number;
}

/** The buffers of a device control. */
export interface ControlFormat {
  readonly input?: WDFMEMORY;
  readonly inputRange?: WdfMemoryOffset;
  readonly output?: WDFMEMORY;
  readonly outputRange?: WdfMemoryOffset;
}

type RemovalCallbacks = "evtIoTargetQueryRemove" | "evtIoTargetRemoveCanceled" | "evtIoTargetRemoveComplete";

/** Where a remote target leads, and what to do when the device there is removed. */
export interface TargetOpening extends Omit<WdfIoTargetOpenParams, RemovalCallbacks> {
  /** The device is to be removed; a failure is a veto. Without it the target is closed meanwhile. */
  readonly evtIoTargetQueryRemove?: Routine<[target: IoTarget], NtStatus>;
  /** The device stays after all. Without it the target is opened again. */
  readonly evtIoTargetRemoveCanceled?: Routine<[target: IoTarget], void>;
  /** The device is gone. Without it the target is closed. */
  readonly evtIoTargetRemoveComplete?: Routine<[target: IoTarget], void>;
}

/** How a synchronous send goes beyond its buffer. */
export interface SyncOptions {
  /** The request to use; one is made for the call without. */
  readonly request?: Request;
  readonly deviceOffset?: number;
  readonly options?: WdfRequestSendOptions;
}

export class IoTarget {
  readonly handle: WDFIOTARGET;

  constructor(handle: WDFIOTARGET) {
    this.handle = handle;
  }

  /** @ddi WdfIoTargetGetState */
  get state(): WdfIoTargetState {
    return wdf.WdfIoTargetGetState(this.handle);
  }

  /** The device it belongs to. @ddi WdfIoTargetGetDevice */
  get device(): Device {
    return deviceOf(wdf.WdfIoTargetGetDevice(this.handle));
  }

  /** @ddi WdfIoTargetStart */
  start(): Suspendable<NtStatus> {
    return wdf.WdfIoTargetStart(this.handle);
  }

  /** @ddi WdfIoTargetStop */
  stop(action: WdfIoTargetSentIoAction): Suspendable<void> {
    return wdf.WdfIoTargetStop(this.handle, action);
  }

  /** @ddi WdfIoTargetPurge */
  purge(action: WdfIoTargetPurgeIoAction): Suspendable<void> {
    return wdf.WdfIoTargetPurge(this.handle, action);
  }

  /** @ddi WdfIoTargetOpen */
  open(parameters: TargetOpening): Suspendable<NtStatus> {
    return wdf.WdfIoTargetOpen(this.handle, {
      ...parameters,
      evtIoTargetQueryRemove: targetWrapper(parameters.evtIoTargetQueryRemove),
      evtIoTargetRemoveCanceled: targetWrapper(parameters.evtIoTargetRemoveCanceled),
      evtIoTargetRemoveComplete: targetWrapper(parameters.evtIoTargetRemoveComplete),
    });
  }

  /** @ddi WdfIoTargetClose */
  close(): Suspendable<void> {
    return wdf.WdfIoTargetClose(this.handle);
  }

  /** @ddi WdfIoTargetCloseForQueryRemove */
  closeForQueryRemove(): Suspendable<void> {
    return wdf.WdfIoTargetCloseForQueryRemove(this.handle);
  }

  /** @ddi WdfIoTargetFormatRequestForRead */
  formatRead(request: Request, { memory, range, deviceOffset }: TransferFormat = {}): Suspendable<NtStatus> {
    return format.WdfIoTargetFormatRequestForRead(this.handle, request.handle, memory, range, deviceOffset);
  }

  /** @ddi WdfIoTargetFormatRequestForWrite */
  formatWrite(request: Request, { memory, range, deviceOffset }: TransferFormat = {}): Suspendable<NtStatus> {
    return format.WdfIoTargetFormatRequestForWrite(this.handle, request.handle, memory, range, deviceOffset);
  }

  /** @ddi WdfIoTargetFormatRequestForIoctl */
  formatIoctl(request: Request, code: number, buffers: ControlFormat = {}): Suspendable<NtStatus> {
    const { input, inputRange, output, outputRange } = buffers;
    return format.WdfIoTargetFormatRequestForIoctl(this.handle, request.handle, code, input, inputRange, output, outputRange);
  }

  /** @ddi WdfIoTargetFormatRequestForInternalIoctl */
  formatInternalIoctl(request: Request, code: number, buffers: ControlFormat = {}): Suspendable<NtStatus> {
    const { input, inputRange, output, outputRange } = buffers;
    return format.WdfIoTargetFormatRequestForInternalIoctl(this.handle, request.handle, code, input, inputRange, output, outputRange);
  }

  /** Reads and waits. @ddi WdfIoTargetSendReadSynchronously */
  read(buffer?: format.WdfMemoryDescriptor, how: SyncOptions = {}): Suspendable<format.SyncResult> {
    return format.WdfIoTargetSendReadSynchronously(this.handle, how.request?.handle, buffer, how.deviceOffset, how.options);
  }

  /** Writes and waits. @ddi WdfIoTargetSendWriteSynchronously */
  write(buffer?: format.WdfMemoryDescriptor, how: SyncOptions = {}): Suspendable<format.SyncResult> {
    return format.WdfIoTargetSendWriteSynchronously(this.handle, how.request?.handle, buffer, how.deviceOffset, how.options);
  }

  /** Sends a device control and waits. @ddi WdfIoTargetSendIoctlSynchronously */
  ioctl(
    code: number,
    buffers: { input?: format.WdfMemoryDescriptor; output?: format.WdfMemoryDescriptor } = {},
    how: SyncOptions = {},
  ): Suspendable<format.SyncResult> {
    const { input, output } = buffers;
    return format.WdfIoTargetSendIoctlSynchronously(this.handle, how.request?.handle, code, input, output, how.options);
  }

  /** Sends an internal device control and waits. @ddi WdfIoTargetSendInternalIoctlSynchronously */
  internalIoctl(
    code: number,
    buffers: { input?: format.WdfMemoryDescriptor; output?: format.WdfMemoryDescriptor } = {},
    how: SyncOptions = {},
  ): Suspendable<format.SyncResult> {
    const { input, output } = buffers;
    return format.WdfIoTargetSendInternalIoctlSynchronously(this.handle, how.request?.handle, code, input, output, how.options);
  }
}
