// Commands about file objects: create, cleanup, close.

import type { WDFFILEOBJECT } from "../../../../host/ddi/types";
import type { Rig, Script } from "../rig";
import { type Command, Options } from "../script";
import { refuseUnknown } from "./device";
import type { RunCommand } from "./index";
import { send } from "./request";

const CREATE = 0;
const CLOSE = 2;
const CLEANUP = 18;

/** An IRP about a file object, named after it. */
function fileIrp(name: string, major: number): RunCommand {
  return function* (rig: Rig, { words }: Command): Script {
    refuseUnknown(name, new Options(words.slice(1)));
    const file = words[0];
    if (major === CREATE) rig.world.files.set(file, rig.machine.exports.createFile(rig.world.device) as WDFFILEOBJECT);
    const request = `${name}_${file}`;
    yield* send(rig, request, request, request, { major, file: rig.world.files.get(file) ?? 0 });
    return undefined;
  };
}

export const FILE_COMMANDS: Record<string, RunCommand> = {
  create: fileIrp("create", CREATE),
  cleanup: fileIrp("cleanup", CLEANUP),
  close: fileIrp("close", CLOSE),
};
