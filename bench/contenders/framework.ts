// The same drivers with objects for handles: defineDriver, Queue, Request.

import { NtStatus, type SystemOptions, WdfIoQueueDispatchType, type Queue, type Request, type QueueConfig, defineDriver } from "../../host";
import { BATCH, IN_FLIGHT, type Workload } from "./contender";
import { World } from "./world";

export function frameworkDriver(workload: Workload, pending: number, options: SystemOptions): World {
  return new FrameworkWorld(workload, pending, options, new FrameworkDriver(workload));
}

class FrameworkWorld extends World {
  override readonly completeKept: () => void;
  override readonly completeBatch: () => void;

  constructor(workload: Workload, pending: number, options: SystemOptions, driver: FrameworkDriver) {
    super(workload, pending, options, driver.module);
    this.completeKept = driver.completeKept;
    this.completeBatch = driver.completeBatch;
  }
}

class FrameworkDriver {
  private readonly workload: Workload;
  private manual!: Queue;
  private readonly kept: Request[] = [];

  constructor(workload: Workload) {
    this.workload = workload;
  }

  get module() {
    return defineDriver({
      name: "framework",
      evtDriverDeviceAdd: (init) => {
        const { device } = init.createDevice();
        if (this.workload === "w3") this.manual = device.createQueue({ dispatchType: WdfIoQueueDispatchType.Manual }).queue;
        return device.createQueue({ ...this.config(), defaultQueue: true }).status;
      },
    });
  }

  private config(): QueueConfig {
    switch (this.workload) {
      case "w1":
        return { dispatchType: WdfIoQueueDispatchType.Sequential, ...completeInline };
      case "w2":
        return {
          dispatchType: WdfIoQueueDispatchType.Parallel,
          numberOfPresentedRequests: IN_FLIGHT,
          ...each((_, r) => void this.kept.push(r)),
        };
      case "w3":
        return { dispatchType: WdfIoQueueDispatchType.Sequential, ...each((_, request) => void request.forwardTo(this.manual)) };
      default:
        return { dispatchType: WdfIoQueueDispatchType.Manual };
    }
  }

  readonly completeKept = (): void => {
    for (let request = this.kept.pop(); request !== undefined; request = this.kept.pop()) {
      request.complete(NtStatus.Success, { information: 1 });
    }
  };

  readonly completeBatch = (): void => {
    for (let i = 0; i < BATCH; i++) this.manual.retrieveNext().request!.complete(NtStatus.Success, { information: i & 1 });
  };
}

const completeInline = {
  evtIoWrite(_queue: Queue, request: Request, length: number): void {
    request.complete(NtStatus.Success, { information: length });
  },
  evtIoRead(_queue: Queue, request: Request, length: number): void {
    request.complete(NtStatus.Success, { information: length - 1 });
  },
  evtIoDeviceControl(_queue: Queue, request: Request, length: number): void {
    request.complete(NtStatus.Success, { information: length - 2 });
  },
};

function each(handler: (queue: Queue, request: Request) => void) {
  return { evtIoWrite: handler, evtIoRead: handler, evtIoDeviceControl: handler };
}
