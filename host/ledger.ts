// What the host knows of the objects in the core, by their handles.

import type { Core } from "../bindings/core";
import { Contents } from "./contents";
import { Contexts } from "./contexts";
import { Irps } from "./irps";
import { Names } from "./naming";
import { Origins } from "./origins";

export class Ledger {
  readonly core: Core;
  /** What people call the objects. */
  readonly names = new Names();
  /** Bytes and callbacks of the IRPs under way. */
  readonly irps = new Irps();
  /** The contexts of the driver's objects. */
  readonly contexts = new Contexts();
  /** The bytes and texts of the driver's objects. */
  readonly contents = new Contents();
  /** Where they were made. */
  readonly origins: Origins;

  constructor(core: Core) {
    this.core = core;
    this.origins = new Origins(() => core.rules);
  }

  /** The driver has made an object, which is called by its kind's letters and a number. */
  born(handle: number, letters: string): void {
    this.names.addNumbered(handle, letters);
    this.origins.note(handle);
  }

  /** An object is gone: its handle will not be seen again. */
  forget(handle: number): void {
    this.contexts.drop(handle);
    this.contents.drop(handle);
    this.origins.drop(handle);
    this.names.drop(handle);
  }
}
