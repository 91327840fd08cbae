// Reads of 4 KiB through two drivers: a filter sends each down with a completion routine, the function driver below fills it.
// Next to it what moves bytes in Node otherwise. Every byte of every read is looked at.

import { closeSync, existsSync, openSync, readSync, rmSync, writeFileSync } from "node:fs";
import { read } from "node:fs";
import { type Duplex, Readable, Transform, Writable, duplexPair } from "node:stream";
import { pipeline } from "node:stream/promises";
import { NtStatus, WdfDeviceIoType, WdfRequestType } from "../../bindings/abi";
import { System, type SystemOptions } from "../../host";
import * as wdf from "../../host/ddi";
import type { Contender, ReadWorkload, Round } from "./contender";
import { PLAIN } from "./world";

export const READ_LENGTH = 4096;
const BLOCKS = 16;

/** What is read: the bytes of each block are unlike those of the next. */
const SOURCE = Buffer.from(Array.from({ length: BLOCKS * READ_LENGTH }, (_, i) => (i * 31 + (i >> 12) * 7) & 0xff));
const blocks = Array.from({ length: BLOCKS }, (_, i) => SOURCE.subarray(i * READ_LENGTH, (i + 1) * READ_LENGTH));

/** Whose turn it is, and whether all came that should. */
class Check {
  private next = 0;
  private wrong = 0;

  /** A read is back. */
  took(bytes: Uint8Array): void {
    if (!blocks[this.next % BLOCKS].equals(bytes)) this.wrong++;
    this.next++;
  }

  end(reads: number): void {
    const { next, wrong } = this;
    this.next = this.wrong = 0;
    if (next !== reads || wrong !== 0) throw new Error(`${next} of ${reads} reads came back, ${wrong} of them with other bytes`);
  }
}

/** Two drivers on one stack, and an application that reads one block after the other into memory of its own. */
export class ReadStack {
  readonly system: System;
  private readonly device: wdf.WDFDEVICE;
  private readonly check = new Check();
  private filled = 0;

  constructor(options: SystemOptions, private readonly direct: boolean) {
    this.system = System.create(options);
    const { handle } = this.system.addDevice({ name: "function", evtDriverDeviceAdd: (_driver, init) => this.addFunction(init) });
    const filter = { name: "filter", evtDriverDeviceAdd: (_driver: unknown, init: wdf.WdfDeviceInit) => this.addFilter(init) };
    this.device = this.system.addDevice(filter, { above: handle }).handle;
  }

  private init(init: wdf.WdfDeviceInit): wdf.WDFDEVICE {
    wdf.WdfDeviceInitSetIoType(init, this.direct ? WdfDeviceIoType.Direct : WdfDeviceIoType.Buffered);
    return wdf.WdfDeviceCreate(init).device;
  }

  private queue(device: wdf.WDFDEVICE, evtIoRead: (queue: wdf.WDFQUEUE, request: wdf.WDFREQUEST) => void): NtStatus {
    const config = wdf.WDF_IO_QUEUE_CONFIG_INIT(wdf.WdfIoQueueDispatchType.Parallel);
    return wdf.WdfIoQueueCreate(device, { ...config, defaultQueue: true, evtIoRead }).status;
  }

  private addFunction(init: wdf.WdfDeviceInit): NtStatus {
    return this.queue(this.init(init), (_queue, request) => {
      wdf.WdfRequestRetrieveOutputBuffer(request, READ_LENGTH).buffer.set(blocks[this.filled++ % BLOCKS]);
      wdf.WdfRequestCompleteWithInformation(request, NtStatus.Success, READ_LENGTH);
    });
  }

  private addFilter(init: wdf.WdfDeviceInit): NtStatus {
    const device = this.init(init);
    const target = wdf.WdfDeviceGetIoTarget(device);
    const back: wdf.EvtRequestCompletionRoutine = (request, _target, { ioStatus }) =>
      void wdf.WdfRequestCompleteWithInformation(request, ioStatus.status, ioStatus.information);
    return this.queue(device, (_queue, request) => {
      wdf.WdfRequestFormatRequestUsingCurrentType(request);
      wdf.WdfRequestSetCompletionRoutine(request, back);
      if (!wdf.WdfRequestSend(request, target)) wdf.WdfRequestComplete(request, wdf.WdfRequestGetStatus(request));
    });
  }

  readonly round: Round = (reads) => {
    const { system, device, check } = this;
    const output = Buffer.alloc(READ_LENGTH);
    const request = { major: WdfRequestType.Read, file: 0, output };
    const back = (status: number, information: number): void => {
      if (status === NtStatus.Success && information === READ_LENGTH) check.took(output);
    };
    const send = (): void => void system.send(device, request, back);
    this.filled = 0;
    for (let i = 0; i < reads; i++) system.input(send);
    check.end(reads);
  };
}

