// IWDFDriver, and how a UMDF 1 driver becomes a module a System loads.

import { NtStatus, WdfExecutionLevel, WdfFileObjectClass, WdfSynchronizationScope, WdfTriState } from "../../bindings/abi";
import { machine } from "../current";
import * as wdf from "../ddi/index";
import type { WDFDEVICE, WDFDRIVER, WDFMEMORY, WDFOBJECT, WdfPnpPowerEventCallbacks } from "../ddi/types";
import type { DriverModule } from "../driver";
import { ProtocolError } from "../errors";
import type { Machine } from "../machine";
import { isGenerator } from "../routines";
import { Device } from "./device";
import { DeviceInitialize } from "./device-initialize";
import { queryInterface, warnOfMisspelled } from "./discovery";
import { E_INVALIDARG, FAILED, type HRESULT, S_OK, hresultOf, statusOfHresult } from "./hresult";
import { GeneralObject } from "./general-object";
import { HostProcess } from "./host-process";
import { UmdfMemory } from "./memory";
import { WdfObject } from "./object";
import { type DeviceCallbackObject, type IDriverEntry, type IObjectCleanup, WDF_CALLBACK_CONSTRAINT } from "./wudfddi";

const MAJOR_VERSION = 1;
const MINOR_VERSION = 11;

type Memory = { readonly hr: HRESULT; readonly memory: UmdfMemory | null };

/** Any object of the framework. */
type Parent = WdfObject & { readonly handle: WDFOBJECT };

export class UmdfDriver extends WdfObject {
  protected readonly interfaces = ["IWDFDriver"];
  readonly host = new HostProcess();
  readonly handle: WDFDRIVER;
  /** OnInitialize has been called, and what it answered. */
  initialized: HRESULT | undefined;

  constructor(handle: WDFDRIVER) {
    super();
    this.handle = handle;
  }

  protected get lockOwner(): WDFDEVICE {
    throw new ProtocolError("a driver object has no lock: lock a device or a queue");
  }

  /** IWDFDriver::RetrieveVersionString */
  RetrieveVersionString(): { readonly hr: HRESULT; readonly version: string } {
    return { hr: S_OK, version: `${MAJOR_VERSION}.${MINOR_VERSION}` };
  }

  /** IWDFDriver::IsVersionAvailable: this is UMDF 1.11, and what came before it. */
  IsVersionAvailable(MinimumVersion: { readonly MajorVersion: number; readonly MinorVersion: number }): boolean {
    return MinimumVersion.MajorVersion === MAJOR_VERSION && MinimumVersion.MinorVersion <= MINOR_VERSION;
  }

  /** IWDFDriver::CreateWdfMemory: an IWDFMemory with so many bytes, not 0, below another object (NULL: the driver). */
  CreateWdfMemory(
    BufferSize: number,
    pCallbackInterface: Partial<IObjectCleanup> | null = null,
    pParentObject: Parent | null = null,
  ): Memory {
    return this.memory(pCallbackInterface, pParentObject, false, (attributes) => {
      return wdf.WdfMemoryCreate(attributes, wdf.PoolType.NonPagedNx, 0, BufferSize);
    });
  }

  /** IWDFDriver::CreatePreallocatedWdfMemory: an IWDFMemory around a buffer of the driver's. */
  CreatePreallocatedWdfMemory(
    pBuffer: Uint8Array,
    pCallbackInterface: Partial<IObjectCleanup> | null = null,
    pParentObject: Parent | null = null,
  ): Memory {
    return this.memory(pCallbackInterface, pParentObject, true, (attributes) => {
      return { ...wdf.WdfMemoryCreatePreallocated(attributes, pBuffer), buffer: pBuffer };
    });
  }

