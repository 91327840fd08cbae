// What people call things: devices by name, queues q1, q2, ... in order of creation, requests r1, r2, ... likewise.

import { NtStatus } from "../bindings/abi";
import { hex } from "./format";
import { DeviceInterfaces } from "./interfaces";

/** No handle is as large. */
const TEXTS = 0x40000000;

export class Names {
  readonly interfaces = new DeviceInterfaces();
  private readonly objects = new Map<number, string>();
  private readonly drivers = new Map<number, number>();
  private readonly links = new Map<string, number>();
  private readonly texts = new Map<string, number>();
  /** What is above a request that was sent on. */
  private readonly sent = new Map<number, number>();
  /** The device that stands on a device. */
  private readonly uppers = new Map<number, number>();
  private queues = 0;
  private devices = 0;
  private files = 0;
  private targets = 0;
  private readonly fileNames = new Map<number, string>();
  private readonly counts = new Map<string, number>();
  /** The number of a request under way, or undefined. */
  requestOrdinal: (handle: number) => number | undefined = () => undefined;

  addDriver(handle: number, name: string): void {
    this.objects.set(handle, name);
  }

  /** A device was made by a driver: it is called as the driver, with a number from the second on. */
  addDevice(handle: number, driver: number): void {
    this.devices++;
    this.drivers.set(handle, driver);
    const name = this.objects.get(driver) ?? "device";
    this.objects.set(handle, this.devices === 1 ? name : `${name}#${this.devices}`);
  }

  /** The driver of a device, 0 for no device. */
  driverOf(device: number): number {
    return this.drivers.get(device) ?? 0;
  }

  addQueue(handle: number): void {
    this.objects.set(handle, `q${++this.queues}`);
  }

  /** A request was sent on: below it is called as above, with a prime. */
  addSent(handle: number, above: number): void {
    this.sent.set(handle, above);
  }

  /** It is back. */
  dropSent(handle: number): void {
    this.sent.delete(handle);
  }

  addTarget(handle: number, device: number): void {
    if (!this.objects.has(handle)) this.objects.set(handle, `${this.name(device)}:target${this.targets++ === 0 ? "" : this.targets}`);
  }

  /** A FILE_OBJECT, opened as that name beyond its device. */
  addFile(handle: number, name = ""): void {
    this.objects.set(handle, `f${++this.files}`);
    if (name !== "") this.fileNames.set(handle, name);
  }

  /** A WDFFILEOBJECT is called as the FILE_OBJECT it stands for. */
  addFileObject(handle: number, file: number): void {
    this.objects.set(handle, this.objects.get(file) ?? `f${++this.files}`);
  }

  /** What a FILE_OBJECT was opened as. */
  fileName(file: number): string {
    return this.fileNames.get(file) ?? "";
  }

  /** A number for a text, so that a finding can be about something without a handle. */
  text(text: string): number {
    let number = this.texts.get(text);
    if (number === undefined) {
      number = TEXTS + this.texts.size;
      this.texts.set(text, number);
      this.objects.set(number, text);
    }
    return number;
  }

  /** An object of any other kind: o1, o2, ... with its kind's letters. */
  addNumbered(handle: number, letters: string): void {
    const count = (this.counts.get(letters) ?? 0) + 1;
    this.counts.set(letters, count);
    this.objects.set(handle, `${letters}${count}`);
  }

  /** An object of the executive. */
  add(handle: number, name: string): void {
    this.objects.set(handle, name);
  }

  /** Forgets an object that is gone, and the links to it. */
  drop(handle: number): void {
    this.objects.delete(handle);
    this.fileNames.delete(handle);
    if (!this.drivers.delete(handle)) return; // no device
    for (const [name, device] of this.links) if (device === handle) this.links.delete(name);
    for (const [lower, upper] of this.uppers) if (upper === handle) this.uppers.delete(lower);
    this.uppers.delete(handle);
    this.interfaces.drop(handle);
  }

  /** The short name of a handle, undefined for one nobody has named. */
  short(handle: number): string | undefined {
    const known = this.objects.get(handle);
    if (known !== undefined) return known;
    const above = this.sent.get(handle);
    if (above !== undefined) return `${this.name(above)}'`;
    const ordinal = this.requestOrdinal(handle);
    return ordinal === undefined ? undefined : `r${ordinal}`;
  }

  /** Why an IRP could not be sent to a device: it is gone, or the System has no room for one more. */
  refusal(device: number): NtStatus {
    return this.objects.has(device) ? NtStatus.InsufficientResources : NtStatus.NoSuchDevice;
  }

  /** The short name of a handle, or the handle itself. */
  name(handle: number): string {
    return this.short(handle) ?? hex(handle);
  }

  /** The names of those of these words that are handles. */
  among(words: readonly number[]): string {
    return words.flatMap((word) => this.short(word) ?? []).join(", ");
  }

  /** WdfDeviceCreateSymbolicLink */
  link(name: string, device: number): NtStatus {
    const key = normalize(name);
    if (key === "") return NtStatus.ObjectNameInvalid;
    if (this.links.has(key)) return NtStatus.ObjectNameCollision;
    this.links.set(key, device);
    return NtStatus.Success;
  }

  /** All names that can be opened, in order of creation. */
  linkNames(): string[] {
    return [...this.links.keys()];
  }

  /** A device stands on another from now on. */
  attach(upper: number, lower: number): void {
    this.uppers.set(lower, upper);
  }

  /**
   * What a name stands for, as an application would open it: the device on top of the stack of the one that has the name,
   * and what follows the device's own name.
   */
  find(name: string): { readonly device: number; readonly rest: string } | undefined {
    const whole = this.links.get(normalize(name));
    if (whole !== undefined) return { device: this.topOf(whole), rest: "" };
    const plain = withoutPrefix(name);
    const found = this.interfaces.find(plain);
    if (found !== undefined) return { device: this.topOf(found.device), rest: found.rest };
    const end = plain.indexOf("\\");
    const device = end < 0 ? undefined : this.links.get(plain.slice(0, end).toLowerCase());
    return device === undefined ? undefined : { device: this.topOf(device), rest: plain.slice(end) };
  }

  private topOf(device: number): number {
    let top = device;
    for (let upper = this.uppers.get(top); upper !== undefined; upper = this.uppers.get(upper)) top = upper;
    return top;
  }
}

/** \\.\Echo, \DosDevices\Echo, \??\Echo and Echo are one name; case does not matter. */
function normalize(name: string): string {
  return withoutPrefix(name).toLowerCase();
}

function withoutPrefix(name: string): string {
  return name.replace(/^\\\\[.?]\\|^\\DosDevices\\|^\\\?\?\\|^\\Global\?\?\\/i, "");
}
