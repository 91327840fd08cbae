// The registry: types of values, access rights, options. Values are Microsoft's (wdm.h, winnt.h).

/** REG_...: what the bytes of a value are. */
export enum RegistryType {
  /** REG_NONE */
  None = 0,
  /** REG_SZ */
  String = 1,
  /** REG_EXPAND_SZ */
  ExpandString = 2,
  /** REG_BINARY */
  Binary = 3,
  /** REG_DWORD */
  DWord = 4,
  /** REG_MULTI_SZ */
  MultiString = 7,
  /** REG_QWORD */
  QWord = 11,
}

/** ACCESS_MASK of a key. */
export enum KeyAccess {
  /** KEY_QUERY_VALUE */
  QueryValue = 0x1,
  /** KEY_SET_VALUE */
  SetValue = 0x2,
  /** KEY_CREATE_SUB_KEY */
  CreateSubKey = 0x4,
  /** DELETE */
  Delete = 0x10000,
  /** KEY_READ */
  Read = 0x20019,
  /** KEY_WRITE */
  Write = 0x20006,
  /** KEY_ALL_ACCESS */
  All = 0xf003f,
  /** MAXIMUM_ALLOWED */
  MaximumAllowed = 0x02000000,
  /** GENERIC_ALL */
  GenericAll = 0x10000000,
  /** GENERIC_WRITE */
  GenericWrite = 0x40000000,
  /** GENERIC_READ */
  GenericRead = 0x80000000 | 0,
}

/** REG_OPTION_... */
export enum RegistryOption {
  /** REG_OPTION_NON_VOLATILE */
  NonVolatile = 0,
  /** REG_OPTION_VOLATILE */
  Volatile = 1,
}

/** What WdfRegistryCreateKey did. */
export enum RegistryDisposition {
  /** REG_CREATED_NEW_KEY */
  CreatedNewKey = 1,
  /** REG_OPENED_EXISTING_KEY */
  OpenedExistingKey = 2,
}

/** Which key of a device WdfDeviceOpenRegistryKey opens. */
export enum DeviceRegistryKey {
  /** PLUGPLAY_REGKEY_DEVICE: the hardware key. */
  Device = 1,
  /** PLUGPLAY_REGKEY_DRIVER: the software key. */
  Driver = 2,
  /** PLUGPLAY_REGKEY_CURRENT_HWPROFILE, with one of the others. */
  CurrentHardwareProfile = 4,
}