  private memory(
    callbacks: Partial<IObjectCleanup> | null,
    parent: Parent | null,
    preallocated: boolean,
    make: (attributes: wdf.WdfObjectAttributes) => { readonly status: NtStatus; readonly memory: WDFMEMORY; readonly buffer: Uint8Array },
  ): Memory {
    const parentObject = parent?.handle ?? this.handle;
    const evtCleanupCallback = (): void => void this.host.run(() => memory?.cleanUp(), undefined);
    const made = make({ parentObject, evtCleanupCallback });
    const memory = made.status < 0 ? null : new UmdfMemory(made.buffer, { handle: () => made.memory, own: true, preallocated });
    memory?.addCleanup(queryInterface(callbacks, "IObjectCleanup"));
    return { hr: made.status === NtStatus.InvalidParameter ? E_INVALIDARG : hresultOf(made.status), memory };
  }

  /** IWDFDriver::CreateWdfObject: an object below another one (NULL: the driver), whose end the callback object hears of. */
  CreateWdfObject(
    pCallbackInterface: Partial<IObjectCleanup> | null,
    pParentObject: Parent | null,
  ): { readonly hr: HRESULT; readonly object: GeneralObject | null } {
    const object = new GeneralObject();
    object.addCleanup(queryInterface(pCallbackInterface, "IObjectCleanup"));
    const made = wdf.WdfObjectCreate({
      parentObject: pParentObject?.handle ?? this.handle,
      evtCleanupCallback: () => void this.host.run(() => object.cleanUp(), undefined),
    });
    if (made.status < 0) return { hr: hresultOf(made.status), object: null };
    object.handle = made.object;
    return { hr: S_OK, object };
  }

  /** IWDFDriver::CreateDevice. The callback object is asked for the device's interfaces. */
  CreateDevice(
    pDeviceInit: DeviceInitialize,
    pCallbackInterface: DeviceCallbackObject | null,
  ): { readonly hr: HRESULT; readonly device: Device | null } {
    warnOfMisspelled(machine(), pCallbackInterface);
    const device = new Device(this, this.host, pDeviceInit);
    const oneAtATime = pDeviceInit.constraint === WDF_CALLBACK_CONSTRAINT.WdfDeviceLevel;
    wdf.WdfDeviceInitSetPnpPowerEventCallbacks(pDeviceInit.init, powerCallbacks(device, pCallbackInterface));
    wdf.WdfDeviceInitSetRequestAttributes(pDeviceInit.init, { evtCleanupCallback: device.evtRequestCleanup });
    setFileCallbacks(pDeviceInit, device, pCallbackInterface);
    const made = wdf.WdfDeviceCreate(pDeviceInit.init, {
      evtCleanupCallback: () => device.cleanUpOf(device),
      executionLevel: WdfExecutionLevel.Passive,
      synchronizationScope: oneAtATime ? WdfSynchronizationScope.Device : WdfSynchronizationScope.None,
    });
    if (made.status < 0) return { hr: hresultOf(made.status), device: null };
    device.handle = made.device;
    device.addCleanup(queryInterface(pCallbackInterface, "IObjectCleanup"));
    this.host.devices.push(device);
    return { hr: S_OK, device };
  }
}

/** Files of the device, with IFileCallbackCleanup and IFileCallbackClose as callbacks of a KMDF device. */
function setFileCallbacks({ init, forwardsCreates }: DeviceInitialize, device: Device, object: DeviceCallbackObject | null): void {
  const cleanup = queryInterface(object, "IFileCallbackCleanup");
  const close = queryInterface(object, "IFileCallbackClose");
  wdf.WdfDeviceInitSetFileObjectConfig(
    init,
    {
      fileObjectClass: WdfFileObjectClass.CannotUseFsContexts | WdfFileObjectClass.CanBeOptional,
      autoForwardCleanupClose: forwardsCreates ? WdfTriState.True : WdfTriState.False,
      evtFileCleanup: cleanup && ((file) => device.host.run(() => cleanup.OnCleanupFile(device.fileOf(file)), undefined)),
      evtFileClose: close && ((file) => device.host.run(() => close.OnCloseFile(device.fileOf(file)), undefined)),
    },
    { evtCleanupCallback: device.evtFileCleanup },
  );
}

