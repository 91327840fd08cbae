// What does not compile: the mistakes that types find.

import { beforeAll, describe, expect, it } from "vitest";
import { typeErrors } from "./support/type-check";

const PROGRAMS = {
  inCallerContext: `
import { type EvtIoInCallerContext, type WDFDEVICE, type WDFREQUEST, WdfDeviceEnqueueRequest } from "wdf-wasm/ddi";
export const good: EvtIoInCallerContext = (device, request) => void WdfDeviceEnqueueRequest(device, request);
export const swapped: EvtIoInCallerContext = (request: WDFREQUEST, device: WDFDEVICE) => void WdfDeviceEnqueueRequest(device, request);
export const more: EvtIoInCallerContext = (device: WDFDEVICE, request: WDFREQUEST, length: number) => void length;
`,
  callback: `
import { type CallbackFunction, ExRegisterCallback, type PCALLBACK_OBJECT, type WDFQUEUE } from "wdf-wasm/ddi";
declare const object: PCALLBACK_OBJECT;
declare const queue: WDFQUEUE;
const routine: CallbackFunction<{ level: number }, number, boolean> = (battery, what, value) => void (value ? battery.level : what);
ExRegisterCallback(object, routine, { level: 1 });
ExRegisterCallback(object, routine, { charge: 1 });
ExRegisterCallback(queue, routine, { level: 1 });
`,
} as const;

let errors: Record<string, string[]>;
beforeAll(() => {
  errors = typeErrors(PROGRAMS);
}, 60_000);

describe("types", () => {
  it("a callback of another shape is no EvtIoInCallerContext", () => {
    expect(errors.inCallerContext.map((error) => error.split(":")[0])).toEqual(["4", "5"]);
  });

  it("a routine of a callback object has the context it is registered with", () => {
    expect(errors.callback.map((error) => error.split(":")[0])).toEqual(["7", "8"]);
  });
});
