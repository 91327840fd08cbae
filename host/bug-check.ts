// What a Stop tells the user: its code and parameters, and what it is about in words.

import { BugCheck, WORD_STOP } from "../bindings/abi";
import { BugCheckError } from "./errors";
import type { Ledger } from "./ledger";
import { powerReport } from "./power-report";

/** The error of the Stop that the core has come to; with what a routine threw, when that was it. */
export function bugCheck({ core, names, irps }: Ledger, thrown: unknown): BugCheckError {
  const [code, p1, p2, p3, p4] = core.words.subarray(WORD_STOP, WORD_STOP + 5);
  const objects = code === (BugCheck.SpinLockAlreadyOwned as number) ? [p1] : [p2, p3, p4];
  const about = (): string => powerReport(core, names, irps) || names.among(objects);
  const detail = thrown === undefined ? about() : `a driver routine threw ${String(thrown)}`;
  return new BugCheckError(code >>> 0, [p1, p2, p3, p4], detail, thrown);
}
