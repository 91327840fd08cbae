// WdfFileObject*, and what a device says about its file objects. Out-parameters are return values.
//
// Reference of each function: https://learn.microsoft.com/windows-hardware/drivers/ddi/wdfdevice/

import { STRUCTURE_SIZE, WdfFileObjectClass, WdfTriState } from "../../bindings/abi";
import { machine } from "../current";
import { refuseMisspelled } from "../misspelled";
import { writeAttributes } from "./attributes";
import { ask, hostOnly } from "./call";
import { FILE_OBJECT_CONFIG } from "./known";
import type { WdfDeviceInit } from "./device";
import type { PFILE_OBJECT, WDFDEVICE, WDFFILEOBJECT, WdfFileObjectConfig, WdfObjectAttributes } from "./types";

/** WDF_FILEOBJECT_CONFIG_INIT */
export function WDF_FILEOBJECT_CONFIG_INIT(
  evtDeviceFileCreate?: WdfFileObjectConfig["evtDeviceFileCreate"],
  evtFileClose?: WdfFileObjectConfig["evtFileClose"],
  evtFileCleanup?: WdfFileObjectConfig["evtFileCleanup"],
): WdfFileObjectConfig {
  return {
    evtDeviceFileCreate,
    evtFileClose,
    evtFileCleanup,
    autoForwardCleanupClose: WdfTriState.UseDefault,
    fileObjectClass: WdfFileObjectClass.CannotUseFsContexts,
  };
}

/**
 * Gives the device a WDFFILEOBJECT for each open, and registers what is called when it is created, cleaned up and closed.
 * A structure that is not right is ignored (verifier break).
 *
 * @irql <= DISPATCH_LEVEL
 */
export function WdfDeviceInitSetFileObjectConfig(
  DeviceInit: WdfDeviceInit,
  FileObjectConfig: WdfFileObjectConfig,
  FileObjectAttributes?: WdfObjectAttributes,
): void {
  const m = machine();
  refuseMisspelled("WdfDeviceInitSetFileObjectConfig", FileObjectConfig, FILE_OBJECT_CONFIG);
  writeAttributes(m, FileObjectAttributes);
  const { size = STRUCTURE_SIZE, fileObjectClass = WdfFileObjectClass.CannotUseFsContexts } = FileObjectConfig;
  const forward = FileObjectConfig.autoForwardCleanupClose ?? WdfTriState.UseDefault;
  ask("WdfDeviceInitSetFileObjectConfig", [size, fileObjectClass, forward], (accepted) => {
    if (accepted !== 0) DeviceInit.fileObjects = { config: FileObjectConfig, attributes: FileObjectAttributes };
  });
}

/**
 * Lets the device be open once only at a time; a second open fails with STATUS_ACCESS_DENIED.
 *
 * @irql <= DISPATCH_LEVEL
 */
export function WdfDeviceInitSetExclusive(DeviceInit: WdfDeviceInit, Exclusive: boolean): void {
  hostOnly("WdfDeviceInitSetExclusive");
  DeviceInit.exclusive = Exclusive;
}

/**
 * The WDFFILEOBJECT of a FILE_OBJECT; NULL (0) when the device has none for it, with a break if it should.
 *
 * @irql <= DISPATCH_LEVEL
 */
export function WdfDeviceGetFileObject(Device: WDFDEVICE, FileObject: PFILE_OBJECT): WDFFILEOBJECT {
  return ask("WdfDeviceGetFileObject", [Device, FileObject], (file) => file as WDFFILEOBJECT);
}

/**
 * What the application has opened beyond the device's own name, with the backslash it begins with; null (NULL) above
 * PASSIVE_LEVEL (verifier break).
 *
 * @irql PASSIVE_LEVEL
 */
export function WdfFileObjectGetFileName(FileObject: WDFFILEOBJECT): string | null {
  const { names } = machine();
  return ask("WdfFileObjectGetFileName", [FileObject], (file) => (file === 0 ? null : names.fileName(file)));
}

/**
 * The FO_... flags of the file object.
 *
 * @irql <= DISPATCH_LEVEL
 */
export function WdfFileObjectGetFlags(FileObject: WDFFILEOBJECT): number {
  return ask("WdfFileObjectGetFlags", [FileObject], (flags) => flags >>> 0);
}

/**
 * The device the file was opened on.
 *
 * @irql <= DISPATCH_LEVEL
 */
export function WdfFileObjectGetDevice(FileObject: WDFFILEOBJECT): WDFDEVICE {
  return ask("WdfFileObjectGetDevice", [FileObject], (device) => device as WDFDEVICE);
}

/**
 * The I/O manager's FILE_OBJECT.
 *
 * @irql <= DISPATCH_LEVEL
 */
export function WdfFileObjectWdmGetFileObject(FileObject: WDFFILEOBJECT): PFILE_OBJECT {
  return ask("WdfFileObjectWdmGetFileObject", [FileObject], (file) => file as PFILE_OBJECT);
}

/**
 * The process that has opened the file.
 *
 * @irql <= DISPATCH_LEVEL
 */
export function WdfFileObjectGetInitiatorProcessId(FileObject: WDFFILEOBJECT): number {
  return ask("WdfFileObjectGetInitiatorProcessId", [FileObject], (process) => process);
}
