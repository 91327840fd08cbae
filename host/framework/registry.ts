// RegistryKey: WDFKEY as an object. Every member names its DDI.

import { DeviceRegistryKey, KeyAccess, type NtStatus, PoolType, RegistryOption, type RegistryType } from "../../bindings/abi";
import * as wdf from "../ddi/registry";
import * as values from "../ddi/registry-value";
import type { WDFDEVICE, WDFDRIVER, WDFKEY } from "../ddi/types";
import type { Suspendable } from "../suspension";
import type { Collection, FrameworkString } from "./collection";
import { Memory } from "./memory";
import { FrameworkObject, type ObjectOptions, attributesOf } from "./object";

/** What a key is opened for. */
export interface KeyOptions extends ObjectOptions {
  /** KEY_READ unless it is given. */
  access?: KeyAccess;
  /** Only a key that is made: whether it is forgotten when the system ends. */
  volatile?: boolean;
}

/** A key that was opened, or not. */
export interface KeyMade {
  readonly status: NtStatus;
  readonly object: RegistryKey;
}

export class RegistryKey extends FrameworkObject<WDFKEY> {
  /** By the whole path. @ddi WdfRegistryOpenKey */
  static open(path: string, options: KeyOptions = {}): KeyMade {
    return made(wdf.WdfRegistryOpenKey(null, path, accessOf(options), attributesOf(options)));
  }

  /** By the whole path; all keys above it must be there. @ddi WdfRegistryCreateKey */
  static create(path: string, options: KeyOptions = {}): KeyMade {
    return made(wdf.WdfRegistryCreateKey(null, path, accessOf(options), volatility(options), attributesOf(options)));
  }

  /** The driver's parameters. @ddi WdfDriverOpenParametersRegistryKey */
  static parametersOf(driver: { readonly handle: WDFDRIVER }, options: KeyOptions = {}): KeyMade {
    return made(wdf.WdfDriverOpenParametersRegistryKey(driver.handle, accessOf(options), attributesOf(options)));
  }

  /** What the driver itself wants to remember. @ddi WdfDriverOpenPersistentStateRegistryKey */
  static persistentStateOf(driver: { readonly handle: WDFDRIVER }, options: KeyOptions = {}): KeyMade {
    return made(wdf.WdfDriverOpenPersistentStateRegistryKey(driver.handle, accessOf(options), attributesOf(options)));
  }

  /** A device's hardware key, or its software key. @ddi WdfDeviceOpenRegistryKey */
  static ofDevice(device: { readonly handle: WDFDEVICE }, options: KeyOptions & { which?: DeviceRegistryKey } = {}): KeyMade {
    const which = options.which ?? DeviceRegistryKey.Device;
    return made(wdf.WdfDeviceOpenRegistryKey(device.handle, which, accessOf(options), attributesOf(options)));
  }

  /** A key below this one. @ddi WdfRegistryOpenKey */
  open(name: string, options: KeyOptions = {}): KeyMade {
    return made(wdf.WdfRegistryOpenKey(this.handle, name, accessOf(options), attributesOf(options)));
  }

  /** A key below this one, made if there is none. @ddi WdfRegistryCreateKey */
  create(name: string, options: KeyOptions = {}): KeyMade {
    return made(wdf.WdfRegistryCreateKey(this.handle, name, accessOf(options), volatility(options), attributesOf(options)));
  }

  /** @ddi WdfRegistryClose */
  close(): Suspendable<void> {
    return wdf.WdfRegistryClose(this.handle);
  }

  /** Removes the key from the registry. @ddi WdfRegistryRemoveKey */
  remove(): Suspendable<NtStatus> {
    return wdf.WdfRegistryRemoveKey(this.handle);
  }

  /** @ddi WdfRegistryRemoveValue */
  removeValue(name: string): NtStatus {
    return values.WdfRegistryRemoveValue(this.handle, name);
  }

  /** Without a buffer only length and type. @ddi WdfRegistryQueryValue */
  query(
    name: string,
    buffer: Uint8Array | null = null,
  ): { readonly status: NtStatus; readonly length: number; readonly type: RegistryType } {
    return values.WdfRegistryQueryValue(this.handle, name, buffer);
  }

  /** @ddi WdfRegistryQueryULong */
  queryULong(name: string): { readonly status: NtStatus; readonly value: number } {
    return values.WdfRegistryQueryULong(this.handle, name);
  }

  /** As a JavaScript string. @ddi WdfRegistryQueryUnicodeString */
  queryText(name: string): { readonly status: NtStatus; readonly value: string } {
    return values.WdfRegistryQueryUnicodeString(this.handle, name, 0xfffe);
  }

  /** Into a string object. @ddi WdfRegistryQueryString */
  queryString(name: string, into: FrameworkString): NtStatus {
    return values.WdfRegistryQueryString(this.handle, name, into.handle);
  }

  /** A string object for each text, appended. @ddi WdfRegistryQueryMultiString */
  queryMultiString(name: string, into: Collection, options: ObjectOptions = {}): NtStatus {
    return values.WdfRegistryQueryMultiString(this.handle, name, attributesOf(options), into.handle);
  }

  /** @ddi WdfRegistryQueryMemory */
  queryMemory(name: string, options: ObjectOptions & { pool?: PoolType } = {}): { readonly status: NtStatus; readonly object: Memory } {
    const pool = options.pool ?? PoolType.NonPagedNx;
    const { status, memory } = values.WdfRegistryQueryMemory(this.handle, name, pool, attributesOf(options));
    return { status, object: new Memory(memory) };
  }

  /** @ddi WdfRegistryAssignValue */
  assign(name: string, type: RegistryType, bytes: Uint8Array): NtStatus {
    return values.WdfRegistryAssignValue(this.handle, name, type, bytes);
  }

  /** @ddi WdfRegistryAssignULong */
  assignULong(name: string, value: number): NtStatus {
    return values.WdfRegistryAssignULong(this.handle, name, value);
  }

  /** @ddi WdfRegistryAssignUnicodeString */
  assignText(name: string, text: string): NtStatus {
    return values.WdfRegistryAssignUnicodeString(this.handle, name, text);
  }

  /** @ddi WdfRegistryAssignString */
  assignString(name: string, string: FrameworkString): NtStatus {
    return values.WdfRegistryAssignString(this.handle, name, string.handle);
  }

  /** @ddi WdfRegistryAssignMultiString */
  assignMultiString(name: string, strings: Collection): NtStatus {
    return values.WdfRegistryAssignMultiString(this.handle, name, strings.handle);
  }

  /** @ddi WdfRegistryAssignMemory */
  assignMemory(name: string, type: RegistryType, memory: Memory): NtStatus {
    return values.WdfRegistryAssignMemory(this.handle, name, type, memory.handle);
  }
}

function made({ status, key }: wdf.KeyResult): KeyMade {
  return { status, object: new RegistryKey(key) };
}

function accessOf({ access }: KeyOptions): KeyAccess {
  return access ?? KeyAccess.Read;
}

function volatility({ volatile }: KeyOptions): RegistryOption {
  return volatile ? RegistryOption.Volatile : RegistryOption.NonVolatile;
}
