// Fenced code blocks of a Markdown file.

const BLOCK = /^```(\w*)\n([^]*?)^```$/gm;

/** The code block of a file: the one that begins with `// NAME`. */
export function sourceIn(markdown: string, name: string): string {
  for (const [, , text] of markdown.matchAll(BLOCK)) if (text.startsWith(`// ${name}\n`)) return text;
  throw new Error(`there is no code block that begins with "// ${name}"`);
}

/** The same Markdown with other texts in its `text` blocks, in order; blocks beyond them stay as they are. */
export function withTexts(markdown: string, texts: readonly string[]): string {
  let number = 0;
  return markdown.replace(BLOCK, (block, language: string) => {
    const text = language === "text" ? texts[number++] : undefined;
    return text === undefined ? block : `\`\`\`text\n${text}\`\`\``;
  });
}
