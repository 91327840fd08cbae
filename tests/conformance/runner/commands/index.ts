// The commands that are built, by name. A scenario with any other is skipped.

import type { Rig, Script } from "../rig";
import type { Scope } from "../run";
import type { Command } from "../script";
import { BUS_COMMANDS } from "./bus";
import { BUFFER_COMMANDS } from "./buffer";
import { DEVICE_COMMANDS } from "./device";
import { FILE_COMMANDS } from "./file";
import { FLOW_COMMANDS } from "./flow";
import { INTERRUPT_COMMANDS } from "./interrupt";
import { LOCK_COMMANDS } from "./lock";
import { MEMORY_COMMANDS } from "./memory";
import { IDLE_COMMANDS } from "./idle";
import { LATER_COMMANDS } from "./later";
import { OBJECT_COMMANDS } from "./objects";
import { QUEUE_COMMANDS } from "./queue";
import { REQUEST_COMMANDS } from "./request";
import { SEND_COMMANDS } from "./send";
import { TARGET_COMMANDS } from "./target";

/** Runs a command in the current thread. */
export type RunCommand = (rig: Rig, command: Command, scope: Scope) => Script;

export const COMMANDS: Record<string, RunCommand> = {
  ...FLOW_COMMANDS,
  ...DEVICE_COMMANDS,
  ...QUEUE_COMMANDS,
  ...REQUEST_COMMANDS,
  ...FILE_COMMANDS,
  ...BUS_COMMANDS,
  ...SEND_COMMANDS,
  ...TARGET_COMMANDS,
  ...BUFFER_COMMANDS,
  ...OBJECT_COMMANDS,
  ...INTERRUPT_COMMANDS,
  ...LOCK_COMMANDS,
  ...MEMORY_COMMANDS,
  ...LATER_COMMANDS,
  ...IDLE_COMMANDS,
};
