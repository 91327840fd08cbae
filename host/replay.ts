// Replays a run from its input log: the same inputs at the same points, the same drivers, the same everything.

import { type PnpIrp, WINDOW_RING_TAIL } from "../bindings/abi";
import type { ApplicationFile, IoResult } from "./application";
import type { WDFDEVICE } from "./ddi/types";
import type { DriverModule } from "./driver";
import { ProtocolError } from "./errors";
import { fromBase64 } from "./base64";
import type { InputName, LoggedInput, SavedLog } from "./log";
import type { DevicePlace } from "./pnp";
import { contentsFrom } from "./registry-data";
import type { Recorder } from "./recorder";
import { System } from "./system";

/** A replayed run. */
export interface Replay {
  readonly system: System;
  /** How each operation of an application ended, in the order in which they were made. */
  readonly results: readonly Promise<IoResult>[];
}

/** Runs a log again. `drivers` are the modules the log names; a recorder sees the run from its beginning. */
export async function replay(log: SavedLog, drivers: readonly DriverModule[], recorder?: Recorder): Promise<Replay> {
  if (log.version !== 1) throw new ProtocolError(`an input log of version ${String(log.version)} is not known`);
  const system = System.create({ ...log.options, record: true });
  if (recorder !== undefined) system.recorder = recorder;
  const files = new Files();
  const results: Promise<IoResult>[] = [];
  for (let at = 0; at < log.inputs.length; at++) {
    const input = log.inputs[at];
    await files.ready(input);
    checkPoint(system, input);
    if (input.op !== "hold") {
      await repeat(system, input, drivers, files, results);
      continue;
    }
    const end = log.inputs.findIndex(({ op }, index) => index > at && op === "release");
    const together = log.inputs.slice(at + 1, end);
    for (const one of together) await files.ready(one);
    system.atOnce(() => {
      for (const one of together) void repeat(system, one, drivers, files, results);
    });
    at = end;
  }
  return { system, results };
}

/** The files of the run by their numbers. A driver may keep a create for as long as it likes: nobody waits for an open. */
class Files {
  private readonly open = new Map<number, ApplicationFile>();
  private readonly underWay = new Set<Promise<void>>();

  opening(file: Promise<ApplicationFile>): void {
    const known = file.then((opened) => {
      this.open.set(opened.number, opened);
      this.underWay.delete(known);
    });
    known.catch(() => {}); // the System is over, which the next input says
    this.underWay.add(known);
  }

  /** The file an input is about has been opened, in the run that is replayed: the same has happened here. */
  async ready({ op, args }: LoggedInput): Promise<void> {
    if (!ABOUT_FILES.has(op)) return;
    while (!this.open.has(Number(args[0])) && this.underWay.size > 0) await Promise.race(this.underWay);
  }

  numbered(number: number): ApplicationFile {
    const file = this.open.get(number);
    if (file === undefined) throw new ProtocolError(`the log uses file ${number} before it opens it`);
    return file;
  }
}

const ABOUT_FILES: ReadonlySet<string> = new Set(["read", "write", "deviceIoControl", "close"]);

/** The run must be where it was when the input was made. */
function checkPoint(system: System, input: LoggedInput): void {
  const events = system.machine.core.word(WINDOW_RING_TAIL);
  if (events === input.events) return;
  throw new ProtocolError(
    `the replay has come apart: ${input.op} came after ${input.events} events, this run has seen ${events}. ` +
      "The drivers are not those of the recorded run, or not deterministic.",
  );
}

async function repeat(
  system: System,
  { op, args }: LoggedInput,
  drivers: readonly DriverModule[],
  files: Files,
  results: Promise<IoResult>[],
): Promise<void> {
  const file = (): ApplicationFile => files.numbered(Number(args[0]));
  switch (op) {
    case "addDevice": {
      const module = driverNamed(drivers, args[0]);
      if (args[2] === 1) throw new ProtocolError("the run had a driver below that is not the framework's, which a log cannot repeat");
      system.addDevice(module, placeOf(system, args));
      break;
    }
    case "unload":
      system.unload(driverNamed(drivers, args[0]));
      break;
    case "open":
      files.opening(system.open(String(args[0]), args[1] === undefined ? {} : { flags: Number(args[1]) }));
      break;
    case "read":
      results.push(file().read(Number(args[1]), offsetOf(args[2])));
      break;
    case "write":
      results.push(file().write(fromBase64(String(args[1])), offsetOf(args[2])));
      break;
    case "deviceIoControl":
      results.push(file().deviceIoControl(Number(args[1]), fromBase64(String(args[2])), outputOf(args[3], args[4])));
      break;
    case "cancel":
      system.cancel(Number(args[0]));
      break;
    case "close":
      await file().close();
      break;
    case "pnp":
      system.sendPnp(Number(args[0]) as WDFDEVICE, Number(args[1]) as PnpIrp);
      break;
    case "addDriver":
      system.addDriver(driverNamed(drivers, args[0]), args.slice(1).map(String));
      break;
    case "signalWake":
      system.signalWake(Number(args[0]) as WDFDEVICE);
      break;
    case "idleAfter":
      system.setIdleTimeout(Number(args[0]) as WDFDEVICE, Number(args[1]) || Infinity);
      break;
    case "hold":
    case "release":
      throw new ProtocolError("the log makes inputs come at once inside others that do");
    case "thread":
      throw new ProtocolError("the run called DDIs from code of its own (System.thread), which a log cannot repeat");
    default:
      repeatOfMachine(system, op, args);
  }
}

/** An input of the clock, the hardware or the system itself. */
function repeatOfMachine(system: System, op: InputName, args: LoggedInput["args"]): void {
  switch (op) {
    case "advance":
      return system.advance(Number(args[0]));
    case "setSystemTime":
      return system.setSystemTime(Number(args[0]));
    case "registry":
      return system.registry.write(String(args[0]), contentsFrom(String(args[1])));
    case "interruptLine":
      return void system.interruptLine({ irql: Number(args[0]), mode: args[1] as "edge" | "level" });
    case "setInterruptLine":
      return args[1] === 1 ? system.lines.at(Number(args[0])).raise() : system.lines.at(Number(args[0])).lower();
    case "systemCallback":
      return system.callbacks.repeat(Number(args[0]), Number(args[1]), Number(args[2]));
    default:
      throw new ProtocolError(`the log has an input ${op}, which this version does not know`);
  }
}

function driverNamed(drivers: readonly DriverModule[], name: unknown): DriverModule {
  const module = drivers.find((driver) => driver.name === name);
  if (module === undefined) throw new ProtocolError(`the log needs the driver ${String(name)}`);
  return module;
}

/** Where a device goes: what it stands on, then lines by their numbers, and its parameters as a text. */
function placeOf(system: System, args: LoggedInput["args"]): DevicePlace {
  const more = args.slice(3);
  const parameters = more.filter((arg) => typeof arg === "string").map((text) => contentsFrom(text));
  return {
    interruptLines: more.filter((arg) => typeof arg === "number").map((number) => system.lines.at(number)),
    ...(args[1] ? { above: Number(args[1]) as WDFDEVICE } : {}),
    ...(parameters.length === 0 ? {} : { parameters: parameters[0] }),
  };
}

function offsetOf(offset: string | number | undefined): { offset?: number } {
  return offset === undefined ? {} : { offset: Number(offset) };
}

/** The length of a device control's output, or the memory its application has brought. */
function outputOf(length: string | number, brought: string | number | undefined): number | Uint8Array {
  return brought === undefined ? Number(length) : fromBase64(String(brought));
}