function stack(options: SystemOptions, direct: boolean): Contender<ReadWorkload> {
  return { workloads: ["reads"], prepare: () => new ReadStack(options, direct).round };
}

/** A source, a Transform that hands each chunk on, and a sink. */
const transform: Contender<ReadWorkload> = {
  workloads: ["reads"],
  prepare: () => async (reads) => {
    const check = new Check();
    let given = 0;
    const source = new Readable({
      highWaterMark: READ_LENGTH,
      read(): void {
        this.push(given < reads ? blocks[given++ % BLOCKS] : null);
      },
    });
    const middle = new Transform({ transform: (chunk, _encoding, done) => done(null, chunk) });
    const sink = new Writable({
      write(chunk: Buffer, _encoding, done): void {
        check.took(chunk);
        done();
      },
    });
    await pipeline(source, middle, sink);
    check.end(reads);
  },
};

/** Chunks written at one end of a pair, read at the other. */
const pair: Contender<ReadWorkload> = {
  workloads: ["reads"],
  prepare: () => async (reads) => {
    const check = new Check();
    const [near, far]: [Duplex, Duplex] = duplexPair({ highWaterMark: 16 * READ_LENGTH });
    const ended = new Promise<void>((resolve) => void far.on("end", resolve));
    far.on("data", (chunk: Buffer) => check.took(chunk));
    for (let i = 0; i < reads; i++) {
      if (!near.write(blocks[i % BLOCKS])) await new Promise<void>((resolve) => void near.once("drain", resolve));
    }
    near.end();
    await ended;
    check.end(reads);
  },
};

const MEMORY = "/dev/shm";

/** Whether the platform has files in memory. */
export const hasMemoryFiles: boolean = existsSync(MEMORY);

/** Reads from a file in memory, one after the other. */
function file(synchronous: boolean): Contender<ReadWorkload> {
  return {
    workloads: ["reads"],
    prepare: () => async (reads) => {
      if (!hasMemoryFiles) throw new Error(`there is no ${MEMORY} here`);
      const check = new Check();
      const path = `${MEMORY}/wdf-wasm-bench-${process.pid}`;
      writeFileSync(path, SOURCE);
      const fd = openSync(path, "r");
      rmSync(path);
      const output = Buffer.alloc(READ_LENGTH);
      const one = (at: number): Promise<void> =>
        new Promise((resolve, reject) => {
          read(fd, output, 0, READ_LENGTH, at, (error) => (error === null ? resolve() : reject(error)));
        });
      for (let i = 0; i < reads; i++) {
        const at = (i % BLOCKS) * READ_LENGTH;
        if (synchronous) readSync(fd, output, 0, READ_LENGTH, at);
        else await one(at);
        check.took(output);
      }
      closeSync(fd);
      check.end(reads);
    },
  };
}

export const READERS = {
  "two drivers, direct": stack(PLAIN, true),
  "two drivers, buffered": stack(PLAIN, false),
  "two drivers, direct + verifier": stack({}, true),
  "two drivers, buffered + verifier": stack({}, false),
  "Node Transform": transform,
  "Node duplexPair": pair,
  "fs.readSync, memory file": file(true),
  "fs.read, memory file": file(false),
} satisfies Record<string, Contender<ReadWorkload>>;

/** What many reads leave behind. */
export interface ReadFacts {
  readonly reads: number;
  readonly direct: boolean;
  /** Copies of each byte between the driver's buffer and the application's memory. */
  readonly copiesPerByte: number;
  /** Bytes of linear memory, and entries of the core's table that are taken. */
  readonly core: readonly [before: number, after: number];
  readonly objects: readonly [before: number, after: number];
  /** Bytes of the JavaScript heap and of ArrayBuffers. */
  readonly heap: readonly [before: number, after: number];
}

/** Reads that often on a System as it is made by default, after a tenth of it as a warm-up. */
export async function readFacts(reads: number, direct: boolean): Promise<ReadFacts> {
  const reader = new ReadStack({}, direct);
  const { irps, machine } = reader.system;
  const sizes = (): [core: number, objects: number, heap: number] => {
    (globalThis as { gc?: () => void }).gc?.();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return [machine.core.words.buffer.byteLength, machine.exports.liveObjects(), heapUsed + arrayBuffers];
  };
  await reader.round(Math.ceil(reads / 10));
  const before = sizes();
  const copied = irps.bytesCopied;
  await reader.round(reads);
  const after = sizes();
  const copiesPerByte = (irps.bytesCopied - copied) / (reads * READ_LENGTH);
  return { reads, direct, copiesPerByte, core: [before[0], after[0]], objects: [before[1], after[1]], heap: [before[2], after[2]] };
}