/** IPnpCallback, IPnpCallbackHardware and IPnpCallbackSelfManagedIo as callbacks of a KMDF device. */
function powerCallbacks(device: Device, object: DeviceCallbackObject | null): WdfPnpPowerEventCallbacks {
  const pnp = queryInterface(object, "IPnpCallback");
  const hardware = queryInterface(object, "IPnpCallbackHardware");
  const io = queryInterface(object, "IPnpCallbackSelfManagedIo");
  const status = (call: () => HRESULT | Generator<undefined, HRESULT, unknown>) => asStatus(device.host.run(call, S_OK));
  const notice = (call: () => void | Generator<undefined, void, unknown>) => device.host.run(call, undefined);
  return {
    evtDeviceD0Entry: pnp && ((_d, previous) => status(() => pnp.OnD0Entry(device, previous))),
    evtDeviceD0Exit: pnp && ((_d, next) => status(() => pnp.OnD0Exit(device, next))),
    evtDeviceSurpriseRemoval: pnp && (() => notice(() => pnp.OnSurpriseRemoval(device))),
    evtDeviceQueryRemove: pnp && (() => status(() => pnp.OnQueryRemove(device))),
    evtDeviceQueryStop: pnp && (() => status(() => pnp.OnQueryStop(device))),
    evtDevicePrepareHardware: hardware && (() => status(() => hardware.OnPrepareHardware(device))),
    evtDeviceReleaseHardware: hardware && (() => status(() => hardware.OnReleaseHardware(device))),
    evtDeviceSelfManagedIoInit: io && (() => status(() => io.OnSelfManagedIoInit(device))),
    evtDeviceSelfManagedIoSuspend: io && (() => status(() => io.OnSelfManagedIoSuspend(device))),
    evtDeviceSelfManagedIoRestart: io && (() => status(() => io.OnSelfManagedIoRestart(device))),
    evtDeviceSelfManagedIoFlush: io && (() => notice(() => io.OnSelfManagedIoFlush(device))),
    evtDeviceSelfManagedIoCleanup: io && (() => notice(() => io.OnSelfManagedIoCleanup(device))),
  };
}

function asStatus(result: HRESULT | Generator<undefined, HRESULT, unknown>): NtStatus | Generator<undefined, NtStatus, unknown> {
  if (typeof result !== "object") return statusOf(result);
  return (function* () {
    return statusOf(yield* result);
  })();
}

function statusOf(hr: HRESULT): NtStatus {
  return statusOfHresult(hr) ?? NtStatus.Unsuccessful;
}

/** A UMDF 1 driver as a module: give it to System.addDevice. OnDeinitialize is called when it is unloaded. */
export function umdf1Driver(name: string, entry: IDriverEntry): DriverModule {
  const drivers = new WeakMap<Machine, UmdfDriver>();
  return {
    name,
    evtDriverDeviceAdd(handle, init: wdf.WdfDeviceInit) {
      const m = machine();
      const driver = drivers.get(m) ?? new UmdfDriver(handle);
      drivers.set(m, driver);
      warnOfMisspelled(m, entry);
      driver.initialized ??= initialize(entry, driver);
      if (FAILED(driver.initialized)) return statusOf(driver.initialized);
      return asStatus(driver.host.run(() => entry.OnDeviceAdd(driver, new DeviceInitialize(init)), FAULT));
    },
    evtDriverUnload() {
      const driver = drivers.get(machine());
      drivers.delete(machine());
      if (driver === undefined || FAILED(driver.initialized ?? FAULT)) return undefined;
      return driver.host.run(() => entry.OnDeinitialize(driver), undefined);
    },
  };
}

/** What a driver that faults in OnDeviceAdd or OnInitialize is taken to have answered. */
const FAULT = hresultOf(NtStatus.DriverProcessTerminated);

function initialize(entry: IDriverEntry, driver: UmdfDriver): HRESULT {
  const hr = driver.host.run(() => entry.OnInitialize(driver), FAULT);
  if (typeof hr === "object" && isGenerator(hr)) throw new ProtocolError("OnInitialize may not wait: make it a plain method");
  return hr;
}
