// How the arguments and results of a DDI are written in a trace: one letter each.
//
//   o object handle    s NTSTATUS    n number    b BOOLEAN    c callback (written as set or NULL)    - nothing
//   x left out

import { hex, statusName } from "../format";
import type { Names } from "../naming";

/** Arguments, then the result after a slash. */
const SIGNATURES: Record<string, string> = {
  sendPnp: "on/s",
  WdfDriverCreate: "/o",
  WdfDeviceCreate: "o/s",
  WdfDeviceInitSetIoInCallerContextCallback: "c/-",
  WdfPdoInitAllocate: "o/-",
  WdfDeviceCreateSymbolicLink: "o/s",
  WdfDeviceGetDefaultQueue: "o/o",
  WdfDeviceConfigureRequestDispatching: "oon/s",
  WdfDeviceEnqueueRequest: "oo/s",
  WdfCollectionAdd: "oo/s",
  WdfCollectionCreate: "/s",
  WdfCollectionGetCount: "o/n",
  WdfCollectionGetFirstItem: "o/o",
  WdfCollectionGetItem: "on/o",
  WdfCollectionGetLastItem: "o/o",
  WdfCollectionRemove: "oo/-",
  WdfCollectionRemoveItem: "on/-",
  WdfLookasideListCreate: "nn/s",
  WdfMemoryAssignBuffer: "obn/s",
  WdfMemoryCopyFromBuffer: "onbn/s",
  WdfMemoryCopyToBuffer: "onbn/s",
  WdfMemoryCreate: "nn/s",
  WdfMemoryCreateFromLookaside: "o/s",
  WdfMemoryCreatePreallocated: "bn/s",
  WdfMemoryGetBuffer: "o/-",
  WdfStringCreate: "/s",
  WdfStringGetUnicodeString: "o/-",
  WdfDeviceInitSetRequestAttributes: "/-",
  WdfDeviceInitAssignWdmIrpPreprocessCallback: "cnnn/s",
  WdfDeviceConfigureWdmIrpDispatchCallback: "oonc/s",
  WdfDeviceWdmDispatchIrp: "oon/s",
  WdfDeviceWdmDispatchPreprocessedIrp: "oo/s",
  WdfDeviceWdmDispatchIrpToIoQueue: "ooon/s",
  IoCompleteRequest: "osn/-",
  IoSkipCurrentIrpStackLocation: "o/-",
  IoCopyCurrentIrpStackLocationToNext: "o/-",
  WdfObjectCreate: "/s",
  WdfObjectAllocateContext: "o/s",
  WdfObjectDelete: "o/-",
  WdfObjectReference: "o/-",
  WdfObjectDereference: "o/-",
  WdfObjectAcquireLock: "o/-",
  WdfObjectReleaseLock: "o/-",
  WdfIoQueueCreate: "o/s",
  WdfIoQueueGetState: "o/-",
  WdfIoQueueGetDevice: "o/o",
  WdfIoQueueStart: "o/-",
  WdfIoQueueStop: "ocn/-",
  WdfIoQueueStopSynchronously: "o/-",
  WdfIoQueueStopAndPurge: "ocn/-",
  WdfIoQueueStopAndPurgeSynchronously: "o/-",
  WdfIoQueueDrain: "ocn/-",
  WdfIoQueueDrainSynchronously: "o/-",
  WdfIoQueuePurge: "ocn/-",
  WdfIoQueuePurgeSynchronously: "o/-",
  WdfIoQueueRetrieveNextRequest: "o/s",
  WdfIoQueueRetrieveRequestByFileObject: "oo/s",
  WdfIoQueueRetrieveFoundRequest: "oo/s",
  WdfIoQueueFindRequest: "ooo/s",
  WdfIoQueueReadyNotify: "ocn/s",
  WdfIoQueueAssignForwardProgressPolicy: "o/s",
  WdfRequestComplete: "os/-",
  WdfRequestCompleteWithInformation: "osn/-",
  WdfRequestCompleteWithPriorityBoost: "osn/-",
  WdfRequestSetInformation: "on/-",
  WdfRequestGetInformation: "o/n",
  WdfRequestGetParameters: "o-/-",
  WdfDeviceInitSetFileObjectConfig: "nnn/-",
  WdfDeviceGetFileObject: "oo/o",
  WdfFileObjectGetFileName: "o/o",
  WdfFileObjectGetFlags: "o/n",
  WdfFileObjectGetDevice: "o/o",
  WdfFileObjectWdmGetFileObject: "o/o",
  WdfFileObjectGetInitiatorProcessId: "o/n",
  WdfRequestGetStatus: "o/s",
  WdfRequestGetRequestorMode: "o/n",
  WdfRequestGetRequestorProcessId: "o/n",
  WdfRequestIsFrom32BitProcess: "o/b",
  WdfRequestGetIoQueue: "o/o",
  WdfRequestGetFileObject: "o/o",
  WdfRequestForwardToIoQueue: "oo/s",
  WdfRequestForwardToParentDeviceIoQueue: "oon/s",
  WdfRequestRequeue: "o/s",
  WdfRequestMarkCancelable: "oc/-",
  WdfRequestMarkCancelableEx: "oc/s",
  WdfRequestUnmarkCancelable: "o/s",
  WdfRequestIsCanceled: "o/b",
  WdfRequestIsReserved: "o/b",
  WdfRequestStopAcknowledge: "ob/-",
  WdfRequestCreate: "o/s",
  WdfRequestReuse: "o/s",
  WdfRequestChangeTarget: "oo/s",
  WdfRequestSend: "oo/b",
  WdfRequestCancelSentRequest: "o/b",
  WdfRequestSetCompletionRoutine: "ocn/-",
  WdfRequestFormatRequestUsingCurrentType: "o/-",
  WdfRequestWdmFormatUsingStackLocation: "o/-",
  WdfRequestGetCompletionParams: "o/-",
  WdfDeviceGetIoTarget: "o/o",
  WdfIoTargetCreate: "o/s",
  WdfIoTargetOpen: "onoo/s",
  WdfIoTargetClose: "o/-",
  WdfIoTargetCloseForQueryRemove: "o/-",
  WdfIoTargetStart: "o/s",
  WdfIoTargetStop: "on/-",
  WdfIoTargetPurge: "on/-",
  WdfIoTargetGetState: "o/n",
  WdfIoTargetGetDevice: "o/o",
  WdfIoTargetFormatRequestForRead: "oo/s",
  WdfIoTargetFormatRequestForWrite: "oo/s",
  WdfIoTargetFormatRequestForIoctl: "oo/s",
  WdfIoTargetFormatRequestForInternalIoctl: "oo/s",
  WdfIoTargetSendReadSynchronously: "oo/s",
  WdfIoTargetSendWriteSynchronously: "oo/s",
  WdfIoTargetSendIoctlSynchronously: "oo/s",
  WdfIoTargetSendInternalIoctlSynchronously: "oo/s",
  WdfRequestRetrieveInputBuffer: "on/s",
  WdfRequestRetrieveOutputBuffer: "on/s",
  WdfRequestRetrieveInputMemory: "o/s",
  WdfRequestRetrieveOutputMemory: "o/s",
  WdfRequestProbeAndLockUserBufferForRead: "obn/s",
  WdfRequestProbeAndLockUserBufferForWrite: "obn/s",
  WdfRequestRetrieveInputWdmMdl: "o/s",
  WdfRequestRetrieveOutputWdmMdl: "o/s",
  WdfRequestRetrieveUnsafeUserInputBuffer: "on/s",
  WdfRequestRetrieveUnsafeUserOutputBuffer: "on/s",
  ExCreateCallback: "bb/s",
  ExRegisterCallback: "oc/o",
  ExUnregisterCallback: "o/-",
  ExNotifyCallback: "ox/-",
  ObReferenceObject: "o/-",
  ObDereferenceObject: "o/-",
  notifySystemCallback: "nx/-",
  KeGetCurrentIrql: "/n",
  KeGetCurrentProcessorNumberEx: "/n",
  KeQueryActiveProcessorCountEx: "n/n",
  KeRaiseIrql: "n/n",
  KeLowerIrql: "n/-",
  KeRaiseIrqlToDpcLevel: "/n",
  KeEnterCriticalRegion: "/-",
  KeLeaveCriticalRegion: "/-",
  KeEnterGuardedRegion: "/-",
  KeLeaveGuardedRegion: "/-",
  KeAreApcsDisabled: "/b",
  KeAreAllApcsDisabled: "/b",
};

