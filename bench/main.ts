// npm run bench [-- options]: what a request costs, beside plain C and beside JavaScript's queues.

import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { buildBaseline } from "./baseline";
import { CONTENDERS, type ContenderName } from "./contenders";
import type { PendingBytes } from "./contenders/memory";
import { type ReadFacts, hasMemoryFiles } from "./contenders/reads";
import { type Effort, type Row, measure } from "./measure";
import { Peer } from "./peer";
import { GROUPS } from "./plan";
import { serve } from "./serve";
import { HEADING, factsText, rowText } from "./table";

const USAGE = `npm run bench -- [options]

  --quick        few, short rounds
  --only TITLE   one group of rows, such as w1 or "w4 1e3"; may be repeated
  --json FILE    writes the rows to a file
  --serve NAME   runs one contender by itself: reads "WORKLOAD REQUESTS [PENDING]", answers ns per request
  --help`;

const THOROUGH: Effort = { rounds: 9, roundMs: 40, warmUpMs: 250, warmUpRequests: 400_000 };
const QUICK: Effort = { rounds: 3, roundMs: 15, warmUpMs: 100, warmUpRequests: 200_000 };
const MOST_PENDING = 1e6;
const READS = 100_000;

interface Options {
  quick?: boolean;
  only?: string[];
  json?: string;
  serve?: string;
  help?: boolean;
}

function options(): Options {
  try {
    const { values } = parseArgs({
      options: {
        quick: { type: "boolean" },
        only: { type: "string", multiple: true },
        json: { type: "string" },
        serve: { type: "string" },
        help: { type: "boolean" },
      },
    });
    known("--only", values.only ?? [], GROUPS.map((group) => group.title));
    known("--serve", values.serve === undefined ? [] : [values.serve], Object.keys(CONTENDERS));
    if (values.json !== undefined) writeFileSync(values.json, ""); // now, rather than after a minute
    return values;
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${USAGE}`);
    process.exit(2);
  }
}

function known(option: string, given: readonly string[], names: readonly string[]): void {
  const strange = given.find((name) => !names.includes(name));
  if (strange !== undefined) throw new Error(`${option} ${strange}: there is none. Known: ${names.join("; ")}`);
}

/** This program again, as one contender. */
function contender(name: string): Peer {
  return new Peer(name, process.execPath, ["--expose-gc", process.argv[1], "--serve", name]);
}

async function bytesPerPending(): Promise<PendingBytes> {
  const peer = contender("wdf-wasm");
  try {
    return JSON.parse(await peer.ask(`bytes ${MOST_PENDING}`)) as PendingBytes;
  } finally {
    await peer.end();
  }
}

/** What 100,000 reads cost beside time, buffered and direct. */
async function readFacts(): Promise<ReadFacts[]> {
  const facts: ReadFacts[] = [];
  for (const kind of ["buffered", "direct"]) {
    const peer = contender("two drivers, direct + verifier");
    try {
      facts.push(JSON.parse(await peer.ask(`facts ${READS} ${kind}`)) as ReadFacts);
    } finally {
      await peer.end();
    }
  }
  return facts;
}

async function main({ quick, only, json }: Options): Promise<void> {
  const effort = quick ? QUICK : THOROUGH;
  const launcher = { baseline: buildBaseline((text) => console.log(text)), contender };
  const rows: Row[] = [];
  console.log(`${effort.rounds} interleaved rounds; medians, also of the ratios within each round: to C -O2 (reads: to
the first of them; dpc, timer, interrupt: to plain JS), and of a contender to itself with less pending (growth)\n\n${HEADING}`);
  for (const group of GROUPS) {
    if (only !== undefined && !only.includes(group.title)) continue;
    const measured = await measure(group, launcher, effort);
    console.log(`${measured.map(rowText).join("\n")}\n`);
    rows.push(...measured);
  }
  if (!hasMemoryFiles) console.log("no files in memory here (/dev/shm): fs.read is left out\n");
  const reads = await readFacts();
  for (const facts of reads) console.log(factsText(facts));
  const bytes = await bytesPerPending();
  console.log(`bytes per request pending in a manual queue: ${bytes.core} in the core, ${bytes.resident} resident with the host's half`);
  if (json !== undefined) writeFileSync(json, `${JSON.stringify({ rows, reads, bytesPerPending: bytes }, null, 2)}\n`);
}

const given = options();
if (given.help) console.log(USAGE);
else if (given.serve !== undefined) await serve(given.serve as ContenderName);
else await main(given);
