// The scenario language: one command per line, words, options, actions.

/** One command: its words, with options (name=value) and flags told apart by whoever runs it. */
export interface Command {
  readonly text: string;
  readonly name: string;
  readonly words: readonly string[];
}

export function parseCommand(text: string): Command {
  const words = text.trim().split(/\s+/);
  return { text: text.trim(), name: words[0], words: words.slice(1) };
}

/** The lines of a script that are commands, with their line numbers, which count every line. */
export function scriptLines(script: string): { line: number; text: string }[] {
  return script
    .split("\n")
    .map((text, index) => ({ line: index + 1, text: text.trim() }))
    .filter(({ text }) => text !== "" && !text.startsWith("#"));
}

/** Actions of a callback: commands separated by semicolons. */
export function splitActions(text: string): string[] {
  return text
    .split(";")
    .map((action) => action.trim())
    .filter((action) => action !== "");
}

/** Options and flags of a command. */
export class Options {
  private readonly values = new Map<string, string>();
  private readonly flags = new Set<string>();
  private readonly known = new Set<string>();

  constructor(words: readonly string[]) {
    for (const word of words) {
      const at = word.indexOf("=");
      if (at > 0) this.values.set(word.slice(0, at), word.slice(at + 1));
      else this.flags.add(word);
    }
  }

  text(name: string): string | undefined {
    this.known.add(name);
    return this.values.get(name);
  }

  number(name: string): number | undefined {
    const value = this.text(name);
    return value === undefined ? undefined : parseNumber(value);
  }

  flag(name: string): boolean {
    this.known.add(name);
    return this.flags.has(name);
  }

  /** The options nobody has asked for: the scenario wants something that is not built. */
  unknown(): string[] {
    return [...this.values.keys(), ...this.flags].filter((name) => !this.known.has(name));
  }
}

/** Decimal, or hexadecimal with 0x. */
export function parseNumber(text: string): number {
  return Number(text) | 0;
}
