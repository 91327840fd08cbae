// What a scenario's device says about file objects, and what its file callbacks do.

import type { WDFDEVICE, WDFREQUEST } from "../../../bindings/handles";
import { WDF_FILEOBJECT_CONFIG_INIT, WdfDeviceInitSetFileObjectConfig } from "../../../host/ddi/file";
import type { WdfDeviceInit } from "../../../host/ddi/device";
import type { WdfFileObjectConfig, WdfObjectAttributes } from "../../../host/ddi/types";
import { callback, objectCallback } from "./callbacks";
import type { Rig, Script } from "./rig";
import type { Options } from "./script";

/** EvtDeviceFileCreate, EvtFileCleanup, EvtFileClose. */
function fileCallbacks(rig: Rig, creates: boolean): WdfFileObjectConfig {
  const { world } = rig;
  function* create(_device: WDFDEVICE, r: WDFREQUEST, file: number): Script {
    const request = world.own(r);
    const told = world.actionsFor("filecreate", request, "dev");
    const actions = world.hasActions("filecreate", request, "dev") ? told : ["complete $ 0"];
    const head = `EvtDeviceFileCreate ${request} file=${world.fileName(file)}`;
    return yield* callback(rig, head, `EvtDeviceFileCreate ${request}`, actions, request, "");
  }
  const about = (event: string, name: string) =>
    function* (file: number): Script {
      const head = `${name} ${world.fileName(file)}`;
      return yield* callback(rig, head, head, world.actionsFor(event, "dev"), "", "");
    };
  const cleanup = about("filecleanup", "EvtFileCleanup");
  const close = about("fileclose", "EvtFileClose");
  return WDF_FILEOBJECT_CONFIG_INIT(creates ? (create as never) : undefined, close as never, cleanup as never);
}

/** `fileobj`, `filecb` and their options. */
export function setFileObjects(rig: Rig, init: WdfDeviceInit, options: Options): void {
  const plain = options.flag("fileobj");
  const callbacks = options.flag("filecb");
  const creates = !options.flag("nofilecreate");
  const attributes = fileAttributes(rig, options);
  const config = callbacks ? fileCallbacks(rig, creates) : WDF_FILEOBJECT_CONFIG_INIT();
  const fileClass = options.number("fileclass");
  const forward = options.number("autofwd");
  if (fileClass !== undefined) config.fileObjectClass = fileClass;
  if (forward !== undefined) config.autoForwardCleanupClose = forward;
  if (plain || callbacks) WdfDeviceInitSetFileObjectConfig(init, config, attributes);
}

function fileAttributes(rig: Rig, options: Options): WdfObjectAttributes | undefined {
  const scope = options.number("filesync");
  const level = options.number("fileexec");
  const callbacks = options.flag("fileattr");
  if (scope === undefined && level === undefined && !callbacks) return undefined;
  return {
    ...(scope === undefined ? {} : { synchronizationScope: scope }),
    ...(level === undefined ? {} : { executionLevel: level }),
    ...(callbacks
      ? {
          evtCleanupCallback: objectCallback(rig, "Cleanup", "") as never,
          evtDestroyCallback: objectCallback(rig, "Destroy", "") as never,
        }
      : {}),
  };
}