function format(letter: string | undefined, value: unknown, names: Names): string {
  switch (letter) {
    case "o":
      return value === 0 ? "NULL" : names.name(Number(value));
    case "s":
      return statusName(Number(value));
    case "b":
      return value ? "TRUE" : "FALSE";
    case "c":
      return value === 0 ? "NULL" : "callback";
    case "-":
    case "x":
      return "";
    case "n":
      return String(Number(value) >>> 0);
    default:
      return typeof value === "number" ? hex(value) : "";
  }
}

/** The arguments of a call, blank-separated. A callback's context of 0 is left out. */
export function formatArguments(name: string, args: readonly number[], names: Names): string {
  const [letters] = (SIGNATURES[name] ?? "").split("/");
  return args
    .map((value, index) => {
      const noContext = letters[index] === "n" && letters[index - 1] === "c" && value === 0;
      return noContext ? "" : format(letters[index], value, names);
    })
    .filter((text) => text !== "")
    .join(" ");
}

/** The result of a call: a status, a handle, or a status with what came with it. */
export function formatResult(name: string, result: unknown, names: Names): string {
  const letter = (SIGNATURES[name] ?? "/").split("/")[1];
  if (letter === "-" || letter === "" || result === undefined) return "";
  if (typeof result !== "object" || result === null) return format(letter, result, names);
  const { status, ...rest } = result as Record<string, unknown>;
  const handles = Object.values(rest).filter((value) => typeof value === "number" && value !== 0);
  return [statusName(Number(status)), ...handles.map((handle) => names.name(Number(handle)))].join(" ");
}
