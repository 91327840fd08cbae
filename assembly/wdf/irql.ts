// The documented IRQL of the DDIs, as rule findings of ours: they change no outcome.
//
// The levels are data (abi/irql-rules.ts). The host asks `checkIrql` before each DDI while rules are on; a DDI whose
// arguments narrow the levels asks `irqlAtMost` for itself. What the framework's verifier or a Stop says about the same
// mistake comes after, from the DDI.

import { EventKind } from "../abi/event";
import { FindingId, IRQL_ALLOWED_SHIFT } from "../abi/finding";
import { Irql } from "../abi/irql";
import { highestIrql, lowestIrql } from "../abi/irql-limits";
import { Ddi } from "../abi/irql-rules";
import { Switch } from "../abi/layout";
import { currentIrql } from "../nt/processor";
import { emit } from "../nt/ring";
import { isOn } from "../nt/system";

/** The level against the table. True when there was something to say. */
export function checkIrql(ddi: Ddi): bool {
  const irql = currentIrql();
  if (irql > (highestIrql(ddi) as u32)) return find(FindingId.IrqlTooHigh, ddi, highestIrql(ddi));
  return irql < (lowestIrql(ddi) as u32) && find(FindingId.IrqlTooLow, ddi, lowestIrql(ddi));
}

/** With its arguments the DDI may not be called above that level. */
export function irqlAtMost(ddi: Ddi, allowed: Irql): void {
  if (currentIrql() > (allowed as u32)) find(FindingId.IrqlTooHigh, ddi, allowed);
}

function find(what: FindingId, ddi: Ddi, allowed: Irql): bool {
  if (!isOn(Switch.Rules)) return false;
  emit(EventKind.Finding, 0, what, (ddi as u32) | ((allowed as u32) << IRQL_ALLOWED_SHIFT), currentIrql());
  return true;
}
