// A lane: what a port does for each request, as closures over what never changes. In a program with one System an engine
// takes all of it for constants, the view of memory included: a request costs a third less than with objects.
//
// A lane does by hand what Turns.input does for other inputs and Machine.pump with events. Whatever is not the common case
// is left to those. It ends when memory grows: the port then gets another (port.ts).

import {
  EventKind,
  HANDLE_INDEX_MASK,
  RoutineKind,
  WORD_ATTENTION,
  WORD_CALL,
  WORD_DIRECT,
  WORD_READY,
  WORD_RING_BASE,
  WORD_RING_CAPACITY,
  WORD_RING_HEAD,
  WORD_RING_TAIL,
  WORD_RUNNING,
  WORD_SHORT_RETURN,
  WdfRequestType,
} from "../bindings/abi";
import { enter, leave } from "./current";
import type { Machine } from "./machine";
import { Busy, Mode } from "./mode";
import type { Port } from "./port";
import type { Turns } from "./turns";

export interface Lane {
  send(type: number, length: number): number;
  cancel(handle: number): void;
}

/** The lane of a port, good until memory grows. */
export function laneOf(port: Port, machine: Machine, turns: Turns): Lane {
  const { cancel } = machine.exports;
  const take = taking(port, machine);
  const sendNow = sending(port, machine, take);

  const end = (before: Machine | null): void => {
    leave(before);
    if (machine.busy === Busy.Pumping) machine.busy = Busy.No;
    else turns.goOn();
  };

  return {
    send(type, length) {
      if (machine.busy !== Busy.No) {
        turns.input(() => void sendNow(type, length));
        return 0;
      }
      machine.busy = Busy.Pumping;
      const before = enter(machine);
      try {
        return sendNow(type, length);
      } catch (error) {
        throw turns.over(error);
      } finally {
        end(before);
      }
    },
    cancel(handle) {
      if (machine.busy !== Busy.No) {
        turns.input(() => void cancel(handle));
        return;
      }
      machine.busy = Busy.Pumping;
      const before = enter(machine);
      try {
        cancel(handle);
        take();
      } catch (error) {
        throw turns.over(error);
      } finally {
        end(before);
      }
    },
  };
}

/** Sends, runs the handler, and takes note of what that brought. */
function sending({ device, number, done }: Port, machine: Machine, take: () => void): Lane["send"] {
  const { sendTransferDirect } = machine.exports;
  const { plain } = machine;
  const { through } = machine.irps;
  const { words } = machine.core;
  const present = presenting(machine);
  return (type, length) => {
    const handle = sendTransferDirect(device, type, length, 0);
    if (handle === 0) {
      done(0, machine.names.refusal(device), 0);
      return 0;
    }
    through[handle & HANDLE_INDEX_MASK] = number;
    const callback = words[WORD_DIRECT];
    if (callback !== 0) {
      const routine = plain[callback];
      if (routine === null) machine.start(words, kindOf(type), callback, handle, length);
      else present(routine, type, handle, length);
    }
    take();
    return handle;
  };
}

/** Calls the handler of a transfer that has been sent. */
function presenting(machine: Machine) {
  const { words } = machine.core;
  return (routine: (...args: number[]) => unknown, type: number, request: number, length: number): void => {
    const activation = words[WORD_RUNNING];
    machine.activation = activation;
    machine.mode = Mode.Plain;
    let result: unknown;
    try {
      // Two calls that an engine tells apart: in each of them it sees one function, and may put it there.
      if (type === WdfRequestType.Read) result = routine(words[WORD_CALL], request, length);
      else result = routine(words[WORD_CALL], request, length);
    } catch (error) {
      machine.threw(activation, error);
    }
    machine.activation = 0;
    machine.mode = Mode.Outside;
    if (result === undefined && words[WORD_SHORT_RETURN] === 1) words[WORD_RUNNING] = 0;
    else machine.ended(activation, kindOf(type), result); // also when memory has grown: a view of the past has no words
  };
}

/** Takes completions of the port's requests; leaves the rest to the pump. */
function taking({ number, done }: Port, machine: Machine): () => void {
  const { contexts } = machine;
  const { through } = machine.irps;
  const { words } = machine.core;
  const ring = words[WORD_RING_BASE] >> 2;
  const ringMask = words[WORD_RING_CAPACITY] - 1;
  return () => {
    let head = words[WORD_RING_HEAD];
    if (words[WORD_ATTENTION] === 0 && contexts.areNone) {
      while (head !== words[WORD_RING_TAIL]) {
        const at = ring + ((head & ringMask) << 2);
        const handle = words[at + 1];
        const index = handle & HANDLE_INDEX_MASK;
        if ((words[at] & 0xff) !== EventKind.RequestCompleted || through[index] !== number) break;
        through[index] = 0;
        head = (head + 1) | 0;
        words[WORD_RING_HEAD] = head;
        done(handle, words[at + 2], words[at + 3] >>> 0);
      }
    }
    const left = words[WORD_ATTENTION] | words[WORD_RUNNING] | words[WORD_READY] | (words[WORD_RING_TAIL] ^ head);
    if (left !== 0 || words.length === 0 || machine.letTimePass !== null) machine.pump(0);
  };
}

function kindOf(type: number): RoutineKind {
  return type === WdfRequestType.Read ? RoutineKind.IoRead : RoutineKind.IoWrite;
}
