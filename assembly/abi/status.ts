// NTSTATUS values the core returns or passes on. A status is an i32, so `status >= 0` is NT_SUCCESS.

/** NTSTATUS */
export enum NtStatus {
  /** STATUS_SUCCESS */
  Success = 0x00000000,
  /** STATUS_WAIT_1 */
  Wait1 = 0x00000001,
  /** STATUS_ABANDONED */
  Abandoned = 0x00000080,
  /** STATUS_USER_APC */
  UserApc = 0x000000c0,
  /** STATUS_ALERTED */
  Alerted = 0x00000101,
  /** STATUS_TIMEOUT */
  Timeout = 0x00000102,
  /** STATUS_PENDING */
  Pending = 0x00000103,
  /** STATUS_OBJECT_NAME_EXISTS */
  ObjectNameExists = 0x40000000,
  /** STATUS_WDF_QUEUED */
  WdfQueued = 0x40200000,
  /** STATUS_WDF_POSTED */
  WdfPosted = 0x40200002,
  /** STATUS_BUFFER_OVERFLOW */
  BufferOverflow = 0x80000005 | 0,
  /** STATUS_DEVICE_BUSY */
  DeviceBusy = 0x80000011 | 0,
  /** STATUS_VERIFY_REQUIRED */
  VerifyRequired = 0x80000016 | 0,
  /** STATUS_NO_MORE_ENTRIES */
  NoMoreEntries = 0x8000001a | 0,
  /** STATUS_UNSUCCESSFUL */
  Unsuccessful = 0xc0000001 | 0,
  /** STATUS_NOT_IMPLEMENTED */
  NotImplemented = 0xc0000002 | 0,
  /** STATUS_INFO_LENGTH_MISMATCH */
  InfoLengthMismatch = 0xc0000004 | 0,
  /** STATUS_ACCESS_VIOLATION */
  AccessViolation = 0xc0000005 | 0,
  /** STATUS_INVALID_HANDLE */
  InvalidHandle = 0xc0000008 | 0,
  /** STATUS_INVALID_PARAMETER */
  InvalidParameter = 0xc000000d | 0,
  /** STATUS_NO_SUCH_DEVICE */
  NoSuchDevice = 0xc000000e | 0,
  /** STATUS_INVALID_DEVICE_REQUEST */
  InvalidDeviceRequest = 0xc0000010 | 0,
  /** STATUS_END_OF_FILE */
  EndOfFile = 0xc0000011 | 0,
  /** STATUS_MORE_PROCESSING_REQUIRED */
  MoreProcessingRequired = 0xc0000016 | 0,
  /** STATUS_ACCESS_DENIED */
  AccessDenied = 0xc0000022 | 0,
  /** STATUS_BUFFER_TOO_SMALL */
  BufferTooSmall = 0xc0000023 | 0,
  /** STATUS_OBJECT_TYPE_MISMATCH */
  ObjectTypeMismatch = 0xc0000024 | 0,
  /** STATUS_OBJECT_NAME_INVALID */
  ObjectNameInvalid = 0xc0000033 | 0,
  /** STATUS_OBJECT_NAME_NOT_FOUND */
  ObjectNameNotFound = 0xc0000034 | 0,
  /** STATUS_OBJECT_NAME_COLLISION */
  ObjectNameCollision = 0xc0000035 | 0,
  /** STATUS_OBJECT_PATH_INVALID */
  ObjectPathInvalid = 0xc0000039 | 0,
  /** STATUS_OBJECT_PATH_NOT_FOUND */
  ObjectPathNotFound = 0xc000003a | 0,
  /** STATUS_OBJECT_PATH_SYNTAX_BAD */
  ObjectPathSyntaxBad = 0xc000003b | 0,
  /** STATUS_MUTANT_NOT_OWNED */
  MutantNotOwned = 0xc0000046 | 0,
  /** STATUS_SEMAPHORE_LIMIT_EXCEEDED */
  SemaphoreLimitExceeded = 0xc0000047 | 0,
  /** STATUS_DELETE_PENDING */
  DeletePending = 0xc0000056 | 0,
  /** STATUS_RESOURCE_DATA_NOT_FOUND */
  ResourceDataNotFound = 0xc0000089 | 0,
  /** STATUS_INTEGER_OVERFLOW */
  IntegerOverflow = 0xc0000095 | 0,
  /** STATUS_INSUFFICIENT_RESOURCES */
  InsufficientResources = 0xc000009a | 0,
  /** STATUS_DEVICE_DATA_ERROR */
  DeviceDataError = 0xc000009c | 0,
  /** STATUS_DEVICE_NOT_CONNECTED */
  DeviceNotConnected = 0xc000009d | 0,
  /** STATUS_DEVICE_POWER_FAILURE */
  DevicePowerFailure = 0xc000009e | 0,
  /** STATUS_DEVICE_NOT_READY */
  DeviceNotReady = 0xc00000a3 | 0,
  /** STATUS_IO_TIMEOUT */
  IoTimeout = 0xc00000b5 | 0,
  /** STATUS_NOT_SUPPORTED */
  NotSupported = 0xc00000bb | 0,
  /** STATUS_REQUEST_NOT_ACCEPTED */
  RequestNotAccepted = 0xc00000d0 | 0,
  /** STATUS_INTERNAL_ERROR */
  InternalError = 0xc00000e5 | 0,
  /** STATUS_INVALID_USER_BUFFER */
  InvalidUserBuffer = 0xc00000e8 | 0,
  /** STATUS_INVALID_PARAMETER_4 */
  InvalidParameter4 = 0xc00000f2 | 0,
  /** STATUS_CANCELLED */
  Cancelled = 0xc0000120 | 0,
  /** STATUS_CANNOT_DELETE */
  CannotDelete = 0xc0000121 | 0,
  /** STATUS_FILE_CLOSED */
  FileClosed = 0xc0000128 | 0,
  /** STATUS_KEY_DELETED */
  KeyDeleted = 0xc000017c | 0,
  /** STATUS_CHILD_MUST_BE_VOLATILE */
  ChildMustBeVolatile = 0xc0000181 | 0,
  /** STATUS_DEVICE_CONFIGURATION_ERROR */
  DeviceConfigurationError = 0xc0000182 | 0,
  /** STATUS_INVALID_DEVICE_STATE */
  InvalidDeviceState = 0xc0000184 | 0,
  /** STATUS_IO_DEVICE_ERROR */
  IoDeviceError = 0xc0000185 | 0,
  /** STATUS_MUTANT_LIMIT_EXCEEDED */
  MutantLimitExceeded = 0xc0000191 | 0,
  /** STATUS_INVALID_BUFFER_SIZE */
  InvalidBufferSize = 0xc0000206 | 0,
  /** STATUS_NOT_FOUND */
  NotFound = 0xc0000225 | 0,
  /** STATUS_DEVICE_REMOVED */
  DeviceRemoved = 0xc00002b6 | 0,
  /** STATUS_DRIVER_PROCESS_TERMINATED */
  DriverProcessTerminated = 0xc0000450 | 0,
  /** STATUS_POWER_STATE_INVALID */
  PowerStateInvalid = 0xc00002d3 | 0,
  /** STATUS_WDF_NO_PACKAGE */
  WdfNoPackage = 0xc0200200 | 0,
  /** STATUS_WDF_INTERNAL_ERROR */
  WdfInternalError = 0xc0200201 | 0,
  /** STATUS_WDF_PAUSED */
  WdfPaused = 0xc0200203 | 0,
  /** STATUS_WDF_BUSY */
  WdfBusy = 0xc0200204 | 0,
  /** STATUS_WDF_IO_TIMEOUT_NOT_SENT */
  WdfIoTimeoutNotSent = 0xc0200205 | 0,
  /** STATUS_WDF_DEVICE_REMOVED_NOT_SENT */
  WdfDeviceRemovedNotSent = 0xc0200206 | 0,
  /** STATUS_WDF_REQUEST_ALREADY_PENDING */
  WdfRequestAlreadyPending = 0xc0200207 | 0,
  /** STATUS_WDF_REQUEST_INVALID_STATE */
  WdfRequestInvalidState = 0xc0200208 | 0,
  /** STATUS_WDF_OBJECT_ATTRIBUTES_INVALID */
  WdfObjectAttributesInvalid = 0xc0200209 | 0,
  /** STATUS_WDF_TOO_FRAGMENTED */
  WdfTooFragmented = 0xc020020a | 0,
  /** STATUS_WDF_NO_CALLBACK */
  WdfNoCallback = 0xc020020b | 0,
  /** STATUS_WDF_INCOMPATIBLE_EXECUTION_LEVEL */
  WdfIncompatibleExecutionLevel = 0xc020020c | 0,
  /** STATUS_WDF_PARENT_ALREADY_ASSIGNED */
  WdfParentAlreadyAssigned = 0xc020020d | 0,
  /** STATUS_WDF_PARENT_IS_SELF */
  WdfParentIsSelf = 0xc020020e | 0,
  /** STATUS_WDF_PARENT_ASSIGNMENT_NOT_ALLOWED */
  WdfParentAssignmentNotAllowed = 0xc020020f | 0,
  /** STATUS_WDF_SYNCHRONIZATION_SCOPE_INVALID */
  WdfSynchronizationScopeInvalid = 0xc0200210 | 0,
  /** STATUS_WDF_EXECUTION_LEVEL_INVALID */
  WdfExecutionLevelInvalid = 0xc0200211 | 0,
  /** STATUS_WDF_PARENT_NOT_SPECIFIED */
  WdfParentNotSpecified = 0xc0200212 | 0,
  /** STATUS_WDF_TOO_MANY_TRANSFERS */
  WdfTooManyTransfers = 0xc0200213 | 0,
  /** STATUS_WDF_NOT_ENOUGH_MAP_REGISTERS */
  WdfNotEnoughMapRegisters = 0xc0200214 | 0,
}
