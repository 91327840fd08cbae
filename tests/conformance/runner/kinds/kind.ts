// What `new KIND NAME ...` makes of a kind.

import type { Suspendable } from "../../../../host/suspension";
import type { WdfObjectAttributes } from "../../../../host/ddi/types";
import type { Rig } from "../rig";
import type { Options } from "../script";

/** What a create DDI gave back. */
export interface Made {
  readonly status: number;
  readonly handle: number;
}

/**
 * Reads the options of a kind, then answers what calls its create DDI. Options nobody has read make the scenario
 * skipped before anything is called.
 */
export type Kind = (
  rig: Rig,
  name: string,
  options: Options,
  attributes: WdfObjectAttributes | undefined,
) => () => Made | Suspendable<Made>;
