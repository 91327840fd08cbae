// The drivers that are loaded, and whose code runs.
//
// With one driver there is nothing to ask. With more, the core knows for handlers of queues and for threads of the host;
// for every other callback it is the driver that has registered it. A function that two drivers register is the first's.

import { ProtocolError } from "./errors";
import type { DriverModule } from "./driver";
import type { WDFDRIVER } from "./ddi/types";
import type { Machine } from "./machine";

/** A driver that is loaded. */
interface Loaded {
  readonly handle: WDFDRIVER;
  /** EvtDriverUnload as the core knows it, 0 for none. */
  readonly evtDriverUnload: number;
}

export class Drivers {
  private readonly machine: Machine;
  private readonly loaded = new Map<DriverModule, Loaded>();
  private newest = 0;

  constructor(machine: Machine) {
    this.machine = machine;
    machine.callbacks.running = () => this.running();
  }

  /** From inside a thread: it is in the code of that driver from now on, which is loaded if it was not. */
  enter(module: DriverModule, load: () => WDFDRIVER): WDFDRIVER {
    const known = this.loaded.get(module);
    const handle = known?.handle ?? load();
    this.machine.exports.enterDriver(handle);
    if (known === undefined) this.add(module, handle);
    return handle;
  }

  private add(module: DriverModule, handle: WDFDRIVER): void {
    this.newest = handle;
    this.loaded.set(module, { handle, evtDriverUnload: 0 });
    const unload = module.evtDriverUnload;
    if (unload === undefined) return;
    const evtDriverUnload = this.machine.callback((driver: WDFDRIVER) => unload.call(module, driver));
    this.loaded.set(module, { handle, evtDriverUnload });
  }

  /** A driver that may be unloaded: it is loaded, and none of its devices is left. */
  unloadable(module: DriverModule): Loaded {
    const driver = this.loaded.get(module);
    if (driver === undefined) throw new ProtocolError(`${module.name} is not loaded: unload is for drivers that addDevice has loaded`);
    if (this.machine.exports.driverHasDevices(driver.handle) === 0) return driver;
    throw new ProtocolError(`${module.name} has devices: remove them before it is unloaded (system.power(device).remove())`);
  }

  /** The driver is gone, and with it its code. */
  forget(module: DriverModule): void {
    const { callbacks, exports } = this.machine;
    const handle = this.loaded.get(module)?.handle ?? 0;
    this.loaded.delete(module);
    this.newest = [...this.loaded.values()].at(-1)?.handle ?? 0;
    callbacks.replace(handle, (id) => () => {
      exports.executeUnloaded(id);
      this.machine.stop();
    });
  }

  /** The driver whose code runs. */
  private running(): number {
    if (this.loaded.size < 2) return this.newest;
    const { callbacks, core, exports } = this.machine;
    const known = exports.runningDriver();
    return known !== 0 ? known : callbacks.ownerOf(core.outValue(0));
  }
}
