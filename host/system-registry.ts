// The registry as whoever runs a System sees it: plain objects, read and written from outside.

import { DeviceRegistryKey } from "../bindings/abi";
import type { WDFDEVICE } from "./ddi/types";
import { ProtocolError } from "./errors";
import type { InputLog } from "./log";
import type { Machine } from "./machine";
import { type RegistryContents, contentsText } from "./registry-data";
import type { Turns } from "./turns";

export class SystemRegistry {
  private readonly machine: Machine;
  private readonly turns: Turns;
  private readonly log: InputLog | null;

  constructor(machine: Machine, turns: Turns, log: InputLog | null) {
    this.machine = machine;
    this.turns = turns;
    this.log = log;
  }

  /** What is in a key, with all keys below it; undefined when there is no such key. */
  read(path: string): RegistryContents | undefined {
    return this.machine.contents.registry.find(undefined, path).key?.plain();
  }

  /** Puts values and keys into a key, which is made if there is none. What is there and not named stays. */
  write(path: string, contents: RegistryContents): void {
    const { registry } = this.machine.contents;
    this.log?.add(this.machine.core, "registry", path, contentsText(contents));
    this.turns.input(() => registry.at(path).fill(contents));
  }

  /** Where a driver's parameters are: WdfDriverOpenParametersRegistryKey. */
  parametersPath(driver: string): string {
    return `${this.machine.contents.registry.servicePath(driver)}\\Parameters`;
  }

  /** Where a device's hardware key is, or its software key: WdfDeviceOpenRegistryKey. */
  devicePath(device: WDFDEVICE, which: DeviceRegistryKey = DeviceRegistryKey.Device): string {
    const { registry } = this.machine.contents;
    const instance = registry.ownerOf(device);
    const path = instance === undefined ? undefined : registry.devicePath(instance, which);
    if (path === undefined) throw new ProtocolError("devicePath is for devices that addDevice has added, and for one of their two keys");
    return path;
  }
}
