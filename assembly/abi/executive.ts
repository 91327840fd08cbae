// The executive's objects: names, attributes, what the system itself notifies.

/** OBJECT_ATTRIBUTES.Attributes */
export enum ObjectAttribute {
  /** OBJ_INHERIT */
  Inherit = 0x2,
  /** OBJ_PERMANENT: the name stays until the object is made temporary. */
  Permanent = 0x10,
  /** OBJ_EXCLUSIVE */
  Exclusive = 0x20,
  /** OBJ_CASE_INSENSITIVE */
  CaseInsensitive = 0x40,
  /** OBJ_OPENIF */
  OpenIf = 0x80,
  /** OBJ_OPENLINK: not for callback objects. */
  OpenLink = 0x100,
  /** OBJ_KERNEL_HANDLE */
  KernelHandle = 0x200,
}

/**
 * Names the core knows. The host turns every component of a name into two numbers, one for the text and one for the text in
 * capitals, counted from 1 in the order in which they were first seen; these come first.
 */
export enum WellKnownName {
  Callback = 1,
  SetSystemTime = 2,
  PowerState = 3,
  ProcessorAdd = 4,
}

/** OBJECT_ATTRIBUTES, in the scratch area. */
export enum ObjectAttributesWord {
  /** {@link ObjectAttribute}s */
  Attributes = 16,
  /** NTSTATUS of reading the name; 0 for a good one. */
  Syntax = 17,
  /** How many components the name has, at most NAME_COMPONENTS_MAX. */
  Components = 18,
  /** From here on two words for each component: its number, and that of its capitals. */
  Names = 19,
}

/** No directory lies deeper, so what stands beyond need not be looked at. */
export const NAME_COMPONENTS_MAX: u32 = 14;

/** The first argument of \Callback\PowerState. */
export enum PowerStateCallback {
  /** PO_CB_SYSTEM_POWER_POLICY */
  SystemPowerPolicy = 0,
  /** PO_CB_AC_STATUS: TRUE on mains. */
  AcStatus = 1,
  /** PO_CB_BUTTON_COLLISION */
  ButtonCollision = 2,
  /** PO_CB_SYSTEM_STATE_LOCK: FALSE when the system is about to leave S0, TRUE when it is back. */
  SystemStateLock = 3,
  /** PO_CB_LID_SWITCH_STATE: TRUE when the lid is open. */
  LidSwitchState = 4,
  /** PO_CB_PROCESSOR_POWER_POLICY */
  ProcessorPowerPolicy = 5,
}

/** KE_PROCESSOR_CHANGE_NOTIFY_STATE */
export enum ProcessorChangeState {
  /** KeProcessorAddStartNotify */
  AddStart = 0,
  /** KeProcessorAddCompleteNotify */
  AddComplete = 1,
  /** KeProcessorAddFailureNotify */
  AddFailure = 2,
}
