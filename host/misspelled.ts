// Names that are nearly right. A member nobody knows would just never be looked at: a callback that is never called, an option
// without effect. TypeScript refuses it in a literal; this is for JavaScript, and for objects made elsewhere.

import { ProtocolError } from "./errors";

/** The names a structure has. */
export type Known<T> = Readonly<Record<keyof Required<T>, true>>;

/** Refuses members that must be misspelled: callbacks nobody knows, and names that are one edit away from a known one. */
export function refuseMisspelled(where: string, given: object, known: Readonly<Record<string, true>>): void {
  const names = Object.keys(known);
  for (const name of memberNames(given)) {
    if (Object.hasOwn(known, name)) continue;
    const meant = names.find((one) => isOneEditAway(name, one));
    if (meant !== undefined) throw new ProtocolError(`${where} knows no ${name}; is ${meant} meant?`);
    if (/^evt[A-Z]/i.test(name)) throw new ProtocolError(`${where} knows no callback ${name}; it would never be called`);
  }
}

/** Refuses every member that is not known: for options of our own. */
export function refuseUnknown(where: string, given: object, known: Readonly<Record<string, true>>): void {
  for (const name of Object.keys(given)) {
    if (Object.hasOwn(known, name)) continue;
    const meant = Object.keys(known).find((one) => isOneEditAway(name, one));
    const hint = meant === undefined ? `it takes ${Object.keys(known).join(", ")}` : `is ${meant} meant?`;
    throw new ProtocolError(`${where} has no option ${name}; ${hint}`);
  }
}

/** Names of an object's own and inherited members. */
export function memberNames(object: object): Set<string> {
  const names = new Set<string>();
  for (let at: object | null = object; at !== null && at !== Object.prototype; at = Object.getPrototypeOf(at) as object | null) {
    for (const name of Object.getOwnPropertyNames(at)) if (name !== "constructor") names.add(name);
  }
  return names;
}

/** True when one letter more, one less, another one, two swapped, or another case makes one name of the other. */
export function isOneEditAway(a: string, b: string): boolean {
  if (a === b) return false;
  if (a.toLowerCase() === b.toLowerCase()) return true;
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  if (long.length - short.length > 1) return false;
  let same = 0;
  while (same < short.length && short[same] === long[same]) same++;
  if (short.length < long.length) return short.slice(same) === long.slice(same + 1);
  const swapped = short[same] === long[same + 1] && short[same + 1] === long[same];
  return short.slice(same + 1) === long.slice(same + 1) || (swapped && short.slice(same + 2) === long.slice(same + 2));
}
