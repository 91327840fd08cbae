// WDF_REQUEST_SEND_OPTIONS on their way to the core.

import { STRUCTURE_SIZE, SendOptionsWord } from "../../bindings/abi";
import type { Machine } from "../machine";
import type { WdfRequestSendOptions } from "./target-types";

const HIGH = 2 ** 32;
const NONE = [0, STRUCTURE_SIZE, 0, 0, 0];

/** Writes WDF_REQUEST_SEND_OPTIONS into the scratch area. */
export function writeSendOptions(m: Machine, options: WdfRequestSendOptions | undefined): void {
  if (options === undefined) {
    m.core.writeScratch(SendOptionsWord.Present, NONE);
    return;
  }
  const { timeout = 0, size = STRUCTURE_SIZE, flags } = options;
  m.core.writeScratch(SendOptionsWord.Present, [1, size, flags, timeout % HIGH | 0, Math.floor(timeout / HIGH) | 0]);
}
