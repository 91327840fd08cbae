// Interrupts.

import type { NtStatus } from "../../bindings/abi";
import * as wdf from "../ddi/interrupt";
import type { WDFINTERRUPT, WdfObjectAttributes } from "../ddi/types";
import type { Suspendable } from "../suspension";
import type { Device } from "./device";

/** What an interrupt is made with. Callbacks get handles; {@link Interrupt} wraps one. */
export type InterruptConfig = wdf.WdfInterruptConfig;

/** An interrupt of a device. */
export class Interrupt {
  readonly handle: WDFINTERRUPT;

  constructor(handle: WDFINTERRUPT) {
    this.handle = handle;
  }

  /**
   * Makes an interrupt of the device, in evtDriverDeviceAdd. It is there unless the status is an error.
   *
   * @ddi WdfInterruptCreate
   */
  static create(
    device: Device,
    config: InterruptConfig,
    attributes?: WdfObjectAttributes,
  ): { readonly status: NtStatus; readonly interrupt: Interrupt } {
    const { status, interrupt } = wdf.WdfInterruptCreate(device.handle, config, attributes);
    return { status, interrupt: new Interrupt(interrupt) };
  }

  /**
   * Queues EvtInterruptDpc; false when it is queued already.
   *
   * @ddi WdfInterruptQueueDpcForIsr
   */
  queueDpc(): Suspendable<boolean> {
    return wdf.WdfInterruptQueueDpcForIsr(this.handle);
  }

  /**
   * Queues EvtInterruptWorkItem; false when it is queued already.
   *
   * @ddi WdfInterruptQueueWorkItemForIsr
   */
  queueWorkItem(): Suspendable<boolean> {
    return wdf.WdfInterruptQueueWorkItemForIsr(this.handle);
  }

  /**
   * Calls a function as the ISR is called, at the interrupt's level and under its lock.
   *
   * @ddi WdfInterruptSynchronize
   */
  synchronize(callback: () => boolean): Suspendable<boolean> {
    return wdf.WdfInterruptSynchronize(this.handle, () => callback(), undefined);
  }

  /**
   * Raises to the interrupt's level and takes its lock.
   *
   * @ddi WdfInterruptAcquireLock
   */
  acquireLock(): Suspendable<void> {
    return wdf.WdfInterruptAcquireLock(this.handle);
  }

  /**
   * Gives the lock up and puts the level back.
   *
   * @ddi WdfInterruptReleaseLock
   */
  releaseLock(): Suspendable<void> {
    return wdf.WdfInterruptReleaseLock(this.handle);
  }

  /**
   * Takes the lock of a passive-level interrupt if it is free.
   *
   * @ddi WdfInterruptTryToAcquireLock
   */
  tryToAcquireLock(): boolean {
    return wdf.WdfInterruptTryToAcquireLock(this.handle);
  }

  /**
   * Connects the interrupt that {@link disable} has disconnected.
   *
   * @ddi WdfInterruptEnable
   */
  enable(): Suspendable<void> {
    return wdf.WdfInterruptEnable(this.handle);
  }

  /**
   * Disconnects the interrupt, until {@link enable}.
   *
   * @ddi WdfInterruptDisable
   */
  disable(): Suspendable<void> {
    return wdf.WdfInterruptDisable(this.handle);
  }

  /**
   * Its resources, once the device is started.
   *
   * @ddi WdfInterruptGetInfo
   */
  get info(): wdf.WdfInterruptInfo {
    return wdf.WdfInterruptGetInfo(this.handle);
  }
}
