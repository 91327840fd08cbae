// The registry of one System: keys in a tree, kept in memory, each with values and keys below it. Case does not matter.
//
//   \Registry\Machine\System\CurrentControlSet
//     \Services\NAME\Parameters                 WdfDriverOpenParametersRegistryKey; System.create({ registry: { NAME: ... } })
//     \Services\NAME\PersistentState            WdfDriverOpenPersistentStateRegistryKey
//     \Enum\Root\NAME\0000\Device Parameters    hardware key: WdfDeviceOpenRegistryKey; addDevice(driver, { parameters })
//     \Control\Class\NAME\0000                  software key
//
// Where the PnP manager keeps a device's keys is not documented; drivers and tests ask for them by device.

import { DeviceRegistryKey, NtStatus, RegistryOption } from "../bindings/abi";
import { ProtocolError } from "./errors";
import {
  type RegistryContents,
  type RegistryData,
  type RegistryValue,
  contentsFrom,
  isData,
  plainValue,
  valueOf,
} from "./registry-data";

interface NamedValue {
  readonly name: string;
  readonly value: RegistryValue;
}

/** A key: what stands in it. Open keys of drivers refer to it even when it has been removed. */
export class RegistryNode {
  readonly values = new Map<string, NamedValue>();
  readonly keys = new Map<string, RegistryNode>();
  deleted = false;

  constructor(
    readonly name: string,
    readonly parent: RegistryNode | null,
    readonly volatile: boolean,
  ) {}

  /** The key below of that name, made if there is none. */
  below(name: string, volatile = false): RegistryNode {
    const known = this.keys.get(name.toLowerCase());
    if (known !== undefined) return known;
    const made = new RegistryNode(name, this, volatile);
    this.keys.set(name.toLowerCase(), made);
    return made;
  }

  value(name: string): RegistryValue | undefined {
    return this.values.get(name.toLowerCase())?.value;
  }

  set(name: string, value: RegistryValue): void {
    const known = this.values.get(name.toLowerCase());
    this.values.set(name.toLowerCase(), { name: known?.name ?? name, value });
  }

  /** Puts a plain object's values and keys in. */
  fill(contents: RegistryContents): void {
    for (const [name, what] of Object.entries(contents)) {
      if (isData(what)) this.set(name, valueOf(what, name));
      else this.below(name).fill(what);
    }
  }

  /** The whole of it as a plain object. */
  plain(): RegistryContents {
    const values = [...this.values.values()].map(({ name, value }): [string, RegistryData] => [name, plainValue(value)]);
    const keys = [...this.keys.values()].map((key): [string, RegistryContents] => [key.name, key.plain()]);
    return Object.fromEntries<RegistryData | RegistryContents>([...values, ...keys]);
  }
}

/** Where a name leads: the key there, or the one above it and the name of what is missing. */
export interface Found {
  readonly status: NtStatus;
  readonly key?: RegistryNode;
  readonly above?: RegistryNode;
  readonly missing?: string;
}

const ROOT = "Registry";
const CONTROL_SET = "\\Registry\\Machine\\System\\CurrentControlSet";

export class Registry {
  private readonly root = new RegistryNode(ROOT, null, false);
  /** Names of drivers, and the instances of devices (NAME\0000), by handle. */
  private readonly owners = new Map<number, string>();
  private readonly instances = new Map<string, number>();

  constructor(contents: RegistryContents | string = {}) {
    this.at(CONTROL_SET);
    const given = typeof contents === "string" ? contentsFrom(contents) : contents;
    for (const [name, what] of Object.entries(given)) {
      if (isData(what)) throw new ProtocolError(`the registry has keys at its top, but ${name} is a value: { ${name}: { Name: value } }`);
      this.at(name.startsWith("\\") ? name : `${this.servicePath(name)}\\Parameters`).fill(what);
    }
  }

