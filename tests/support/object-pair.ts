// The model of the object tree and the framework side by side: each step is done to both, and what can be seen compared.

import { expect } from "vitest";
import { Irql, NtStatus, WdfExecutionLevel } from "../../bindings/abi";
import * as wdf from "../../host/ddi";
import { type ModelObject, type ObjectAction, type ObjectKind, ObjectModel } from "./object-model";
import { Rig } from "./rig";

/** Makes an object of a kind. */
function make(kind: ObjectKind, attributes: wdf.WdfObjectAttributes): { status: NtStatus; object: wdf.WDFOBJECT } {
  switch (kind) {
    case "collection": {
      const { status, collection } = wdf.WdfCollectionCreate(attributes);
      return { status, object: collection };
    }
    case "key": {
      const { status, key } = wdf.WdfRegistryOpenKey(null, "\\Registry\\Machine", wdf.KeyAccess.Read, attributes);
      return { status, object: key };
    }
    case "request": {
      const { status, request } = wdf.WdfRequestCreate(attributes);
      return { status, object: request };
    }
    default:
      return wdf.WdfObjectCreate(attributes);
  }
}

export type ObjectStep =
  | { do: "create"; kind: ObjectKind; parent: number | null; passive: boolean; inCleanup: ObjectAction }
  | { do: "add"; to: number; of: number }
  | { do: "remove"; from: number; irql: Irql }
  | { do: "delete" | "dereference"; of: number; irql: Irql }
  | { do: "reference" | "context"; of: number };

/** The model and the framework side by side. */
export class ObjectPair {
  readonly model = new ObjectModel();
  readonly rig = new Rig({ queue: null });
  readonly lines: string[] = [];
  private readonly handles = new Map<string, wdf.WDFOBJECT>();
  private readonly base = this.rig.system.machine.exports.liveObjects();

  /** Callbacks that tell; the first of an object also acts. */
  private callbacks(name: () => string, number: string, inCleanup: ObjectAction): wdf.WdfObjectAttributes {
    const tell = (what: string): void => void this.lines.push(`${what}${number} ${name()} at ${this.rig.level}`);
    return {
      evtCleanupCallback: () => {
        tell("EvtCleanup");
        this.act(inCleanup);
      },
      evtDestroyCallback: () => tell("EvtDestroy"),
    };
  }

  private act(inCleanup: ObjectAction): void {
    if (inCleanup.kind === "none") return;
    const known = [...this.handles];
    const [name, handle] = known[inCleanup.of % known.length];
    if (inCleanup.kind === "delete") void wdf.WdfObjectDelete(handle);
    else if (inCleanup.kind === "reference") wdf.WdfObjectReference(handle);
    else this.lines.push(`child of ${name}: ${this.create(handle, false, { kind: "none" })}`);
  }

  private create(parent: wdf.WDFOBJECT | null, passive: boolean, inCleanup: ObjectAction, kind: ObjectKind = "object"): boolean {
    const name = `o${this.named + 1}`;
    const callbacks = this.callbacks(() => name, "", inCleanup);
    const destroyed = callbacks.evtDestroyCallback!;
    callbacks.evtDestroyCallback = (object) => {
      this.handles.delete(name);
      return destroyed(object);
    };
    if (parent !== null) callbacks.parentObject = parent;
    if (passive && kind === "object") callbacks.executionLevel = WdfExecutionLevel.Passive;
    const { status, object } = make(kind, callbacks);
    if (status >= 0) {
      this.named++;
      this.handles.set(name, object);
    } else {
      expect(status).toBe(NtStatus.DeletePending);
    }
    return status >= 0;
  }
  private named = 0;

