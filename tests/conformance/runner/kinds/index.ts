// The kinds of object `new` can make, by name. A file of their own for each family.

import type { Kind } from "./kind";
import { GENERAL_KINDS } from "./general";
import { LATER_KINDS } from "./later";
import { INTERRUPT_KINDS } from "./interrupts";
import { LOCK_KINDS } from "./locks";
import { MEMORY_KINDS } from "./memory";
import { TARGET_KINDS } from "./target";

export const KINDS: Record<string, Kind> = {
  ...GENERAL_KINDS,
  ...LATER_KINDS,
  ...INTERRUPT_KINDS,
  ...LOCK_KINDS,
  ...MEMORY_KINDS,
  ...TARGET_KINDS,
};
