// Random trees of objects, collections, registry keys and requests of the driver's own, with references, contexts and callbacks that delete, refer and create, step by step against a
// naive model: no leak, no use after free, every EvtCleanup and EvtDestroy exactly once (K-024) and in its order.
//
// The seed is fixed; WDF_SEED=n takes another one, WDF_RUNS=n more runs. A failure prints seed, path and history.

import fc from "fast-check";
import { describe, it } from "vitest";
import type { ObjectAction, ObjectKind } from "./support/object-model";
import { ObjectPair, type ObjectStep } from "./support/object-pair";

const SEED = Number(process.env.WDF_SEED ?? 20250101);
const RUNS = Number(process.env.WDF_RUNS ?? 300);

const index = fc.nat({ max: 20 });
const action: fc.Arbitrary<ObjectAction> = fc.oneof(
  { weight: 4, arbitrary: fc.constant<ObjectAction>({ kind: "none" }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom("delete", "reference", "child"), of: index }) },
);
const kind = fc.constantFrom<ObjectKind>("object", "object", "collection", "key", "request");
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant("create"), kind, parent: fc.option(index), passive: fc.boolean(), inCleanup: action }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("add"), to: index, of: index }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("remove"), from: index, irql: fc.constantFrom(0, 2) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("delete"), of: index, irql: fc.constantFrom(0, 0, 2) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("reference"), of: index }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("dereference"), of: index, irql: fc.constantFrom(0, 2) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("context"), of: index }) },
) as fc.Arbitrary<ObjectStep>;

function run(steps: readonly ObjectStep[]): void {
  const pair = new ObjectPair();
  for (const next of steps) pair.do(next);
  pair.finish();
}

describe("trees of objects", () => {
  it(`end as the model's do (seed ${SEED})`, () => {
    fc.assert(fc.property(fc.array(step, { maxLength: 40 }), run), { seed: SEED, numRuns: RUNS });
  }, 60_000 + RUNS * 50);
});
