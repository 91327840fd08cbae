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
  umdf1: `
import type { IQueueCallbackRead, IWDFDevice, IWDFIoQueue, IWDFIoRequest } from "wdf-wasm/umdf1";
declare const device: IWDFDevice;
class Good implements IQueueCallbackRead {
  OnRead(_queue: IWDFIoQueue, request: IWDFIoRequest, bytes: number): void { request.CompleteWithInformation(0, bytes); }
}
class Waits implements IQueueCallbackRead {
  *OnRead(queue: IWDFIoQueue) { yield* queue.StopSynchronously(); }
}
class Misspelled implements IQueueCallbackRead {
  OnReed(_queue: IWDFIoQueue, _request: IWDFIoRequest, _bytes: number): void {}
}
class Wrong implements IQueueCallbackRead {
  OnRead(_queue: IWDFIoQueue, _bytes: number): void {}
}
device.CreateIoQueue(new Good(), true, 2, false, false);
device.CreateIoQueue(new Waits(), false, 2, false, false);
device.CreateIoQueue({ OnRead: (_queue, request) => request.Complete(0), OnWriet: () => {} }, true, 2, false, false);
device.CreateIoQueue({ OnWrite: (_queue, request, length: string) => request.Complete(0) }, true, 2, false, false);
device.CreateIoQueue({ OnDeviceIoControl: (_q, request, code, input, output) => request.CompleteWithInformation(code, input + output) }, true, 2, false, false);
`,
  umdf1Device: `
import type { IFileCallbackClose, IPnpCallbackHardware, IWDFDevice, IWDFDeviceInitialize, IWDFDriver, IWDFFile } from "wdf-wasm/umdf1";
declare const driver: IWDFDriver;
declare const init: IWDFDeviceInitialize;
class Good implements IFileCallbackClose, IPnpCallbackHardware {
  OnCloseFile(file: IWDFFile): void { file.RetrieveContext(); }
  OnPrepareHardware(): number { return 0; }
  OnReleaseHardware(_device: IWDFDevice): number { return 0; }
}
class Misspelled implements IFileCallbackClose {
  OnClosedFile(_file: IWDFFile): void {}
}
driver.CreateDevice(init, new Good());
driver.CreateDevice(init, { OnCleanupFile: (file) => void file.GetDevice(), OnColseFile: () => {} });
driver.CreateDevice(init, { OnCloseFile: (file: string) => void file });
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

  it("a UMDF 1 class with a misspelled or wrongly typed method does not implement the interface, and the message says why", () => {
    const [misspelled, wrong] = errors.umdf1;
    expect(misspelled).toMatch(/^10: Class 'Misspelled' incorrectly implements interface 'IQueueCallbackRead'/);
    expect(misspelled).toMatch(/Property 'OnRead' is missing in type 'Misspelled'/);
    expect(wrong).toMatch(/^14: Property 'OnRead' in type 'Wrong' is not assignable to the same property in base type 'IQueueCallbackRead'/);
  });

  it("the same for a device's interfaces, in a class and in what is handed to CreateDevice", () => {
    const [misspelled, literal, typed, ...more] = errors.umdf1Device;
    expect(misspelled).toMatch(/^10: Class 'Misspelled' incorrectly implements interface 'IFileCallbackClose'/);
    expect(literal).toMatch(/^14: Object literal may only specify known properties, but 'OnColseFile' does not exist in type .*Did you mean to write 'OnCloseFile'/);
    expect(typed).toMatch(/^15: Type .* is not assignable to type .*Types of parameters 'file' and 'pWdfFileObject' are incompatible/s);
    expect(more).toEqual([]);
  });

  it("an object handed to CreateIoQueue with a misspelled or wrongly typed method is refused, and the message says why", () => {
    const [, , literal, typed, ...more] = errors.umdf1;
    expect(literal).toMatch(/^18: Object literal may only specify known properties, but 'OnWriet' does not exist in type .*Did you mean to write 'OnWrite'/);
    expect(typed).toMatch(/^19: Type .* is not assignable to type .*Types of parameters 'length' and 'NumOfBytesToWrite' are incompatible/s);
    expect(more).toEqual([]);
  });
});
