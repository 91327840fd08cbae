// The host's half of the executive: what cannot lie in linear memory.
//
//   names      texts of name components ─▶ the numbers the core compares (assembly/abi/executive.ts)
//   values     the two arguments of a notification under way, whatever they are, by number
//   contexts   what a routine was registered with, by registration
//   adapters   one routine for the core per function of the driver: it puts context and arguments in their places
//
// Which objects there are, who is registered, what runs and who waits is the core's.

import { WellKnownName } from "../../bindings/abi";
import type { Machine } from "../machine";
import { type AnyRoutine, refuseAsync } from "../routines";

export class Executive {
  private readonly exact = new Map<string, number>();
  private readonly folded = new Map<string, number>();
  private readonly values: (readonly [unknown, unknown])[] = [];
  private readonly freeValues: number[] = [];
  private readonly contexts = new Map<number, unknown>();
  private readonly adapters = new Map<AnyRoutine, AnyRoutine>();
  private registrations = 0;

  constructor() {
    for (const name of Object.values(WellKnownName)) if (typeof name === "string") this.numberOf(name);
  }

  /** The two numbers of a component of a name. */
  numberOf(component: string): readonly [exact: number, folded: number] {
    return [number(this.exact, component), number(this.folded, upcase(component))];
  }

  /** Keeps the arguments of a notification until it is over. */
  keep(argument1: unknown, argument2: unknown): number {
    const at = this.freeValues.pop() ?? this.values.length;
    this.values[at] = [argument1, argument2];
    return at;
  }

  /** The notification is over. */
  forget(at: number): void {
    this.values[at] = NOTHING;
    this.freeValues.push(at);
  }

  /** What the core calls for a function of the driver. */
  adapterOf(routine: AnyRoutine): AnyRoutine {
    const known = this.adapters.get(routine);
    if (known !== undefined) return known;
    refuseAsync(routine);
    const adapter = (registration: number, values: number): unknown => {
      const [argument1, argument2] = this.values[values];
      return routine(this.contexts.get(registration), argument1, argument2);
    };
    this.adapters.set(routine, adapter);
    return adapter;
  }

  /** A routine was registered. Answers what people call the registration. */
  register(registration: number, context: unknown): string {
    this.contexts.set(registration, context);
    return `callback${++this.registrations}`;
  }

  /** It is off the list. */
  unregister(registration: number): void {
    this.contexts.delete(registration);
  }
}

const NOTHING = [undefined, undefined] as const;

function number(known: Map<string, number>, text: string): number {
  const before = known.get(text);
  if (before !== undefined) return before;
  known.set(text, known.size + 1);
  return known.size;
}

/** RtlUpcaseUnicodeString: one character for one. */
function upcase(text: string): string {
  return text.replace(/./gsu, (char) => {
    const upper = char.toUpperCase();
    return upper.length === char.length ? upper : char;
  });
}

const executives = new WeakMap<Machine, Executive>();

/** The executive of a machine. */
export function executiveOf(machine: Machine): Executive {
  let executive = executives.get(machine);
  if (executive === undefined) executives.set(machine, (executive = new Executive()));
  return executive;
}
