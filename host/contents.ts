// What the host keeps of an object beside its contexts: the bytes of a WDFMEMORY, the text of a WDFSTRING.

/** What memory is filled with when it is given back, so that whoever still looks at it sees that it is gone. */
export const FREED = 0xdd;

export class Contents {
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

  textOf(string: number): string {
    return this.texts.get(string) ?? "";
  }

  /** The object is gone. */
  drop(object: number): void {
    const mine = this.bytes.get(object);
    if (mine?.ours) mine.buffer.fill(FREED);
    this.bytes.delete(object);
    this.texts.delete(object);
  }
}

const NOTHING = new Uint8Array(0);
