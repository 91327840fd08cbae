// What the host keeps of an object beside its contexts: the bytes of a WDFMEMORY, the text of a WDFSTRING, what a WDFKEY has
// open in the registry.

import { ReferenceTags } from "./reference-tags";
import { Registry, type RegistryNode } from "./registry";

/** What memory is filled with when it is given back, so that whoever still looks at it sees that it is gone. */
export const FREED = 0xdd;

export class Contents {
  registry = new Registry();
  /** The references drivers hold, where they are tracked. */
  readonly tags = new ReferenceTags();
  private readonly keys = new Map<number, RegistryNode>();
  private readonly bytes = new Map<number, { readonly buffer: Uint8Array; readonly ours: boolean }>();
  private readonly texts = new Map<number, string>();

  /** The buffer of a memory object. `ours`: the framework made it, and it goes with the object. */
  setBytes(memory: number, buffer: Uint8Array, ours: boolean): void {
    this.bytes.set(memory, { buffer, ours });
  }

  bytesOf(memory: number): Uint8Array {
    return this.bytes.get(memory)?.buffer ?? NOTHING;
  }

  setText(string: number, text: string): void {
    this.texts.set(string, text);
  }

  /** True for a string object. */
  hasText(object: number): boolean {
    return this.texts.has(object);
  }

  textOf(string: number): string {
    return this.texts.get(string) ?? "";
  }

  openKey(key: number, node: RegistryNode): void {
    this.keys.set(key, node);
  }

  /** What a key has open, until it is closed. */
  keyOf(key: number): RegistryNode | undefined {
    return this.keys.get(key);
  }

  closeKey(key: number): void {
    this.keys.delete(key);
  }

  /** The object is gone. */
  drop(object: number): void {
    const mine = this.bytes.get(object);
    if (mine?.ours) mine.buffer.fill(FREED);
    this.bytes.delete(object);
    this.texts.delete(object);
    this.keys.delete(object);
    this.registry.drop(object);
    this.tags.drop(object);
  }
}

const NOTHING = new Uint8Array(0);
