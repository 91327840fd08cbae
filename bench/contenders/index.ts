// All contenders but the baseline, by the names of their rows.

import type { Contender, MachineWorkload, ReadWorkload } from "./contender";
import { coreAlone, coreAndPump } from "./core";
import { fastQueue, pQueue } from "./libraries";
import { machine } from "./machine";
import { WRITES } from "./mix";
import { plainHeap, plainSorted } from "./plain";
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
  "wdf-wasm machine": machine(),
  "wdf-wasm machine + verifier": machine({}),
  "plain JS": plainHeap,
  "plain JS, sorted array": plainSorted,
  fastq: fastQueue,
  "p-queue": pQueue,
  ...READERS,
} satisfies Record<string, Contender | Contender<MachineWorkload> | Contender<ReadWorkload>>;

export type ContenderName = keyof typeof CONTENDERS;
