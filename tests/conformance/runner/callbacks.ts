// The driver's callbacks: each prints itself and does what the script says for it.

import { STRUCTURE_SIZE } from "../../../bindings/abi";
import type { WDFDEVICE, WDFQUEUE, WDFREQUEST } from "../../../bindings/handles";
import { hex8 } from "../../../host/format";
import type { Rig, Script } from "./rig";
import { runActions } from "./run";

const TYPES: Record<number, string> = { 0: "create", 3: "read", 4: "write", 14: "ioctl", 15: "intioctl" };

/** Prints a callback around its actions. */
export function* callback(rig: Rig, head: string, tail: string, actions: readonly string[], request: string, queue: string): Script {
  rig.say(`> ${head} irql=${rig.irql}`);
  rig.nest(1);
  yield* runActions(rig, actions, { request, queue });
  rig.nest(-1);
  rig.say(`< ${tail}`);
  return 0;
}

/** The I/O handlers of a queue. */
export function ioCallbacks(rig: Rig) {
  const { world } = rig;
  /** A handler: its own action, the queue's, or the default ones. */
  function* handler(event: string, name: string, q: WDFQUEUE, r: WDFREQUEST, detail: string): Script {
    const queue = world.queueName(q);
    const request = world.own(r);
    const own = world.actionsFor(event, request, queue);
    const actions = own.length > 0 || event === "default" ? own : world.actionsFor("default", request, queue);
    return yield* callback(rig, `${name} ${queue} ${request} ${detail}`.trimEnd(), `${name} ${queue} ${request}`, actions, request, queue);
  }
  /** EvtIoStop, EvtIoResume, EvtIoCanceledOnQueue. */
  function* notice(event: string, name: string, q: WDFQUEUE, r: WDFREQUEST, detail: string): Script {
    const queue = world.queueName(q);
    const request = event === "canceledonqueue" ? world.own(r) : world.requestName(r);
    const actions = world.actionsFor(event, request, queue);
    return yield* callback(rig, `${name} ${queue} ${request} ${detail}`.trimEnd(), `${name} ${queue} ${request}`, actions, request, queue);
  }
  return {
    *read(q: WDFQUEUE, r: WDFREQUEST, length: number): Script {
      return yield* handler("read", "EvtIoRead", q, r, `len=${length}`);
    },
    *write(q: WDFQUEUE, r: WDFREQUEST, length: number): Script {
      return yield* handler("write", "EvtIoWrite", q, r, `len=${length}`);
    },
    *ioctl(q: WDFQUEUE, r: WDFREQUEST, out: number, input: number, code: number): Script {
      return yield* handler("ioctl", "EvtIoDeviceControl", q, r, `out=${out} in=${input} code=0x${code.toString(16)}`);
    },
    *intioctl(q: WDFQUEUE, r: WDFREQUEST, out: number, input: number, code: number): Script {
      return yield* handler("intioctl", "EvtIoInternalDeviceControl", q, r, `out=${out} in=${input} code=0x${code.toString(16)}`);
    },
    *default(q: WDFQUEUE, r: WDFREQUEST): Script {
      const major = rig.machine.exports.WdfRequestGetParameters(r, STRUCTURE_SIZE);
      return yield* handler("default", "EvtIoDefault", q, r, `type=${TYPES[major] ?? major}`);
    },
    *stop(q: WDFQUEUE, r: WDFREQUEST, flags: number): Script {
      return yield* notice("stop", "EvtIoStop", q, r, `flags=0x${flags.toString(16)}`);
    },
    *resume(q: WDFQUEUE, r: WDFREQUEST): Script {
      return yield* notice("resume", "EvtIoResume", q, r, "");
    },
    *coq(q: WDFQUEUE, r: WDFREQUEST): Script {
      return yield* notice("canceledonqueue", "EvtIoCanceledOnQueue", q, r, "");
    },
  };
}

/** EvtIoQueueState, as the operation that registered it is called in the trace. */
export function stateCallback(rig: Rig, operation: string) {
  return function* (q: WDFQUEUE): Script {
    const queue = rig.world.queueName(q);
    const name = operation === "ready" ? `EvtIoQueueReady ${queue}` : `EvtIoQueueState(${operation}) ${queue}`;
    const event = operation === "ready" ? "ready" : "state";
    return yield* callback(rig, name, name, rig.world.actionsFor(event, queue), "", queue);
  };
}

