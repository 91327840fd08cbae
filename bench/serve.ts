// A contender as a process, speaking as baseline.c does: "WORKLOAD REQUESTS [PENDING]" on stdin, ns per request on stdout.
//
// Each row runs in a process of its own: a JS engine optimizes for what a process has done so far, and a program has
// one kind of System, not ten.

import { createInterface } from "node:readline";
import { CONTENDERS, type ContenderName } from "./contenders";
import type { Contender, Round } from "./contenders/contender";
import { pendingBytes } from "./contenders/memory";
import { readFacts } from "./contenders/reads";

/** Answers lines until stdin ends. */
export async function serve(name: ContenderName): Promise<void> {
  const rounds = new Map<string, Round>();
  for await (const line of createInterface({ input: process.stdin })) {
    process.stdout.write(`${await answer(name, rounds, line).catch((error: Error) => `error: ${error.message}`)}\n`);
  }
}

async function answer(name: ContenderName, rounds: Map<string, Round>, line: string): Promise<string> {
  const [workload, requests, pending = "0"] = line.trim().split(" ");
  if (workload === "bytes") return `bytes ${JSON.stringify(pendingBytes(Number(requests)))}`;
  if (workload === "facts") return `facts ${JSON.stringify(await readFacts(Number(requests), pending === "direct"))}`;
  const key = `${workload} ${pending}`;
  const contender: Contender<string> = CONTENDERS[name];
  const round = rounds.get(key) ?? (await contender.prepare(workload, Number(pending)));
  rounds.set(key, round);
  const before = process.hrtime.bigint();
  await round(Number(requests));
  const ns = Number(process.hrtime.bigint() - before);
  return `${workload} ${(ns / Number(requests)).toFixed(3)}`;
}
