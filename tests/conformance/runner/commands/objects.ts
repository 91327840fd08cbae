// Commands about objects of any kind: making and deleting them, references, contexts.

import * as wdf from "../../../../host/ddi/object";
import type { WDFOBJECT, WDFREQUEST } from "../../../../host/ddi/types";
import { attributesOf, contextType } from "../attributes";
import { KINDS } from "../kinds";
import type { Rig, Script } from "../rig";
import { type Command, Options, parseNumber } from "../script";
import { Unsupported } from "../world";
import { ddi, told } from "./common";
import { refuseUnknown } from "./device";
import type { RunCommand } from "./index";

/** `new KIND NAME ...` */
function* make(rig: Rig, { words }: Command): Script {
  const [kind, name, ...rest] = words;
  const reads = KINDS[kind];
  if (reads === undefined) throw new Unsupported(`new ${kind}`);
  const options = new Options(rest);
  const create = reads(rig, name, options, attributesOf(rig, name, options));
  refuseUnknown(`new ${kind}`, options);
  const head = `Create ${kind} ${name}`;
  const made = yield* ddi(rig, head, create, ({ status }) => `${head} ${told(status)}`);
  if (made.status >= 0) rig.world.addObject(name, made.handle);
  if (made.status >= 0 && kind === "request") rig.world.addMade(name, made.handle as WDFREQUEST);
  if (made.status >= 0 && kind === "target") rig.world.targetNames.set(made.handle, name);
  return undefined;
}

/** One object, nothing to say. */
function about(name: string, run: (object: WDFOBJECT, tag: number) => unknown): RunCommand {
  return function* (rig: Rig, { words }: Command): Script {
    const object = rig.world.handle(words[0]) as WDFOBJECT;
    const head = [name, ...words].join(" ");
    yield* ddi(rig, head, () => run(object, parseNumber(words[1] ?? "0")) as never, () => head);
    return undefined;
  };
}

/** `allocctx NAME ...`: the context it gave back stands in a line of its own. */
function* allocctx(rig: Rig, { words }: Command): Script {
  const options = new Options(words.slice(1));
  const attributes = attributesOf(rig, words[0], options);
  refuseUnknown("allocctx", options);
  const object = rig.world.handle(words[0]) as WDFOBJECT;
  const head = ["WdfObjectAllocateContext", ...words].join(" ");
  const { context } = yield* ddi(
    rig,
    head,
    () => wdf.WdfObjectAllocateContext(object, attributes as never),
    ({ status }) => `${head} ${told(status)}`,
  );
  rig.say(`context ${context === undefined ? "NULL" : "pointer"}`);
  return undefined;
}

/** `getctx NAME [TYPE]`: whose it is, and whether anything in it is not zero. */
function* getctx(rig: Rig, { words }: Command): Script {
  const [name, type = "A"] = words;
  const context = wdf.WdfObjectGetTypedContext(rig.world.handle(name) as WDFOBJECT, contextType(rig, type));
  rig.machine.takeNotifications();
  if (context === undefined) {
    rig.say(`WdfObjectGetTypedContext ${name} ${type} = NULL`);
    return undefined;
  }
  const owner = rig.world.nameOf(wdf.WdfObjectContextGetObject(context));
  rig.say(`WdfObjectGetTypedContext ${name} ${type} = pointer object=${owner} nonzero=${Object.keys(context).length}`);
  return undefined;
}

export const OBJECT_COMMANDS: Record<string, RunCommand> = {
  new: make,
  del: about("WdfObjectDelete", wdf.WdfObjectDelete),
  ref: about("WdfObjectReference", wdf.WdfObjectReference),
  unref: about("WdfObjectDereference", wdf.WdfObjectDereference),
  reftag: about("WdfObjectReferenceWithTag", wdf.WdfObjectReferenceWithTag),
  unreftag: about("WdfObjectDereferenceWithTag", wdf.WdfObjectDereferenceWithTag),
  allocctx,
  getctx,
};
