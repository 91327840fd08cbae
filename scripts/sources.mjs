// Which files a build depends on, and a fingerprint of them.

import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** All files below the given folders and files, sorted. */
export function filesBelow(root, paths) {
  return paths
    .flatMap((path) => {
      const entries = path.includes(".") ? null : readdirSync(join(root, path), { withFileTypes: true, recursive: true });
      if (entries === null) return [path];
      return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(root.length));
    })
    .sort();
}

/** A fingerprint of names and contents. */
export function fingerprint(root, paths) {
  const hash = createHash("sha256");
  for (const file of filesBelow(root, paths)) hash.update(file).update("\0").update(readFileSync(join(root, file)));
  return hash.digest("hex");
}
