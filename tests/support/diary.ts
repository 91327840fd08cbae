// What the devices of a test say, in order.

import { expect } from "vitest";
import { NtStatus } from "../../bindings/abi";
import type { WdfPnpPowerEventCallbacks } from "../../host/ddi";

export class Diary {
  readonly lines: string[] = [];

  say(line: string): void {
    this.lines.push(line);
  }

  expect(...lines: string[]): void {
    expect(this.lines.splice(0)).toEqual(lines);
  }

  /** Callbacks of power and PnP that say whose they are. */
  power(name: string, fails: Partial<Record<string, NtStatus>> = {}): WdfPnpPowerEventCallbacks {
    const told = (what: string) => (): NtStatus => (this.say(`${name} ${what}`), fails[what] ?? NtStatus.Success);
    return {
      evtDevicePrepareHardware: told("Prepare"),
      evtDeviceD0Entry: told("D0Entry"),
      evtDeviceD0Exit: told("D0Exit"),
      evtDeviceReleaseHardware: told("Release"),
      evtDeviceQueryRemove: told("QueryRemove"),
      evtDeviceSurpriseRemoval: () => this.say(`${name} SurpriseRemoval`),
    };
  }
}
