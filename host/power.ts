// What the PnP manager and the power manager do to a device, for tests and tools.
//
// Each call sends one IRP from a system thread of its own. The thread ends when the device has done what the IRP asks for:
// one that is not `done` waits, most often for a request that EvtIoStop has left unanswered (see System.report). Its
// result is the status the IRP was completed with.

import { NtStatus, PnpIrp } from "../bindings/abi";
import type { WDFDEVICE } from "./ddi/types";
import type { System } from "./system";
import type { SystemThread } from "./threads";

export class DevicePower {
  private readonly system: System;
  private readonly device: WDFDEVICE;

  constructor(system: System, device: WDFDEVICE) {
    this.system = system;
    this.device = device;
  }

  /** The system goes to sleep: the device leaves D0. IRP_MN_SET_POWER, a system state below S0. */
  sleep(): SystemThread<NtStatus> {
    return this.send(PnpIrp.SetPowerSx);
  }

  /** The system works again: the device enters D0, in a work item. IRP_MN_SET_POWER, PowerSystemWorking. */
  wake(): SystemThread<NtStatus> {
    return this.send(PnpIrp.SetPowerS0);
  }

  /** IRP_MN_QUERY_STOP_DEVICE and IRP_MN_STOP_DEVICE: the device waits for new resources, unless it vetoes. */
  stop(): SystemThread<NtStatus> {
    const query = this.send(PnpIrp.QueryStop);
    return query.done && query.result < 0 ? query : this.send(PnpIrp.StopDevice);
  }

  /** IRP_MN_START_DEVICE, after a stop. */
  start(): SystemThread<NtStatus> {
    return this.send(PnpIrp.StartDevice);
  }

  /** The hardware is gone: IRP_MN_SURPRISE_REMOVAL. */
  surpriseRemove(): SystemThread<NtStatus> {
    return this.send(PnpIrp.SurpriseRemoval);
  }

  /** IRP_MN_REMOVE_DEVICE: the end of the device. Opens and I/O pass it by afterwards. */
  remove(): SystemThread<NtStatus> {
    return this.send(PnpIrp.RemoveDevice);
  }

  /** IRP_MN_QUERY_STOP_DEVICE alone: an accepted one keeps the device in D0 until it is stopped, or {@link cancelStop} comes. */
  queryStop(): SystemThread<NtStatus> {
    return this.send(PnpIrp.QueryStop);
  }

  /** IRP_MN_CANCEL_STOP_DEVICE */
  cancelStop(): SystemThread<NtStatus> {
    return this.send(PnpIrp.CancelStop);
  }

  /** IRP_MN_QUERY_REMOVE_DEVICE alone: whoever vetoes keeps the device and its children where they are. */
  queryRemove(): SystemThread<NtStatus> {
    return this.send(PnpIrp.QueryRemove);
  }

  /** IRP_MN_CANCEL_REMOVE_DEVICE */
  cancelRemove(): SystemThread<NtStatus> {
    return this.send(PnpIrp.CancelRemove);
  }

  /**
   * The user takes the device out: IRP_MN_QUERY_REMOVE_DEVICE, which may be vetoed, IRP_MN_REMOVE_DEVICE, and for a child of a bus
   * driver IRP_MN_EJECT (EvtDeviceEject), after which it is missing.
   */
  eject(): SystemThread<NtStatus> {
    return this.send(PnpIrp.Eject);
  }

  /**
   * The device leaves D0 while the system goes on working, as its idle timer would take it there, whatever it has to do:
   * IRP_MN_SET_POWER, PowerDeviceD3. Requests the driver has are up to EvtIoStop; those that arrive wait. It comes back with
   * {@link toD0}, with the next system wake, or, like an idle device, when something new needs it: a request for a
   * power-managed queue after WdfDeviceAssignS0IdleSettings, WdfDeviceStopIdle, a child.
   *
   * Its status is STATUS_SUCCESS for a device that is there already, STATUS_INVALID_DEVICE_STATE for one that the system has
   * put to sleep or that is not started, STATUS_INVALID_DEVICE_REQUEST for a filter, which does not own the power policy.
   */
  toD3(): SystemThread<NtStatus> {
    return this.send(PnpIrp.SetPowerDx);
  }

  /** The device comes back to D0, from where {@link toD3} or its idle timer has taken it: IRP_MN_SET_POWER, PowerDeviceD0. */
  toD0(): SystemThread<NtStatus> {
    return this.send(PnpIrp.SetPowerD0);
  }

  /**
   * From now on the device leaves D0 after that many milliseconds of virtual time without anything that needs it, as if its
   * driver had called WdfDeviceAssignS0IdleSettings with this IdleTimeout. Infinity: it stays in D0, and comes back there.
   */
  idleAfter(ms: number): SystemThread<NtStatus> {
    return this.system.setIdleTimeout(this.device, ms);
  }

  /**
   * The hardware wakes up. An armed device that is idle comes back to D0; one that is armed to wake the system wakes it, that is,
   * this device gets IRP_MN_SET_POWER, PowerSystemWorking (see {@link wake}). STATUS_INVALID_DEVICE_REQUEST when it is not armed.
   */
  signalWake(): SystemThread<NtStatus> {
    return this.system.signalWake(this.device);
  }

  private send(irp: PnpIrp): SystemThread<NtStatus> {
    return this.system.sendPnp(this.device, irp);
  }
}
