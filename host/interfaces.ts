// Device interfaces: names under which devices of one class are found, whatever their drivers call themselves.
//
//   WdfDeviceCreateDeviceInterface ─▶ disabled ─▶ the device has started ─▶ enabled ─▶ it is removed ─▶ disabled
//                                        └─ WdfDeviceSetDeviceInterfaceState, either way, at any time
//
// The link of an interface is \??\ROOT#NAME#0000#{class}, an application's \\?\ROOT#NAME#0000#{class}; a reference string
// follows it as a file name does, and reaches the driver as one.

import { ProtocolError } from "./errors";

interface Interface {
  readonly device: number;
  /** The class, normalized: braces, small letters. */
  readonly guid: string;
  readonly reference: string;
  /** The link without prefix and reference string. */
  readonly link: string;
  enabled: boolean;
  /** Enabled when the device starts. */
  auto: boolean;
}

const GUID = /^\{?([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\}?$/i;

/** A GUID in one form; whatever is none is refused. */
export function normalGuid(guid: string): string {
  const digits = GUID.exec(guid)?.[1];
  if (digits === undefined) throw new ProtocolError(`"${guid}" is no GUID: {xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx} with hexadecimal digits`);
  return `{${digits.toLowerCase()}}`;
}

export class DeviceInterfaces {
  private readonly all: Interface[] = [];

  /** One more interface of a device, which the PnP manager calls `instance`. */
  add(device: number, instance: string, guid: string, reference: string): void {
    const link = `ROOT#${instance.replaceAll("\\", "#")}#${guid}`;
    this.all.push({ device, guid, reference, link, enabled: false, auto: true });
  }

  /** The first interface of a device with that class and reference string. */
  of(device: number, guid: string, reference: string): Interface | undefined {
    return this.all.find((one) => one.device === device && one.guid === guid && one.reference === reference);
  }

  /** The name drivers know it by. */
  nameOf({ link, reference }: Interface): string {
    return `\\??\\${link}${reference === "" ? "" : `\\${reference}`}`;
  }

  /** The device has started: what nobody has disabled before is enabled. */
  started(device: number): void {
    for (const one of this.all) {
      if (one.device !== device || !one.auto) continue;
      one.enabled = true;
      one.auto = false; // the first start only
    }
  }

  /** The device is going. */
  removed(device: number): void {
    for (const one of this.all) if (one.device === device) one.enabled = false;
  }

  /** The names an application may open, in order of creation. */
  enabled(guid: string): string[] {
    return this.all.filter((one) => one.enabled && one.guid === guid).map((one) => this.nameOf(one).replace("\\??\\", "\\\\?\\"));
  }

  /** What a name without its prefix stands for: a device, and what follows the link. Only an enabled interface is found. */
  find(name: string): { readonly device: number; readonly rest: string } | undefined {
    const end = name.indexOf("\\");
    const [link, rest] = end < 0 ? [name, ""] : [name.slice(0, end), name.slice(end)];
    const reference = rest.slice(1).split("\\")[0];
    const found = this.all.find(
      (one) => one.enabled && one.link.toLowerCase() === link.toLowerCase() && (one.reference === reference || one.reference === ""),
    );
    return found && { device: found.device, rest };
  }

  drop(device: number): void {
    for (let at = this.all.length - 1; at >= 0; at--) if (this.all[at].device === device) this.all.splice(at, 1);
  }
}
