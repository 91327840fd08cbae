// WDF_REQUEST_SEND_OPTIONS on their way to the core.

import { STRUCTURE_SIZE, SendOptionsWord } from "../../bindings/abi";
import type { Machine } from "../machine";
import type { WdfRequestSendOptions } from "./target-types";

const HIGH = 2 ** 32;

/** Writes WDF_REQUEST_SEND_OPTIONS into the scratch area. */
export function writeSendOptions(m: Machine, options: WdfRequestSendOptions | undefined): void {
  const timeout = options?.timeout ?? 0;
  m.core.writeScratch(SendOptionsWord.Present, [
    options === undefined ? 0 : 1,
    options?.size ?? STRUCTURE_SIZE,
    options?.flags ?? 0,
    timeout % HIGH | 0,
    Math.floor(timeout / HIGH) | 0,
  ]);
}
