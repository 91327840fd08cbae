// What core and host agree on. The only file that imports from assembly/.

export * from "../assembly/abi/buffer";
export * from "../assembly/abi/bugcheck";
export * from "../assembly/abi/choice";
export * from "../assembly/abi/config";
export * from "../assembly/abi/device";
export * from "../assembly/abi/event";
export * from "../assembly/abi/executive";
export * from "../assembly/abi/finding";
export * from "../assembly/abi/invariant";
export * from "../assembly/abi/irql";
export * from "../assembly/abi/irql-limits";
export * from "../assembly/abi/irql-rules";
export * from "../assembly/abi/kernel";
export * from "../assembly/abi/layout";
export * from "../assembly/abi/leak";
export * from "../assembly/abi/registry";
export * from "../assembly/abi/request";
export * from "../assembly/abi/status";
export * from "../assembly/abi/target";
export * from "../assembly/abi/version";
export * from "../assembly/abi/waiting";
export * from "../assembly/abi/wdf";
export * from "../assembly/abi/wdm";
