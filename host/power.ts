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

  private send(irp: PnpIrp): SystemThread<NtStatus> {
    return this.system.sendPnp(this.device, irp);
  }
}
