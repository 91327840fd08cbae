// Streams a file through a driver: a write and a read for each chunk, and the digests of what went in and came back.

import { type Hash, createHash } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";
import { type ApplicationFile, ProtocolError, type System, statusName } from "../host/index";
import { fileReason } from "./failure";
import { Progress } from "./progress";

/** What the stream came to. */
export interface Outcome {
  readonly bytes: number;
  readonly sent: string;
  readonly received: string;
  /** The first operation that did not do what it should, or "". */
  readonly problem: string;
}

/** Opens the file at once, so that a wrong name is told before anything runs. */
export async function openInput(path: string): Promise<FileHandle> {
  const refuse = (why: string): ProtocolError => new ProtocolError(`the input ${path} cannot be read: ${why}`);
  const source = await open(path).catch((error: unknown) => {
    throw refuse(fileReason(error));
  });
  if (!(await source.stat()).isDirectory()) return source;
  await source.close();
  throw refuse("it is a folder");
}

export async function stream(system: System, source: FileHandle, chunk: number): Promise<Outcome> {
  const stat = await source.stat();
  const sent = createHash("sha256");
  const received = createHash("sha256");
  const buffer = new Uint8Array(stat.isFile() ? Math.min(chunk, stat.size) : chunk);
  const progress = new Progress(stat.size);
  let bytes = 0;
  let problem = "";
  const file = await endOf(system, system.open(firstLink(system)));
  if (file === null) problem = "the open was never completed";
  else if (file.status < 0) problem = `the open ended with ${statusName(file.status)}`;
  if (file === null || problem !== "") return { bytes, sent: sent.digest("hex"), received: received.digest("hex"), problem };
  for (let left = buffer.length > 0; left; left = problem === "") {
    const { bytesRead } = await source.read(buffer, 0, buffer.length);
    if (bytesRead === 0) break;
    const data = buffer.subarray(0, bytesRead);
    sent.update(data);
    problem = await roundTrip(system, file, data, received);
    bytes += bytesRead;
    progress.at(bytes);
  }
  if (problem === "" && (await endOf(system, file.close().then(() => true))) === null) problem = "the close was never completed";
  return { bytes, sent: sent.digest("hex"), received: received.digest("hex"), problem };
}

/** The name of the driver's first device, as applications open it. */
function firstLink(system: System): string {
  const [name] = system.names.linkNames();
  if (name === undefined) throw new ProtocolError("the driver has made no symbolic link: there is nothing an application could open");
  return name;
}

async function roundTrip(system: System, file: ApplicationFile, data: Uint8Array, received: Hash): Promise<string> {
  const write = await endOf(system, file.write(data));
  if (write === null) return `a write of ${data.length} bytes was never completed`;
  if (write.status < 0) return `a write of ${data.length} bytes ended with ${statusName(write.status)}`;
  const read = await endOf(system, file.read(data.length));
  if (read === null) return `a read of ${data.length} bytes was never completed`;
  if (read.status < 0) return `a read of ${data.length} bytes ended with ${statusName(read.status)}`;
  received.update(read.data);
  return "";
}

/** The result of an operation, null when nothing can bring it back any more: no routine is left to run, no deadline is due. */
async function endOf<T>(system: System, operation: Promise<T>): Promise<T | null> {
  const soon = await orNull(operation);
  if (soon !== null) return soon;
  await system.run({ autoAdvance: true, until: operation });
  return await orNull(operation);
}

/** The result, null when the operation is not over once all that is ready has had its turn. */
async function orNull<T>(operation: Promise<T>): Promise<T | null> {
  return await Promise.race([operation, new Promise<null>((resolve) => setImmediate(() => resolve(null)))]);
}
