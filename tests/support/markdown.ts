// Fenced code blocks of a Markdown file.

export interface CodeBlock {
  /** What follows the opening fence. */
  readonly language: string;
  /** The lines between the fences, each with its end. */
  readonly text: string;
}

/** All fenced blocks, in order. */
export function codeBlocks(markdown: string): CodeBlock[] {
  return [...markdown.matchAll(/^```(\w*)\n([^]*?)^```$/gm)].map(([, language, text]) => ({ language, text }));
}

/** The same Markdown with another text in its `number`-th block (0 is the first) of that language. */
export function withBlock(markdown: string, language: string, number: number, text: string): string {
  let seen = 0;
  return markdown.replace(/^```(\w*)\n([^]*?)^```$/gm, (block, found: string) =>
    found === language && seen++ === number ? `\`\`\`${language}\n${text}\`\`\`` : block,
  );
}
