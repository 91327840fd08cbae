// The members of the structures drivers fill in, for telling misspelled ones.

import type { Known } from "../misspelled";
import type { WdfFileObjectConfig, WdfIoQueueConfig, WdfPnpPowerEventCallbacks } from "./types";

export const IO_QUEUE_CONFIG: Known<WdfIoQueueConfig> = {
  dispatchType: true,
  powerManaged: true,
  allowZeroLengthRequests: true,
  defaultQueue: true,
  evtIoDefault: true,
  evtIoRead: true,
  evtIoWrite: true,
  evtIoDeviceControl: true,
  evtIoInternalDeviceControl: true,
  evtIoStop: true,
  evtIoResume: true,
  evtIoCanceledOnQueue: true,
  numberOfPresentedRequests: true,
  size: true,
};

export const PNP_POWER_EVENT_CALLBACKS: Known<WdfPnpPowerEventCallbacks> = {
  evtDeviceD0Entry: true,
  evtDeviceD0Exit: true,
  evtDeviceSelfManagedIoInit: true,
  evtDevicePrepareHardware: true,
  evtDeviceReleaseHardware: true,
  evtDeviceD0EntryPostInterruptsEnabled: true,
  evtDeviceD0ExitPreInterruptsDisabled: true,
  evtDeviceSelfManagedIoRestart: true,
  evtDeviceSelfManagedIoSuspend: true,
  evtDeviceSelfManagedIoFlush: true,
  evtDeviceSelfManagedIoCleanup: true,
  evtDeviceSurpriseRemoval: true,
  evtDeviceQueryRemove: true,
  evtDeviceQueryStop: true,
};

export const FILE_OBJECT_CONFIG: Known<WdfFileObjectConfig> = {
  evtDeviceFileCreate: true,
  evtFileCleanup: true,
  evtFileClose: true,
  autoForwardCleanupClose: true,
  fileObjectClass: true,
  size: true,
};
