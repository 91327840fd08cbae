// A rig whose driver and device have parameters, with a key open.

import { WdfDriverOpenParametersRegistryKey, type WDFDRIVER, type WDFKEY } from "../../host/ddi";
import { KeyAccess } from "../../host/ddi";
import { type RegistryContents, RegistryType, RegistryValue } from "../../host/index";
import { Rig } from "./rig";

/** One value of each type, and what a type must not be. */
export const VALUES: RegistryContents = {
  Depth: 4,
  Large: 0x123456789abcdefn,
  Name: "Ärger",
  Path: new RegistryValue(RegistryType.ExpandString, "%SystemRoot%"),
  List: ["one", "two"],
  Blob: Uint8Array.from([1, 2, 3]),
  Empty: new RegistryValue(RegistryType.String, new Uint8Array(0)),
  NoList: new RegistryValue(RegistryType.MultiString, new Uint8Array(0)),
  Unterminated: new RegistryValue(RegistryType.MultiString, Uint8Array.from([65, 0, 0, 0])),
  LongDWord: new RegistryValue(RegistryType.DWord, new Uint8Array(8)),
  Below: { Inside: 1 },
};

export const PARAMETERS = "\\Registry\\Machine\\System\\CurrentControlSet\\Services\\rig\\Parameters";

export interface RegistryRig {
  readonly rig: Rig;
  readonly driver: WDFDRIVER;
  readonly key: WDFKEY;
}

/** A rig with its driver's parameters open for everything. */
export function registryRig(options: { rules?: boolean; access?: KeyAccess } = {}): RegistryRig {
  const rig = new Rig({ registry: { rig: VALUES }, rules: options.rules ?? true });
  const driver = rig.system.names.driverOf(rig.device) as WDFDRIVER;
  const { key } = rig.run(() => WdfDriverOpenParametersRegistryKey(driver, options.access ?? KeyAccess.All));
  return { rig, driver, key };
}
