// Driver: WDFDRIVER as an object. Every member names its DDI.

import { WdfDriverGetRegistryPath } from "../ddi/registry";
import type { WDFDRIVER } from "../ddi/types";
import { FrameworkObject } from "./object";
import { type KeyMade, type KeyOptions, RegistryKey } from "./registry";

export class Driver extends FrameworkObject<WDFDRIVER> {
  /** null above PASSIVE_LEVEL. @ddi WdfDriverGetRegistryPath */
  get registryPath(): string | null {
    return WdfDriverGetRegistryPath(this.handle);
  }

  /** The key with what the driver was installed with. @ddi WdfDriverOpenParametersRegistryKey */
  parameters(options: KeyOptions = {}): KeyMade {
    return RegistryKey.parametersOf(this, options);
  }

  /** The key for what the driver itself wants to remember. @ddi WdfDriverOpenPersistentStateRegistryKey */
  persistentState(options: KeyOptions = {}): KeyMade {
    return RegistryKey.persistentStateOf(this, options);
  }
}
