// The completion routine of requests that are sent.

import type { EvtRequestCompletionRoutine, WdfRequestCompletionParams } from "../../../host/ddi/target-types";
import { callback } from "./callbacks";
import { told } from "./commands/common";
import type { Rig } from "./rig";

const TYPES: Record<number, string> = { 3: "read", 4: "write", 14: "ioctl", 15: "intioctl" };

export function completionCallback(rig: Rig): EvtRequestCompletionRoutine {
  return function* (request, target, params): Generator<undefined, void, unknown> {
    const { world } = rig;
    const name = world.back(request);
    const { status, information } = params.ioStatus;
    const head = `EvtRequestCompletion ${name} target=${world.targetNames.get(target) ?? "?"} type=${TYPES[params.type] ?? "noformat"}`;
    const detail = detailOf(rig, params);
    const text = `${head} ${told(status)} info=${information}${detail}`;
    yield* callback(rig, text, `EvtRequestCompletion ${name}`, world.actionsFor("sent", name, "dev"), name, "");
  };
}

function detailOf(rig: Rig, { type, parameters }: WdfRequestCompletionParams): string {
  const { length, offset, buffer, ioControlCode } = parameters;
  if (type === 3 || type === 4) return ` len=${length} off=${offset} buf=${rig.world.memoryName(buffer)}`;
  return TYPES[type] === undefined ? "" : ` code=0x${ioControlCode.toString(16)} outlen=${length}`;
}
