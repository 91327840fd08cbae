// Gates: places at which a test's thread or routine waits until the test opens them.
//
// A gate is a queue whose one request the driver holds. Passing is stopping the queue synchronously, which waits for the
// request; opening is completing it.

import { NtStatus, WdfIoQueueDispatchType } from "../../bindings/abi";
import type { WDFQUEUE, WDFREQUEST } from "../../bindings/handles";
import * as wdf from "../../host/ddi";
import type { System } from "../../host/system";

export class Gates {
  private readonly system: System;
  private readonly queues: WDFQUEUE[] = [];
  private readonly held: WDFREQUEST[] = [];
  private device!: wdf.WDFDEVICE;
  private router!: WDFQUEUE;

  /** Adds a device of its own to the system. */
  constructor(system: System) {
    this.system = system;
    system.addDevice({
      name: "gates",
      evtDriverDeviceAdd: (_driver, init) => {
        this.device = wdf.WdfDeviceCreate(init).device;
        this.router = this.queue({ defaultQueue: true, evtIoWrite: (_queue, request, gate) => this.toGate(request, gate) });
      },
    });
  }

  private queue(config: Partial<wdf.WdfIoQueueConfig>): WDFQUEUE {
    return wdf.WdfIoQueueCreate(this.device, { ...wdf.WDF_IO_QUEUE_CONFIG_INIT(WdfIoQueueDispatchType.Parallel), ...config }).queue;
  }

  private toGate(request: WDFREQUEST, gate: number): void {
    if (wdf.WdfRequestGetIoQueue(request) === this.router) wdf.WdfRequestForwardToIoQueue(request, this.queues[gate - 1]);
  }

  /** A new gate, shut. Its number. */
  add(): number {
    const gate = this.queues.length;
    this.system.thread(() => {
      this.queues.push(this.queue({ evtIoWrite: (_queue, request) => void (this.held[gate] = request) }));
    });
    this.system.input(() => this.system.send(this.device, { major: 4, file: 0, input: new Uint8Array(gate + 1) }, () => {}));
    return gate;
  }

  /** Waits until the gate is open. */
  *pass(gate: number): Generator<undefined, void, unknown> {
    yield* wdf.WdfIoQueueStopSynchronously(this.queues[gate]);
  }

  /** Lets whoever waits at the gate go on. */
  open(gate: number): void {
    this.system.thread(() => wdf.WdfRequestComplete(this.held[gate], NtStatus.Success));
  }
}
