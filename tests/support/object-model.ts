// A naive model of the object tree: plain arrays and plain recursion, written from the specification (kernel.md §1.5), not
// from the core. `lines` is what the driver gets to see.

/** What the driver does in a callback of an object. */
export type ObjectAction =
  | { readonly kind: "none" }
  | { readonly kind: "delete" | "reference" | "child"; readonly of: number };

/** What kind of object: they all live and die alike, but for what they hold. */
export type ObjectKind = "object" | "collection" | "key" | "request";

export interface ModelObject {
  readonly name: string;
  readonly kind: ObjectKind;
  /** What a collection keeps, in order. */
  readonly items: ModelObject[];
  readonly passive: boolean;
  readonly inCleanup: ObjectAction;
  parent: ModelObject | null;
  readonly children: ModelObject[];
  /** The contexts added later, by number: their callbacks follow. */
  contexts: number;
  references: number;
  /** How many of them collections hold. */
  kept: number;
  /** Deleted, or below something deleted: takes no children and no contexts. */
  ending: boolean;
  /** Its EvtCleanup callbacks have been called. */
  cleaned: boolean;
  gone: boolean;
}

export class ObjectModel {
  readonly lines: string[] = [];
  readonly objects: ModelObject[] = [];
  /** What waits for PASSIVE_LEVEL. */
  private readonly later: (() => void)[] = [];
  private irql = 0;

  /** Does something at a level; then what was left to a work item. */
  at(irql: number, body: () => void): void {
    this.irql = irql;
    body();
    this.irql = 0;
    for (let next = this.later.shift(); next !== undefined; next = this.later.shift()) next();
  }

  get alive(): ModelObject[] {
    return this.objects.filter(({ gone }) => !gone);
  }

  /** False: STATUS_DELETE_PENDING. */
  create(parent: ModelObject | null, passive: boolean, inCleanup: ObjectAction, kind: ObjectKind = "object"): boolean {
    if (parent?.ending) return false;
    const object: ModelObject = {
      name: `o${this.objects.length + 1}`, kind, items: [], passive: isPassive(kind, passive), inCleanup, parent,
      children: [], contexts: 0, references: 1, kept: 0,
      ending: false, cleaned: false, gone: false,
    };
    parent?.children.push(object);
    this.objects.push(object);
    return true;
  }

  /** False: STATUS_DELETE_PENDING. */
  addContext(object: ModelObject): boolean {
    if (object.ending) return false;
    object.contexts++;
    return true;
  }

  delete(object: ModelObject): void {
    if (object.ending) return;
    if (object.parent?.ending) {
      object.ending = true; // the parent sees to it
      return;
    }
    const siblings = object.parent?.children ?? [];
    if (object.parent !== null) siblings.splice(siblings.indexOf(object), 1);
    object.parent = null;
    object.ending = true;
    if (object.passive && this.irql > 0) this.later.push(() => this.end(object));
    else this.end(object);
  }

  private end(object: ModelObject): void {
    if (this.cleanUp(object)) this.destroy(object);
    else this.later.push(() => this.end(object));
  }

  /** Children first. False when the rest needs PASSIVE_LEVEL. */
  private cleanUp(object: ModelObject): boolean {
    object.ending = true;
    if (object.cleaned) return true;
    if (this.irql > 0 && object.children.some(({ passive }) => passive)) return false;
    for (const child of object.children) if (!this.cleanUp(child)) return false;
    object.cleaned = true;
    this.say("EvtCleanup", object);
    return true;
  }

  private destroy(object: ModelObject): void {
    for (let child = object.children.shift(); child !== undefined; child = object.children.shift()) {
      child.parent = null;
      this.destroy(child);
    }
    this.dereference(object);
  }

  dereference(object: ModelObject): void {
    object.references--;
    if (object.references > 0) return;
    const last = (): void => {
      this.say("EvtDestroy", object);
      while (object.items.length > 0) this.removeFirst(object);
      object.gone = true;
    };
    if (object.passive && this.irql > 0) this.later.push(last);
    else last();
  }

  add(collection: ModelObject, item: ModelObject): void {
    item.references++;
    item.kept++;
    collection.items.push(item);
  }

  removeFirst(collection: ModelObject): void {
    const item = collection.items.shift()!;
    item.kept--;
    this.dereference(item);
  }

  private say(what: "EvtCleanup" | "EvtDestroy", object: ModelObject): void {
    this.lines.push(`${what} ${object.name} at ${this.irql}`);
    if (what === "EvtCleanup") this.act(object.inCleanup);
    for (let context = 1; context <= object.contexts; context++) this.lines.push(`${what}(${context}) ${object.name} at ${this.irql}`);
  }

  private act(action: ObjectAction): void {
    if (action.kind === "none") return;
    const { alive } = this;
    const target = alive[action.of % alive.length];
    if (action.kind === "delete") this.delete(target);
    else if (action.kind === "reference") target.references++;
    else this.lines.push(`child of ${target.name}: ${this.create(target, false, { kind: "none" })}`);
  }
}

/** Keys always end at PASSIVE_LEVEL; collections and requests take no execution level. */
function isPassive(kind: ObjectKind, asked: boolean): boolean {
  return kind === "key" || (kind === "object" && asked);
}