/** EvtRequestCancel. */
export function cancelCallback(rig: Rig) {
  return function* (r: WDFREQUEST): Script {
    const request = rig.world.requestName(r);
    const actions = rig.world.actionsFor("cancel", request, "dev");
    return yield* callback(rig, `EvtRequestCancel ${request}`, `EvtRequestCancel ${request}`, actions, request, "");
  };
}

/** EvtCleanupCallback, EvtDestroyCallback: one line, unless the script has something to do in them. */
export function objectCallback(rig: Rig, what: "Cleanup" | "Destroy", which: string) {
  return function* (object: number): Script {
    const name = rig.world.nameOf(object);
    const actions = rig.world.actionsFor(what.toLowerCase(), name);
    const head = `Evt${what}${which} ${name}`;
    if (actions.length > 0) return yield* callback(rig, head, head, actions, name, "");
    rig.say(`> ${head} irql=${rig.irql}`);
    return undefined;
  };
}

/** EvtIoInCallerContext. */
export function inCallerCallback(rig: Rig) {
  return function* (_device: WDFDEVICE, r: WDFREQUEST): Script {
    const request = rig.world.own(r);
    const told = rig.world.actionsFor("incaller", request, "dev");
    const actions = told.length > 0 ? told : ["enqueue $"];
    return yield* callback(rig, `EvtIoInCallerContext ${request}`, `EvtIoInCallerContext ${request}`, actions, request, "");
  };
}

/** The callbacks of a forward-progress policy: one line each, no return. */
export function progressCallbacks(rig: Rig) {
  const { world } = rig;
  return {
    *reserved(q: WDFQUEUE): Script {
      const queue = world.queueName(q);
      rig.say(`> EvtIoAllocateResourcesForReservedRequest ${queue} irql=${rig.irql}`);
      return 0;
    },
    *ordinary(q: WDFQUEUE, r: WDFREQUEST): Script {
      const queue = world.queueName(q);
      const status = world.answerFor(queue, "allocres", 0);
      rig.say(`> EvtIoAllocateRequestResources ${queue} ${world.requestName(r)} -> ${hex8(status)} irql=${rig.irql}`);
      return status;
    },
    *examine(q: WDFQUEUE): Script {
      const queue = world.queueName(q);
      const action = world.answerFor(queue, "examine", 2);
      rig.say(`> EvtIoWdmIrpForForwardProgress ${queue} -> ${action} irql=${rig.irql}`);
      return action;
    },
  };
}

/** Device callbacks: one line each, no return. `pnpcb` are those a scenario has to ask for. */
export function deviceCallbacks(rig: Rig) {
  function line(text: (power: number) => string) {
    return function* (_device: WDFDEVICE, power: number): Script {
      rig.say(`> ${text(power)}`);
      return 0;
    };
  }
  const irql = (): string => `irql=${rig.irql}`;
  return {
    always: {
      evtDeviceD0Entry: line((previous) => `EvtDeviceD0Entry prev=${previous} ${irql()}`),
      evtDeviceD0Exit: line((target) => `EvtDeviceD0Exit target=${target} ${irql()}`),
      evtDeviceSelfManagedIoInit: line(() => "EvtDeviceSelfManagedIoInit"),
      evtDeviceSelfManagedIoRestart: line(() => "EvtDeviceSelfManagedIoRestart"),
      evtDeviceSelfManagedIoSuspend: line(() => "EvtDeviceSelfManagedIoSuspend"),
      evtDeviceSelfManagedIoFlush: line(() => "EvtDeviceSelfManagedIoFlush"),
      evtDeviceSelfManagedIoCleanup: line(() => "EvtDeviceSelfManagedIoCleanup"),
    },
    pnpcb: {
      evtDevicePrepareHardware: line(() => `EvtDevicePrepareHardware resources=${rig.world.interrupts} ${irql()}`),
      evtDeviceReleaseHardware: line(() => `EvtDeviceReleaseHardware ${irql()}`),
      evtDeviceD0EntryPostInterruptsEnabled: line((previous) => `EvtDeviceD0EntryPostInterruptsEnabled prev=${previous} ${irql()}`),
      evtDeviceD0ExitPreInterruptsDisabled: line((target) => `EvtDeviceD0ExitPreInterruptsDisabled target=${target} ${irql()}`),
      evtDeviceSurpriseRemoval: line(() => `EvtDeviceSurpriseRemoval ${irql()}`),
      evtDeviceQueryRemove: line(() => `EvtDeviceQueryRemove ${irql()}`),
      evtDeviceQueryStop: line(() => `EvtDeviceQueryStop ${irql()}`),
    },
  };
}
