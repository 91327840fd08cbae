// The one place where a run is decided: of several things a real machine might do next, which one does it?
//
//   tape   ┬ byte │ byte │ byte │ …        what to choose, written by the host before the run: chosen = byte % offered
//          └ past its end: the policy
//   trail  ┬ (chosen, offered) │ (chosen, offered) │ …     what was chosen, with how many alternatives there were
//          └ its first bytes, read as a tape, give the same run again
//
// Alternative 0 is what happens without any choice, so a tape of zeros, and an empty one, is the plain run. Only choices
// of more than one alternative count. While nobody asks for choices (system.choosing), none is made or recorded.
// Where allocations may fail, each is one of two: 0 it succeeds, 1 it fails.

import { ALTERNATIVES_MAX, ChoicePolicy, Memory, TRAIL_CHOICES, TRAIL_PIECE } from "../abi/choice";
import { allocate } from "./memory";
import { refreshCaution, system } from "./system";

/** From now on choices are made: by the tape of that many bytes, then by the policy. Answers where the tape goes. */
export function startChoosing(policy: ChoicePolicy, seed: u32, tapeLength: u32): usize {
  system.choosing = 1;
  system.choicePolicy = policy;
  system.choiceSeed = seed;
  system.tapeLength = tapeLength;
  system.tape = allocate(max<usize>(tapeLength as usize, 1));
  refreshCaution();
  return system.tape;
}

/** Chooses among `offered` alternatives; 0, without a choice, when there is but one. */
export function choose(offered: u32): u32 {
  if (offered < 2 || system.choosing == 0) return 0;
  const alternatives = min(offered, ALTERNATIVES_MAX);
  const at = system.choiceCount;
  const chosen = at < system.tapeLength ? (load<u8>(system.tape + (at as usize)) as u32) % alternatives : byPolicy(alternatives);
  record(chosen, alternatives);
  return chosen;
}

/** Whether an allocation fails: all do while memory is low; else, if that may happen, it is a choice. */
@inline
export function allocationFails(): bool {
  return system.lowMemory != 0 && failsNow();
}

function failsNow(): bool {
  if ((system.lowMemory & (Memory.Low as u32)) != 0) return true;
  const at = system.choiceCount;
  const fails = at < system.tapeLength ? (load<u8>(system.tape + (at as usize)) & 1) != 0 : failsByPolicy();
  record(fails ? 1 : 0, 2);
  return fails;
}

function failsByPolicy(): bool {
  return system.choicePolicy == (ChoicePolicy.Random as u32) && nextRandom() % FAILS_ONE_IN == 0;
}

/** How often a random choice lets an allocation fail. */
const FAILS_ONE_IN: u32 = 8;

function byPolicy(alternatives: u32): u32 {
  return system.choicePolicy == (ChoicePolicy.Random as u32) ? nextRandom() % alternatives : 0;
}

/** A mixing counter: any seed will do, 0 too. */
function nextRandom(): u32 {
  system.choiceSeed += 0x9e3779b9;
  let x = system.choiceSeed;
  x = (x ^ (x >>> 16)) * 0x21f0aaad;
  x = (x ^ (x >>> 15)) * 0x735a2d97;
  return x ^ (x >>> 15);
}

function record(chosen: u32, offered: u32): void {
  const place = system.choiceCount++ % TRAIL_CHOICES;
  if (place == 0) addPiece();
  const at = system.trailLast + 4 + ((place * 2) as usize);
  store<u8>(at, chosen);
  store<u8>(at + 1, offered);
}

function addPiece(): void {
  const piece = allocate(TRAIL_PIECE as usize);
  assert(piece != 0); // the host is out of memory
  if (system.trailLast == 0) system.trailFirst = piece;
  else store<usize>(system.trailLast, piece);
  system.trailLast = piece;
}
