// All contenders but the baseline, by the names of their rows.

import type { Contender } from "./contender";
import { coreAlone, coreAndPump } from "./core";
import { fastQueue, pQueue } from "./libraries";
import { WRITES } from "./mix";
import { promises } from "./promises";
import { READERS } from "./reads";
import { runtime } from "./runtime";

export const CONTENDERS = {
  "wdf-wasm": runtime({ port: true }),
  "wdf-wasm + bytes": runtime(),
  "wdf-wasm + bytes, writes only": runtime({ samples: WRITES }),
  "wdf-wasm + promises": promises,
  "wdf-wasm framework surface": runtime({ framework: true }),
  "wdf-wasm + verifier": runtime({ system: {} }),
  "wdf-wasm + trace": runtime({ trace: true }),
  "wdf-wasm, System.cancel": runtime({ byOrdinal: true }),
  "core + pump": coreAndPump(),
  "core + pump, writes only": coreAndPump(WRITES),
  "core alone": coreAlone(),
  "core alone, writes only": coreAlone(WRITES),
  fastq: fastQueue,
  "p-queue": pQueue,
  ...READERS,
} satisfies Record<string, Contender>;

export type ContenderName = keyof typeof CONTENDERS;
