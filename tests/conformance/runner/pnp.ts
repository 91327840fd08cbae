// PnP and power IRPs as scripts and traces call them.

import { PnpIrp } from "../../../bindings/abi";

/** PnP and power IRPs by the name the script has for them. */
export const PNP_IRPS: Record<string, readonly (readonly [PnpIrp, string])[]> = {
  startdev: [[PnpIrp.StartDevice, "START_DEVICE"]],
  stopdev: [
    [PnpIrp.QueryStop, "QUERY_STOP"],
    [PnpIrp.StopDevice, "STOP_DEVICE"],
  ],
  querystop: [[PnpIrp.QueryStop, "QUERY_STOP"]],
  cancelstop: [[PnpIrp.CancelStop, "CANCEL_STOP"]],
  queryremove: [[PnpIrp.QueryRemove, "QUERY_REMOVE"]],
  cancelremove: [[PnpIrp.CancelRemove, "CANCEL_REMOVE"]],
  surprise: [[PnpIrp.SurpriseRemoval, "SURPRISE_REMOVAL"]],
  remove: [[PnpIrp.RemoveDevice, "REMOVE_DEVICE"]],
  powerdown: [[PnpIrp.SetPowerSx, "SET_POWER_Sx"]],
  powerup: [[PnpIrp.SetPowerS0, "SET_POWER_S0"]],
};

/** What a PnP or power IRP is called in the trace. */
export function pnpName(irp: number): string {
  return Object.values(PNP_IRPS).flat().find(([number]) => number === irp)?.[1] ?? `IRP ${irp}`;
}
