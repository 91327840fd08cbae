// Commands about collections and memory objects.

import * as collections from "../../../../host/ddi/collection";
import * as memories from "../../../../host/ddi/memory";
import type { WDFCOLLECTION, WDFMEMORY, WDFOBJECT } from "../../../../host/ddi/types";
import type { Rig, Script } from "../rig";
import { type Command, parseNumber } from "../script";
import { Unsupported } from "../world";
import { ddi, oneLine, told } from "./common";
import type { RunCommand } from "./index";

/** `coll VERB C [X]` */
function* coll(rig: Rig, { words }: Command): Script {
  const [verb, name, item] = words;
  const collection = rig.world.handle(name) as WDFCOLLECTION;
  switch (verb) {
    case "add": {
      const head = `WdfCollectionAdd ${name} ${item}`;
      const object = rig.world.handle(item) as WDFOBJECT;
      yield* ddi(rig, head, () => collections.WdfCollectionAdd(collection, object) as number, (status) => `${head} ${told(status)}`);
      return undefined;
    }
    case "remove": {
      const object = rig.world.handle(item) as WDFOBJECT;
      yield* removing(rig, `WdfCollectionRemove ${name} ${item}`, () => collections.WdfCollectionRemove(collection, object));
      return undefined;
    }
    case "removeitem":
      yield* removing(rig, `WdfCollectionRemoveItem ${name} ${item}`, () =>
        collections.WdfCollectionRemoveItem(collection, parseNumber(item)),
      );
      return undefined;
    default:
      look(rig, verb, name, collection, item);
      return undefined;
  }
}

function* removing(rig: Rig, head: string, run: () => unknown): Script {
  yield* ddi(rig, head, () => run() as never, () => head);
  return undefined;
}

/** What only looks. */
function look(rig: Rig, verb: string, name: string, collection: WDFCOLLECTION, item: string | undefined): void {
  const object = (handle: number): string => (handle === 0 ? "NULL" : rig.world.nameOf(handle));
  switch (verb) {
    case "count":
      oneLine(rig, () => collections.WdfCollectionGetCount(collection), (count) => `WdfCollectionGetCount ${name} = ${count}`);
      break;
    case "first":
      oneLine(rig, () => collections.WdfCollectionGetFirstItem(collection), (it) => `WdfCollectionGetFirstItem ${name} = ${object(it)}`);
      break;
    case "last":
      oneLine(rig, () => collections.WdfCollectionGetLastItem(collection), (it) => `WdfCollectionGetLastItem ${name} = ${object(it)}`);
      break;
    case "get": {
      const index = parseNumber(item ?? "0");
      const head = `WdfCollectionGetItem ${name} ${index}`;
      oneLine(rig, () => collections.WdfCollectionGetItem(collection, index), (it) => `${head} = ${object(it)}`);
      break;
    }
    default:
      throw new Unsupported(`coll ${verb}`);
  }
}

/** Bytes as a trace shows them: up to the first twelve of a buffer. */
function text(bytes: Uint8Array): string {
  return `"${String.fromCharCode(...bytes)}"`;
}

const SHOWN = 12;
const UNTOUCHED = "z".charCodeAt(0);
const FIRST = "0".charCodeAt(0);
const DIGITS = 10;

function* membuf(rig: Rig, { words }: Command): Script {
  const memory = rig.world.handle(words[0]) as WDFMEMORY;
  oneLine(
    rig,
    () => memories.WdfMemoryGetBuffer(memory),
    (bytes) => `WdfMemoryGetBuffer ${words[0]} = pointer len=${bytes.length} ${text(bytes.subarray(0, SHOWN))}`,
  );
  return undefined;
}

/** `memcopyto M OFF LEN`: what came out stands in a line of its own. */
function* memcopyto(rig: Rig, { words }: Command): Script {
  const [name, offset, length] = words;
  const memory = rig.world.handle(name) as WDFMEMORY;
  const buffer = new Uint8Array(parseNumber(length)).fill(UNTOUCHED);
  const head = `WdfMemoryCopyToBuffer ${name} off=${offset} len=${length}`;
  const copy = (): number => memories.WdfMemoryCopyToBuffer(memory, parseNumber(offset), buffer);
  yield* ddi(rig, head, copy, (status) => `${head} ${told(status)}`);
  rig.say(`data ${text(buffer)}`);
  return undefined;
}

/** `memcopyfrom M OFF LEN`: digits go in. */
function* memcopyfrom(rig: Rig, { words }: Command): Script {
  const [name, offset, length] = words;
  const memory = rig.world.handle(name) as WDFMEMORY;
  const buffer = Uint8Array.from({ length: parseNumber(length) }, (_, index) => FIRST + (index % DIGITS));
  const head = `WdfMemoryCopyFromBuffer ${name} off=${offset} len=${length}`;
  const copy = (): number => memories.WdfMemoryCopyFromBuffer(memory, parseNumber(offset), buffer);
  yield* ddi(rig, head, copy, (status) => `${head} ${told(status)}`);
  return undefined;
}

function* memassign(rig: Rig, { words }: Command): Script {
  const memory = rig.world.handle(words[0]) as WDFMEMORY;
  const head = `WdfMemoryAssignBuffer ${words[0]} ${words[1]}`;
  const assign = (): number => memories.WdfMemoryAssignBuffer(memory, new Uint8Array(parseNumber(words[1])));
  yield* ddi(rig, head, assign, (status) => `${head} ${told(status)}`);
  return undefined;
}

export const MEMORY_COMMANDS: Record<string, RunCommand> = { coll, membuf, memcopyto, memcopyfrom, memassign };
