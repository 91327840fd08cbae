// One workload for the UMDF 1 echo driver and its KMDF twin: what applications see of it.

import { type DriverModule, type IoResult, System, statusName } from "wdf-wasm";

const IOCTL_ECHO_LENGTH = 0x222000;

function describeResult({ status, information, data }: IoResult): string {
  return `${statusName(status)} ${information} [${[...data].join(" ")}]`;
}

/** Bytes that depend on nothing but their number. */
function pattern(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (i * 31 + length) & 0xff);
}

/** Each operation's result, in the order in which an application hears of them. */
export async function umdf1EchoRun(driver: DriverModule): Promise<{ results: string[]; findings: string[] }> {
  const system = System.create();
  const { handle } = system.addDevice(driver);
  const file = await system.open("\\\\.\\Echo");
  const results: string[] = [];
  const note = (name: string, operation: Promise<IoResult>): void => {
    void operation.then((result) => results.push(`${name}: ${describeResult(result)}`));
  };
  const abort = new AbortController();
  note("early read", file.read(3));
  note("cancelled read", file.read(5, { signal: abort.signal }));
  note("late read", file.read(100));
  abort.abort();
  for (const length of [4, 0, 1, 300]) {
    note(`write ${length}`, file.write(pattern(length)));
    note(`read after write ${length}`, file.read(length));
    note(`length ${length}`, file.deviceIoControl(IOCTL_ECHO_LENGTH, undefined, 4));
  }
  note("short buffer", file.deviceIoControl(IOCTL_ECHO_LENGTH, undefined, 3));
  note("unknown code", file.deviceIoControl(0x222004, pattern(2), 2));
  const power = system.power(handle);
  power.sleep();
  note("read asleep", file.read(2));
  power.wake();
  await file.close();
  return { results, findings: system.findings.map(({ message }) => message) };
}
