// What the sections of the table of levels (irql-rules.ts) mean.

import { Irql } from "./irql";
import { Ddi } from "./irql-rules";

/** The highest level at which it may be called. */
export function highestIrql(ddi: Ddi): Irql {
  if (ddi < Ddi.EndOfPassive) return Irql.Passive;
  if (ddi < Ddi.EndOfApc) return Irql.Apc;
  if (ddi < Ddi.EndOfDispatch) return Irql.Dispatch;
  if (ddi < Ddi.EndOfDirql) return Irql.DeviceMax;
  if (ddi < Ddi.EndOfAny) return Irql.High;
  if (ddi < Ddi.EndOfApcOnly) return Irql.Apc;
  return ddi < Ddi.EndOfDispatchOnly ? Irql.Dispatch : Irql.High;
}

/** The lowest level at which it may be called. */
export function lowestIrql(ddi: Ddi): Irql {
  if (ddi < Ddi.EndOfAny) return Irql.Passive;
  return ddi < Ddi.EndOfApcOnly ? Irql.Apc : Irql.Dispatch;
}
