// Formatting: a target writes the next stack location of a request's IRP, and keeps the memory it names alive.
//
//   release what an earlier format holds ─▶ is the target open, has the IRP room? ─▶ hold the WDFMEMORYs ─▶ next location
//
// The references last until the request is reused, formatted again, completed or deleted.
//
// Source: FxIoTargetFormatIo, FxIoTarget::FormatIoRequest, FormatIoctlRequest, IFxMemory::ValidateMemoryOffsets.

import { NtStatus } from "../abi/status";
import { FormatWord } from "../abi/target";
import { WdfRequestType } from "../abi/wdf";
import { word } from "../nt/scratch";
import { holdMemory, memorySize } from "./memory-range";
import { Request } from "./request";
import { SendingFlag, prepare } from "./sending";
import { Target } from "./target";
import { releaseContext, validateTarget } from "./request-create";

/** STATUS_INTEGER_OVERFLOW for a range beyond its WDFMEMORY. */
export function validateMemory(): NtStatus {
  if (!fits(FormatWord.Memory, FormatWord.HasOffset)) return NtStatus.IntegerOverflow;
  return fits(FormatWord.InputMemory, FormatWord.HasInputOffset) ? NtStatus.Success : NtStatus.IntegerOverflow;
}

/** The words after `given` are offset and length. */
function fits(memory: u32, given: u32): bool {
  if (word(memory) == 0 || word(given) == 0) return true;
  return (word(given + 1) as u64) + (word(given + 2) as u64) <= (memorySize(word(memory)) as u64);
}

/** How many bytes a buffer has: the range that was named, the rest of its memory, or what is no WDFMEMORY. */
function lengthOf(memory: u32, given: u32, plain: u32): u32 {
  if (word(memory) == 0) return word(plain);
  const size = memorySize(word(memory));
  if (word(given) == 0) return size;
  return word(given + 2) != 0 ? word(given + 2) : size - word(given + 1);
}

/** A WDFMEMORY, else bytes the host lends. */
function memoryOf(memory: u32, lent: u32): u32 {
  return word(memory) != 0 ? word(memory) : word(lent);
}

/** `tells`: the completion parameters name the request's type and memory (not for WdfIoTargetSend...Synchronously). */
export function format(t: Target, r: Request, major: u32, tells: bool): NtStatus {
  const status = validateTarget(t, r);
  if (status < 0) return status;
  const s = prepare(r);
  releaseContext(s);
  s.major = major;
  s.length = lengthOf(FormatWord.Memory, FormatWord.HasOffset, FormatWord.BufferLength);
  s.inputLength = 0;
  s.code = 0;
  s.offsetLow = 0;
  s.offsetHigh = 0;
  if (major == (WdfRequestType.Read as u32) || major == (WdfRequestType.Write as u32)) {
    s.offsetLow = word(FormatWord.DeviceOffsetLow);
    s.offsetHigh = word(FormatWord.DeviceOffsetHigh);
  } else {
    s.code = word(FormatWord.Code);
    s.inputLength = lengthOf(FormatWord.InputMemory, FormatWord.HasInputOffset, FormatWord.InputBufferLength);
    s.inputMemory = memoryOf(FormatWord.InputMemory, FormatWord.InputBuffer);
    s.inputOffset = word(FormatWord.HasInputOffset) != 0 ? word(FormatWord.InputOffset) : 0;
    holdMemory(s.inputMemory);
  }
  s.memory = memoryOf(FormatWord.Memory, FormatWord.Buffer);
  s.memoryOffset = word(FormatWord.HasOffset) != 0 ? word(FormatWord.Offset) : 0;
  holdMemory(s.memory);
  s.resultStatus = NtStatus.Success;
  s.resultInformation = 0;
  if (tells) s.type = major;
  s.set((SendingFlag.HasContext as u32) | SendingFlag.Formatted);
  return NtStatus.Success;
}
