// HRESULTs: what UMDF 1 has where KMDF has NTSTATUS.
//
//   31 severity │ 28 the value is an NTSTATUS │ 27-16 facility (7: Win32) │ 15-0 code
//
// A request is completed with an HRESULT; its sender sees the NTSTATUS of it. Only HRESULT_FROM_NT, HRESULT_FROM_WIN32 and
// success values have one.

import { NtStatus } from "../../bindings/abi";

/** A signed 32-bit HRESULT. */
export type HRESULT = number;

const FACILITY_NT_BIT = 0x10000000;
const FACILITY_WIN32 = 7;

export const S_OK: HRESULT = 0;
export const S_FALSE: HRESULT = 1;
export const E_NOTIMPL: HRESULT = 0x80004001 | 0;
export const E_NOINTERFACE: HRESULT = 0x80004002 | 0;
export const E_FAIL: HRESULT = 0x80004005 | 0;
export const E_INVALIDARG: HRESULT = 0x80070057 | 0;
export const E_OUTOFMEMORY: HRESULT = 0x8007000e | 0;

export const ERROR_ACCESS_DENIED = 5;
export const ERROR_INVALID_PARAMETER = 87;
export const ERROR_INSUFFICIENT_BUFFER = 122;
export const ERROR_NO_MORE_ITEMS = 259;
export const ERROR_OPERATION_ABORTED = 995;
export const ERROR_NOT_FOUND = 1168;
export const ERROR_BAD_CONFIGURATION = 1610;
export const ERROR_INVALID_OPERATION = 4317;
export const ERROR_OBJECT_ALREADY_EXISTS = 5010;

/** HRESULT_FROM_WIN32 */
export function HRESULT_FROM_WIN32(error: number): HRESULT {
  return error <= 0 ? error : ((error & 0xffff) | (FACILITY_WIN32 << 16) | 0x80000000) | 0;
}

/** HRESULT_FROM_NT. STATUS_SUCCESS is S_OK. */
export function HRESULT_FROM_NT(status: NtStatus): HRESULT {
  return status === NtStatus.Success ? S_OK : status | FACILITY_NT_BIT;
}

/** SUCCEEDED */
export function SUCCEEDED(hr: HRESULT): boolean {
  return hr >= 0;
}

/** FAILED */
export function FAILED(hr: HRESULT): boolean {
  return hr < 0;
}

/** Win32 errors that mean the same as one NTSTATUS. */
const WIN32: ReadonlyMap<number, NtStatus> = new Map([
  [1, NtStatus.InvalidDeviceRequest],
  [2, NtStatus.ObjectNameNotFound],
  [3, NtStatus.ObjectPathNotFound],
  [ERROR_ACCESS_DENIED, NtStatus.AccessDenied],
  [6, NtStatus.InvalidHandle],
  [8, NtStatus.InsufficientResources],
  [14, NtStatus.InsufficientResources],
  [21, NtStatus.DeviceNotReady],
  [31, NtStatus.Unsuccessful],
  [38, NtStatus.EndOfFile],
  [50, NtStatus.NotSupported],
  [ERROR_INVALID_PARAMETER, NtStatus.InvalidParameter],
  [ERROR_INSUFFICIENT_BUFFER, NtStatus.BufferTooSmall],
  [170, NtStatus.DeviceBusy],
  [234, NtStatus.BufferOverflow],
  [ERROR_NO_MORE_ITEMS, NtStatus.NoMoreEntries],
  [ERROR_OPERATION_ABORTED, NtStatus.Cancelled],
  [1117, NtStatus.IoDeviceError],
  [ERROR_NOT_FOUND, NtStatus.NotFound],
]);

/** NTSTATUS_FROM_WIN32, for errors that have no NTSTATUS of their own. */
const FACILITY_NTWIN32 = 0xc0070000;

/** The NTSTATUS a sender sees; undefined for an HRESULT that stands for none (E_FAIL and its like). */
export function statusOfHresult(hr: HRESULT): NtStatus | undefined {
  if ((hr & FACILITY_NT_BIT) !== 0) return hr & ~FACILITY_NT_BIT;
  if (hr >= 0) return NtStatus.Success;
  if (((hr >>> 16) & 0x1fff) !== FACILITY_WIN32) return undefined;
  const error = hr & 0xffff;
  return WIN32.get(error) ?? (FACILITY_NTWIN32 | error) | 0;
}

/** The HRESULT of a framework's status: where UMDF 1 documents a Win32 error, that; else HRESULT_FROM_NT. */
export function hresultOf(status: NtStatus): HRESULT {
  switch (status) {
    case NtStatus.NoMoreEntries:
      return HRESULT_FROM_WIN32(ERROR_NO_MORE_ITEMS);
    case NtStatus.Cancelled:
      return HRESULT_FROM_WIN32(ERROR_OPERATION_ABORTED);
    case NtStatus.BufferTooSmall:
      return HRESULT_FROM_WIN32(ERROR_INSUFFICIENT_BUFFER);
    case NtStatus.InsufficientResources:
      return E_OUTOFMEMORY;
    default:
      return HRESULT_FROM_NT(status);
  }
}
