// Inputs and inspectors of the choices (nt/choice.ts).

import { ChoicePolicy, Memory } from "../abi/choice";
import { startChoosing } from "../nt/choice";
import { isStopped, refreshCaution, system } from "../nt/system";
import { offerProcessor } from "../wdf/dispatch";
import { endShortReturn } from "../wdf/straight";

/** Choices are made from now on. The answer is the address the tape of `tapeLength` bytes is to be written to. */
export function makeChoices(policy: u32, seed: u32, tapeLength: u32): usize {
  return startChoosing(policy as ChoicePolicy, seed, tapeLength);
}

/** Whether an allocation fails is a choice from now on. Choices are made. */
export function chooseAllocations(): void {
  system.lowMemory |= Memory.MayFail;
  refreshCaution();
}

/**
 * A routine has come to the end of a DDI, whose result is given, or is about to begin: it goes on, or something else that is
 * ready does (Attention.Switched). `plain`: it is a plain function, above which the host may put others on its stack but which it
 * cannot leave.
 */
export function boundary(result: u32, plain: u32): void {
  if (system.running != 0 && !isStopped()) offerProcessor(result, plain != 0);
}

/** While on, inputs made while nothing runs only become ready. */
export function holdInputs(on: u32): void {
  endShortReturn();
  system.held = on;
  refreshCaution();
}

/** How many choices have been made so far. */
export function choicesMade(): u32 {
  return system.choiceCount;
}

/** The first piece of the trail (abi/choice.ts), 0 without choices. */
export function trail(): usize {
  return system.trailFirst;
}
