// What the host asks before each DDI while rule findings are on.

import { Ddi } from "../abi/irql-rules";
import { isStopped } from "../nt/system";
import * as rules from "../wdf/irql";

/** The caller's level against abi/irql-rules.ts. 1 when a finding was made, which the host takes before it goes on. */
export function checkIrql(ddi: u32): u32 {
  return !isStopped() && rules.checkIrql(ddi as Ddi) ? 1 : 0;
}
