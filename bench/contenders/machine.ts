// DPCs, timers and interrupts, as a driver on wdf-wasm/ddi uses them.

import { NtStatus } from "../../bindings/abi";
import { type InterruptLine, System, type SystemOptions } from "../../host";
import * as wdf from "../../host/ddi";
import { type Contender, type MachineWorkload, Random, type Round, farAhead } from "./contender";
import { PLAIN } from "./world";

/** Milliseconds that pass at once: as many timers expire. */
const STEP_MS = 64;

export function machine(options: SystemOptions = PLAIN): Contender<MachineWorkload> {
  return {
    workloads: ["dpc", "timer", "interrupt"],
    prepare: (workload, pending) => machineRound(workload, pending, options),
  };
}

/** The round of a workload on a new System. */
export function machineRound(workload: MachineWorkload, pending: number, options: SystemOptions): Round {
  const system = System.create({ objects: pending + 1024, ...options });
  if (workload === "dpc") return dpcs(system);
  return workload === "timer" ? timers(system, pending) : interrupts(system);
}

/** Adds a device whose driver makes more than the device. */
function add(system: System, make: (device: wdf.WDFDEVICE) => NtStatus, ...interruptLines: InterruptLine[]): void {
  const evtDriverDeviceAdd = (_driver: wdf.WDFDRIVER, init: wdf.WdfDeviceInit): NtStatus => make(wdf.WdfDeviceCreate(init).device);
  const { status } = system.addDevice({ name: "bench", evtDriverDeviceAdd }, { interruptLines });
  if (status < 0) throw new Error("the driver did not start");
}

function check(what: string, seen: number, expected: number): void {
  if (seen !== expected) throw new Error(`${seen} of ${expected} ${what}`);
}

/** A thread at PASSIVE_LEVEL queues a DPC, which interrupts it. */
function dpcs(system: System): Round {
  let delivered = 0;
  let dpc = 0 as wdf.WDFDPC;
  add(system, (device) => {
    const made = wdf.WdfDpcCreate({ evtDpcFunc: () => void delivered++, automaticSerialization: false }, { parentObject: device });
    dpc = made.dpc;
    return made.status;
  });
  return (requests) => {
    delivered = 0;
    system.thread(() => {
      for (let i = 0; i < requests; i++) wdf.WdfDpcEnqueue(dpc);
    });
    check("DPCs were delivered", delivered, requests);
  };
}

/** So many timers are armed: one expires, and is armed for another moment by its callback. */
function timers(system: System, pending: number): Round {
  const random = new Random();
  const tally = { expired: 0, due: 0 };
  add(system, (device) => {
    const evtTimerFunc = (timer: wdf.WDFTIMER): void => {
      tally.expired++;
      wdf.WdfTimerStart(timer, wdf.WDF_REL_TIMEOUT_IN_MS(farAhead(random, pending)));
    };
    for (let i = 0; i < pending; i++) {
      const { status, timer } = wdf.WdfTimerCreate({ evtTimerFunc, automaticSerialization: false }, { parentObject: device });
      if (status < 0) return status;
      wdf.WdfTimerStart(timer, wdf.WDF_REL_TIMEOUT_IN_MS(farAhead(random, pending)));
    }
    return NtStatus.Success;
  });
  return (requests) => {
    tally.due += requests;
    while (tally.expired < tally.due) system.advance(STEP_MS);
  };
}

/** The device raises its line: the ISR queues the DPC. */
function interrupts(system: System): Round {
  const line = system.interruptLine({ mode: "edge" });
  let delivered = 0;
  add(
    system,
    (device) => {
      const isr = (interrupt: wdf.WDFINTERRUPT): boolean => wdf.WdfInterruptQueueDpcForIsr(interrupt) || true;
      return wdf.WdfInterruptCreate(device, wdf.WDF_INTERRUPT_CONFIG_INIT(isr, () => void delivered++)).status;
    },
    line,
  );
  return (requests) => {
    delivered = 0;
    for (let i = 0; i < requests; i++) line.raise();
    check("interrupts had their DPC", delivered, requests);
  };
}
