// Frames lie in records of one size: each class of them is compared with it when the core is compiled.

import { type Source, finding, lineAt } from "./source";

const FRAME_CLASS = /^(?:export )?class (\w+) extends \w*Frame \{/gm;

/** Every class of frames says in its own file that it fits. */
export function frameSizes(sources: readonly Source[]): string[] {
  return sources.filter(({ path }) => path.startsWith("assembly/")).flatMap(({ path, text }) =>
    [...text.matchAll(FRAME_CLASS)]
      .filter(([, name]) => !text.includes(`if (offsetof<${name}>() > FRAME_SIZE) ERROR(`))
      .map((match) => finding(path, lineAt(text, match.index), `${match[1]} may not fit; compare offsetof<${match[1]}>() with FRAME_SIZE`)),
  );
}