  /** The key of that path, made if there is none. */
  at(path: string): RegistryNode {
    const [first, root, ...names] = path.split("\\");
    if (first !== "" || root?.toLowerCase() !== ROOT.toLowerCase() || names.includes("")) {
      throw new ProtocolError(`"${path}" is no path of a registry key: they begin with ${CONTROL_SET}, say, and have no empty names`);
    }
    return names.reduce((key, name) => key.below(name), this.root);
  }

  /** The object manager: a name relative to a key, or without one from the root of all names. */
  find(parent: RegistryNode | undefined, name: string): Found {
    if (parent?.deleted) return { status: NtStatus.KeyDeleted };
    if (parent !== undefined) return name.startsWith("\\") ? { status: NtStatus.ObjectPathSyntaxBad } : this.walk(parent, name);
    if (!name.startsWith("\\")) return { status: NtStatus.ObjectPathSyntaxBad };
    const end = name.indexOf("\\", 1);
    const first = name.slice(1, end < 0 ? undefined : end);
    if (first.toLowerCase() === ROOT.toLowerCase()) return this.walk(this.root, end < 0 ? "" : name.slice(end + 1));
    return { status: end < 0 ? NtStatus.ObjectNameNotFound : NtStatus.ObjectPathNotFound };
  }

  private walk(from: RegistryNode, path: string): Found {
    let key = from;
    const names = path.split("\\").filter((name) => name !== "");
    for (const [at, name] of names.entries()) {
      const next = key.keys.get(name.toLowerCase());
      if (next === undefined) {
        const last = at === names.length - 1;
        return { status: NtStatus.ObjectNameNotFound, ...(last ? { above: key, missing: name } : {}) };
      }
      key = next;
    }
    return { status: NtStatus.Success, key };
  }

  /** What ZwCreateKey would answer to what was found. */
  creation({ status, key, above }: Found, options: number): NtStatus {
    if (key !== undefined || above === undefined) return status;
    const volatile = (options & RegistryOption.Volatile) !== 0;
    return above.volatile && !volatile ? NtStatus.ChildMustBeVolatile : NtStatus.Success;
  }

  /** What ZwDeleteKey would answer. */
  removal(key: RegistryNode): NtStatus {
    if (key.deleted) return NtStatus.KeyDeleted;
    return key.keys.size > 0 || key.parent === null ? NtStatus.CannotDelete : NtStatus.Success;
  }

  /** ZwDeleteKey, once it has been agreed to. */
  remove(key: RegistryNode): void {
    key.deleted = true;
    key.parent?.keys.delete(key.name.toLowerCase());
  }

  /** \Registry\Machine\System\CurrentControlSet\Services\NAME */
  servicePath(name: string): string {
    return `${CONTROL_SET}\\Services\\${name}`;
  }

  /** The instance of a device that the PnP manager is about to add: NAME\0000, NAME\0001, ... */
  newInstance(driver: string): string {
    const number = this.instances.get(driver.toLowerCase()) ?? 0;
    this.instances.set(driver.toLowerCase(), number + 1);
    return `${driver}\\${String(number).padStart(4, "0")}`;
  }

  /** A driver by its name, or a device by its instance. */
  addOwner(handle: number, name: string): void {
    this.owners.set(handle, name);
  }

  ownerOf(handle: number): string | undefined {
    return this.owners.get(handle);
  }

  /** What the PnP manager calls a device; one it has not added gets an instance now. */
  instanceOf(device: number, driver: string): string {
    let instance = this.owners.get(device);
    if (instance === undefined) this.owners.set(device, (instance = this.newInstance(driver)));
    return instance;
  }

  /** The path of one of a device's keys; undefined for flags that name none. */
  devicePath(instance: string, which: number): string | undefined {
    switch (which & ~DeviceRegistryKey.CurrentHardwareProfile) {
      case DeviceRegistryKey.Device:
        return `${CONTROL_SET}\\Enum\\Root\\${instance}\\Device Parameters`;
      case DeviceRegistryKey.Driver:
        return `${CONTROL_SET}\\Control\\Class\\${instance}`;
      default:
        return undefined;
    }
  }

  /** The object is gone. */
  drop(handle: number): void {
    this.owners.delete(handle);
  }
}
