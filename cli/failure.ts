// What went wrong, in one line.

/** The message of whatever was thrown, as one line. */
export function oneLine(error: unknown): string {
  const text = error instanceof Error ? error.message || error.name : String(error);
  return text.trim().replace(/\s*\n\s*/g, " ");
}

const REASONS = new Map([
  ["ENOENT", "no such file or folder"],
  ["EISDIR", "it is a folder"],
  ["ENOTDIR", "a folder on its path is none"],
  ["EACCES", "access is denied"],
  ["EPERM", "access is denied"],
  ["ENOSPC", "no space is left"],
  ["EROFS", "it is on a read-only file system"],
]);

/** Why the file system refused, in words. */
export function fileReason(error: unknown): string {
  return REASONS.get(String((error as NodeJS.ErrnoException).code)) ?? oneLine(error);
}
