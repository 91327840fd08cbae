// Texts as words of the core, which knows them by numbers.

import type { Machine } from "../machine";

/** The number of a text, so that a trace can show it; 0 for a NULL pointer. */
export function textNumber(m: Machine, text: string | null): number {
  return text === null ? 0 : m.names.text(text);
}
