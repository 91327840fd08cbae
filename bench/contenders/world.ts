// A System with the driver of a workload, written against wdf-wasm/ddi; what every contender of ours starts from.

import { NtStatus } from "../../bindings/abi";
import { System, type SystemOptions } from "../../host";
import * as wdf from "../../host/ddi";
import type { DriverModule } from "../../host";
import { BATCH, IN_FLIGHT, type Workload } from "./contender";

type Queue = wdf.WDFQUEUE;
type Request = wdf.WDFREQUEST;

/** Verifier off, rules off, nothing recorded. */
export const PLAIN: SystemOptions = { verifier: false, rules: false };
const MOST_OBJECTS = 1_048_574;

export class World {
  readonly system: System;
  /** The device requests are sent to. */
  device = 0 as wdf.WDFDEVICE;
  /** A device of one manual queue that nobody empties. */
  parking = 0 as wdf.WDFDEVICE;
  /** w3: where requests are forwarded to. */
  manual = 0 as Queue;
  /** w2: what the handlers have kept. */
  readonly kept: Request[] = Array.from({ length: IN_FLIGHT }, () => 0 as Request);
  keptCount = 0;
  /** Requests that came back since the last check, and those whose status was not the one expected. */
  private back = 0;
  private wrong = 0;
  private expected: NtStatus = NtStatus.Success;

  constructor(workload: Workload, pending: number, options: SystemOptions, driver?: DriverModule) {
    this.system = System.create({ objects: Math.min(MOST_OBJECTS, pending + 8192), ...options });
    const added = this.system.addDevice(driver ?? this.driver(workload));
    if (added.status < 0) throw new Error(`the driver of ${workload} did not start`);
    this.device = added.handle;
    if (workload === "w4") this.expected = NtStatus.Cancelled;
    else if (pending > 0) this.park(pending);
  }

  /** Adds the parking device. */
  addParking(): wdf.WDFDEVICE {
    this.parking = this.system.addDevice({
      name: "parking",
      evtDriverDeviceAdd: (_driver, init) => manualQueue(wdf.WdfDeviceCreate(init).device, true).status,
    }).handle;
    return this.parking;
  }

  /** Sends writes to the parking device, where they stay. */
  park(pending: number): void {
    const { system } = this;
    this.addParking();
    const request = { major: wdf.WdfRequestType.Write, file: 0, input: new Uint8Array(2) };
    const send = (): void => void system.send(this.parking, request, this.done);
    for (let i = 0; i < pending; i++) system.input(send);
  }

  /** The completion callback of every IRP. */
  readonly done = (status: number): void => {
    this.back++;
    if (status !== this.expected) this.wrong++;
  };

  /** Throws unless that many requests came back, all as expected. */
  check(requests: number): void {
    const { back, wrong } = this;
    this.back = this.wrong = 0;
    if (back === requests && wrong === 0) return;
    throw new Error(`${back} of ${requests} requests came back, ${wrong} of them with another status`);
  }

  private driver(workload: Workload): DriverModule {
    return {
      name: workload,
      evtDriverDeviceAdd: (_driver, init) => {
        const { device } = wdf.WdfDeviceCreate(init);
        if (workload === "w4") return manualQueue(device, true).status;
        if (workload === "w3") this.manual = manualQueue(device, false).queue;
        return wdf.WdfIoQueueCreate(device, { ...this.config(workload), defaultQueue: true }).status;
      },
    };
  }

  private config(workload: Workload): wdf.WdfIoQueueConfig {
    if (workload === "w1") return { ...wdf.WDF_IO_QUEUE_CONFIG_INIT(wdf.WdfIoQueueDispatchType.Sequential), ...completeInline };
    if (workload === "w3") {
      const forward = (_queue: Queue, request: Request): void => void wdf.WdfRequestForwardToIoQueue(request, this.manual);
      return { ...wdf.WDF_IO_QUEUE_CONFIG_INIT(wdf.WdfIoQueueDispatchType.Sequential), ...each(forward) };
    }
    const keep = (_queue: Queue, request: Request): void => {
      this.kept[this.keptCount++] = request;
    };
    return { ...wdf.WDF_IO_QUEUE_CONFIG_INIT(wdf.WdfIoQueueDispatchType.Parallel), ...each(keep), numberOfPresentedRequests: IN_FLIGHT };
  }

  /** w2: completes what was kept, the newest first. Runs in a system thread. */
  readonly completeKept = (): void => {
    for (let i = this.keptCount - 1; i >= 0; i--) wdf.WdfRequestCompleteWithInformation(this.kept[i], NtStatus.Success, i & 1);
    this.keptCount = 0;
  };

  /** w3: takes the batch out of the manual queue and completes it. Runs in a system thread. */
  readonly completeBatch = (): void => {
    for (let i = 0; i < BATCH; i++) {
      const { request } = wdf.WdfIoQueueRetrieveNextRequest(this.manual);
      wdf.WdfRequestCompleteWithInformation(request, NtStatus.Success, i & 1);
    }
  };
}

function manualQueue(device: wdf.WDFDEVICE, defaultQueue: boolean): { readonly status: NtStatus; readonly queue: Queue } {
  return wdf.WdfIoQueueCreate(device, { ...wdf.WDF_IO_QUEUE_CONFIG_INIT(wdf.WdfIoQueueDispatchType.Manual), defaultQueue });
}

/** As complete0, complete1 and complete2 of the baseline: three handlers, each with another information. */
const completeInline = {
  evtIoWrite(_queue: Queue, request: Request, length: number): void {
    wdf.WdfRequestCompleteWithInformation(request, NtStatus.Success, length);
  },
  evtIoRead(_queue: Queue, request: Request, length: number): void {
    wdf.WdfRequestCompleteWithInformation(request, NtStatus.Success, length - 1);
  },
  evtIoDeviceControl(_queue: Queue, request: Request, length: number): void {
    wdf.WdfRequestCompleteWithInformation(request, NtStatus.Success, length - 2);
  },
};

function each(handler: (queue: Queue, request: Request) => void) {
  return { evtIoWrite: handler, evtIoRead: handler, evtIoDeviceControl: handler };
}