  do(next: ObjectStep): void {
    const { model, rig } = this;
    const { alive } = model;
    if (next.do === "create") {
      const parent = next.parent === null || alive.length === 0 ? null : alive[next.parent % alive.length];
      const above = parent === null ? null : this.handles.get(parent.name)!;
      const made = rig.run(() => this.create(above, next.passive, next.inCleanup, next.kind));
      expect(made).toBe(model.create(parent, next.passive, next.inCleanup, next.kind));
    } else if (next.do === "add") {
      this.add(next.to, next.of);
    } else if (next.do === "remove") {
      this.remove(next.from, next.irql);
    } else if (alive.length > 0) {
      this.about(next, alive[next.of % alive.length]);
    }
    this.compare();
  }

  /** The collections that live: one of them, if there is any. */
  private collection(index: number): ModelObject | undefined {
    const all = this.model.alive.filter(({ kind }) => kind === "collection");
    return all[index % all.length];
  }

  /** A collection in a collection could keep itself alive for ever. */
  private add(to: number, of: number): void {
    const collection = this.collection(to);
    const items = this.model.alive.filter(({ kind }) => kind !== "collection");
    if (collection === undefined || items.length === 0) return;
    const item = items[of % items.length];
    this.model.add(collection, item);
    const [into, what] = [collection, item].map(({ name }) => this.handles.get(name)!);
    expect(this.rig.run(() => wdf.WdfCollectionAdd(into as wdf.WDFCOLLECTION, what))).toBe(NtStatus.Success);
  }

  /** Its first item. */
  private remove(from: number, irql: Irql): void {
    const collection = this.collection(from);
    if (collection === undefined || collection.items.length === 0) return;
    const handle = this.handles.get(collection.name)! as wdf.WDFCOLLECTION;
    this.model.at(irql, () => this.model.removeFirst(collection));
    this.rig.run(() => void wdf.WdfCollectionRemoveItem(handle, 0), irql);
  }

  private about(next: Exclude<ObjectStep, { do: "create" | "add" | "remove" }>, object: ModelObject): void {
    const { model, rig } = this;
    const handle = this.handles.get(object.name)!;
    switch (next.do) {
      case "delete":
        model.at(next.irql, () => model.delete(object));
        rig.run(() => void wdf.WdfObjectDelete(handle), next.irql);
        break;
      case "reference":
        object.references++;
        rig.run(() => wdf.WdfObjectReference(handle));
        break;
      case "dereference":
        // The last reference of an object that was not deleted is the Stop WDF_OBJECT_ERROR, of which this test is not.
        if (object.references - object.kept < 2 && !object.cleaned) break;
        if (object.references === object.kept) break;
        model.at(next.irql, () => model.dereference(object));
        rig.run(() => void wdf.WdfObjectDereference(handle), next.irql);
        break;
      case "context": {
        const number = `(${object.contexts + 1})`;
        const contextType = wdf.WDF_DECLARE_CONTEXT_TYPE(number, () => ({}));
        const attributes = { ...this.callbacks(() => object.name, number, { kind: "none" }), contextType };
        const { status } = rig.run(() => wdf.WdfObjectAllocateContext(handle, attributes));
        expect(status >= 0).toBe(model.addContext(object));
      }
    }
  }

  private compare(): void {
    const { machine } = this.rig.system;
    expect(this.lines).toEqual(this.model.lines);
    expect([...this.handles.keys()], "objects that live").toEqual(this.model.alive.map(({ name }) => name));
    expect(machine.exports.liveObjects() - this.base, "entries that are taken").toBe(this.model.alive.length);
    expect(machine.exports.checkInvariants(), "the Invariant that is broken").toBe(0);
  }

  /** Whatever is left is deleted and let go: nothing remains. */
  finish(): void {
    for (let { alive } = this.model; alive.length > 0; { alive } = this.model) {
      const kept = alive.findIndex(({ ending }) => !ending);
      if (kept >= 0) this.do({ do: "delete", of: kept, irql: Irql.Passive });
      else this.do({ do: "dereference", of: alive.findIndex(({ references, kept: held }) => references > held), irql: Irql.Passive });
    }
    this.compare();
  }
}
