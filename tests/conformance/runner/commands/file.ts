// Commands about file objects: create, cleanup, close, and what they tell of themselves.

import { WdfRequestType } from "../../../../bindings/abi";
import * as wdf from "../../../../host/ddi/file";
import type { PFILE_OBJECT } from "../../../../host/ddi/types";
import type { Rig, Script } from "../rig";
import { type Command, Options } from "../script";
import { oneLine } from "./common";
import { refuseUnknown } from "./device";
import type { RunCommand } from "./index";
import { send } from "./request";

/** `create F [name=..] [flags=N]` */
function* create(rig: Rig, { words }: Command): Script {
  const options = new Options(words.slice(1));
  const flags = options.number("flags") ?? 0;
  const name = options.text("name") ?? "";
  refuseUnknown("create", options);
  const file = rig.machine.exports.createFile(rig.world.device, flags);
  rig.machine.names.addFile(file, name);
  rig.world.files.set(words[0], file as PFILE_OBJECT);
  return yield* sendAbout(rig, "create", words[0], WdfRequestType.Create);
}

/** An IRP about a file object, named after it. */
function* sendAbout(rig: Rig, what: string, file: string, major: WdfRequestType): Script {
  const request = `${what}_${file}`;
  yield* send(rig, request, request, request, { major, file: rig.world.files.get(file) ?? 0 });
  return undefined;
}

function about(what: string, major: WdfRequestType): RunCommand {
  return function* (rig: Rig, { words }: Command): Script {
    refuseUnknown(what, new Options(words.slice(1)));
    return yield* sendAbout(rig, what, words[0], major);
  };
}

/** The WDFFILEOBJECT of a file of the script. */
function objectOf(rig: Rig, name: string): number {
  const file = wdf.WdfDeviceGetFileObject(rig.world.device, rig.world.file(name));
  rig.machine.takeNotifications();
  return file;
}

function* getfile(rig: Rig, { words }: Command): Script {
  const file = rig.world.file(words[0]);
  const run = (): number => wdf.WdfDeviceGetFileObject(rig.world.device, file);
  oneLine(rig, run, (object) => `WdfDeviceGetFileObject ${words[0]} = ${object === 0 ? "NULL" : "handle"}`);
  return undefined;
}

/** `fileinfo F`: all accessors in one line. */
function* fileinfo(rig: Rig, { words }: Command): Script {
  const [name] = words;
  const object = objectOf(rig, name) as never;
  if (object === 0) {
    rig.say(`fileinfo ${name}: no WDFFILEOBJECT`);
    return undefined;
  }
  const device = wdf.WdfFileObjectGetDevice(object) === rig.world.device ? "dev" : "?";
  const wdm = wdf.WdfFileObjectWdmGetFileObject(object) === rig.world.file(name) ? "same" : "other";
  const flags = wdf.WdfFileObjectGetFlags(object).toString(16);
  rig.say(`WdfFileObject ${name} flags=0x${flags} name="${wdf.WdfFileObjectGetFileName(object)}" device=${device} wdm=${wdm}`);
  return undefined;
}

export const FILE_COMMANDS: Record<string, RunCommand> = {
  create,
  cleanup: about("cleanup", WdfRequestType.Cleanup),
  close: about("close", WdfRequestType.Close),
  getfile,
  fileinfo,
};
