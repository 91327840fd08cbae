// WDFINTERRUPT. Evidence: spec of the kernel, §4.7; the interrupt scenarios of tests/conformance.

import { describe, expect, it } from "vitest";
import { BugCheck, FindingId, Irql, NtStatus, WdfTriState } from "../../bindings/abi";
import {
  KeAreApcsDisabled,
  KeGetCurrentIrql,
  KeLowerIrql,
  KeRaiseIrql,
  WDF_INTERRUPT_CONFIG_INIT,
  WdfExecutionLevel,
  WdfInterruptAcquireLock,
  WdfInterruptCreate,
  WdfInterruptDisable,
  WdfInterruptEnable,
  WdfInterruptGetDevice,
  WdfInterruptGetInfo,
  WdfInterruptQueueDpcForIsr,
  WdfInterruptQueueWorkItemForIsr,
  WdfInterruptReleaseLock,
  WdfInterruptSynchronize,
  WdfInterruptTryToAcquireLock,
  WdfObjectCreate,
  WdfObjectDelete,
  WdfSpinLockAcquire,
  WdfSpinLockCreate,
  WdfSynchronizationScope,
  WdfWaitLockCreate,
  type WDFDEVICE,
  type WDFINTERRUPT,
  type WdfInterruptConfig,
  type WdfObjectAttributes,
} from "../../host/ddi";
import type { InterruptLine, InterruptLineOptions } from "../../host/hardware/interrupt-line";
import { Rig, type RigOptions } from "../support/rig";

interface Made {
  rig: Rig;
  interrupt: WDFINTERRUPT;
  line: InterruptLine;
}

/** A rig with an interrupt whose routines say that they run. */
function made(config: Partial<WdfInterruptConfig> = {}, options: RigOptions = {}, line: InterruptLineOptions = {}): Made {
  const said: Partial<Made> = {};
  const say = (text: string): void => said.rig!.say(`${text} irql=${KeGetCurrentIrql()}`);
  const rig = new Rig({
    ...options,
    interruptLines: [line],
    more: (device, self) => {
      said.rig = self;
      const created = WdfInterruptCreate(device, {
        ...WDF_INTERRUPT_CONFIG_INIT(() => (say("isr"), true)),
        evtInterruptEnable: () => (say("enable"), NtStatus.Success),
        evtInterruptDisable: () => (say("disable"), NtStatus.Success),
        ...config,
      });
      expect(created.status).toBe(NtStatus.Success);
      said.interrupt = created.interrupt;
    },
  });
  return { rig, interrupt: said.interrupt!, line: rig.interruptLines[0] };
}

/** What WdfInterruptCreate answers. */
function status(config: Partial<WdfInterruptConfig>, attributes?: WdfObjectAttributes, options: RigOptions = {}): number {
  let answer = -1;
  new Rig({
    ...options,
    more: (device) => {
      answer = WdfInterruptCreate(device, { ...WDF_INTERRUPT_CONFIG_INIT(() => true), ...config }, attributes).status;
    },
  }).lines.length = 0;
  return answer;
}

describe("WDF_INTERRUPT_CONFIG_INIT", () => {
  it("sets the ISR, the DPC and the defaults", () => {
    const config = WDF_INTERRUPT_CONFIG_INIT(() => true, () => {});
    expect(config).toMatchObject({ shareVector: WdfTriState.UseDefault, reportInactiveOnPowerDown: WdfTriState.UseDefault });
    expect(config.evtInterruptDpc).toBeInstanceOf(Function);
  });
});

describe("WdfInterruptCreate", () => {
  it("K-234 EvtInterruptEnable runs after EvtDeviceD0Entry at DIRQL under the interrupt lock", () => {
    const lines: string[] = [];
    const { rig } = made({}, { power: { evtDeviceD0Entry: () => (lines.push("D0Entry"), NtStatus.Success) } });
    rig.expect("enable irql=7");
    expect(lines).toEqual(["D0Entry"]);
  });

  it("without an ISR is STATUS_INVALID_PARAMETER", () => {
    expect(status({ evtInterruptIsr: undefined })).toBe(NtStatus.InvalidParameter);
  });

  it("K-233 with both DPC and work item is STATUS_INVALID_PARAMETER", () => {
    expect(status({ evtInterruptDpc: () => {}, evtInterruptWorkItem: () => {} })).toBe(NtStatus.InvalidParameter);
  });

  it("K-232 after the start, without resources, is STATUS_INVALID_DEVICE_STATE", () => {
    const rig = new Rig();
    const config = WDF_INTERRUPT_CONFIG_INIT(() => true);
    expect(rig.run(() => WdfInterruptCreate(rig.device, config).status)).toBe(NtStatus.InvalidDeviceState);
  });

  it("in EvtDevicePrepareHardware needs resources", () => {
    const answers: number[] = [];
    const config = WDF_INTERRUPT_CONFIG_INIT(() => true);
    const evtDevicePrepareHardware = (device: WDFDEVICE): NtStatus => {
      answers.push(WdfInterruptCreate(device, config).status);
      answers.push(WdfInterruptCreate(device, { ...config, interruptRaw: 1, interruptTranslated: 1 }).status);
      return NtStatus.Success;
    };
    new Rig({ power: { evtDevicePrepareHardware } });
    expect(answers).toEqual([NtStatus.InvalidDeviceState, NtStatus.Success]);
  });

  it("a wait lock for a DIRQL interrupt, or a spin lock for a passive one, is STATUS_INVALID_PARAMETER", () => {
    let answers: number[] = [];
    new Rig({
      more: (device) => {
        const config = WDF_INTERRUPT_CONFIG_INIT(() => true);
        const waitLock = WdfWaitLockCreate().lock;
        const spinLock = WdfSpinLockCreate().lock;
        answers = [
          WdfInterruptCreate(device, { ...config, waitLock }).status,
          WdfInterruptCreate(device, { ...config, spinLock, passiveHandling: true }).status,
        ];
      },
    });
    expect(answers).toEqual([NtStatus.InvalidParameter, NtStatus.InvalidParameter]);
  });

  it("a wrong Size is STATUS_INFO_LENGTH_MISMATCH", () => {
    expect(status({ size: 0 })).toBe(NtStatus.InfoLengthMismatch);
  });

  it("a parent without AutomaticSerialization is STATUS_WDF_PARENT_ASSIGNMENT_NOT_ALLOWED; with it device or queue", () => {
    const answers: number[] = [];
    new Rig({
      more: (device, rig) => {
        const config = { ...WDF_INTERRUPT_CONFIG_INIT(() => true), automaticSerialization: true };
        const { object } = WdfObjectCreate({ parentObject: device });
        answers.push(WdfInterruptCreate(device, WDF_INTERRUPT_CONFIG_INIT(() => true), { parentObject: device }).status);
        answers.push(WdfInterruptCreate(device, config, { parentObject: object }).status);
        answers.push(WdfInterruptCreate(device, config, { parentObject: rig.queue }).status);
      },
    });
    expect(answers).toEqual([NtStatus.WdfParentAssignmentNotAllowed, NtStatus.InvalidParameter, NtStatus.Success]);
  });

  it("a DPC serialized with a passive-level device is STATUS_WDF_INCOMPATIBLE_EXECUTION_LEVEL", () => {
    const deviceAttributes = { executionLevel: WdfExecutionLevel.Passive, synchronizationScope: WdfSynchronizationScope.Device };
    let answer = 0;
    const rig = new Rig({
      deviceAttributes,
      more: (device) => {
        const config = { ...WDF_INTERRUPT_CONFIG_INIT(() => true, () => {}), automaticSerialization: true };
        answer = WdfInterruptCreate(device, config).status;
      },
    });
    expect(answer).toBe(NtStatus.WdfIncompatibleExecutionLevel);
    rig.expectFindings(FindingId.InterruptSerialization);
  });

  it("an interrupt cannot be deleted (K-027)", () => {
    const { rig, interrupt } = made();
    rig.expect("enable irql=7");
    rig.run(() => WdfObjectDelete(interrupt));
    rig.expectFindings(FindingId.CannotDelete);
  });

  it("an EvtInterruptEnable that fails makes the start fail, and the line is disconnected", () => {
    const { rig, line } = made({ evtInterruptEnable: () => NtStatus.Unsuccessful });
    line.raise();
    rig.expectNothingElse();
  });

  it("K-182 WdfSpinLockAcquire of the lock it was given does nothing but break", () => {
    let rig!: Rig;
    rig = new Rig({
      more: (device) => {
        const { lock } = WdfSpinLockCreate();
        WdfInterruptCreate(device, { ...WDF_INTERRUPT_CONFIG_INIT(() => true), spinLock: lock });
        WdfSpinLockAcquire(lock);
        expect(KeGetCurrentIrql()).toBe(Irql.Passive);
      },
    });
    rig.expectFindings(FindingId.SpinLockOfInterrupt);
  });
});

describe("an interrupt line", () => {
  it("calls the ISR at the level of the line", () => {
    const { rig, line } = made({}, {}, { irql: 9 });
    rig.expect("enable irql=9");
    line.raise();
    line.raise();
    rig.expect("isr irql=9", "isr irql=9");
  });

  it("is held back while the level of the processor is not below it, and comes in when it falls", () => {
    const { rig, line } = made({}, {}, { irql: 5 });
    rig.expect("enable irql=5");
    rig.run(() => {
      const before = KeRaiseIrql(5);
      line.raise();
      line.raise();
      rig.say("held");
      KeLowerIrql(4);
      rig.say("lowered");
      KeLowerIrql(before);
    });
    rig.expect("held", "isr irql=5", "lowered");
  });

  it("raised by a routine below its level it interrupts the routine", () => {
    const { rig, line } = made();
    rig.expect("enable irql=7");
    rig.run(() => {
      line.raise();
      rig.say(`raised irql=${KeGetCurrentIrql()}`);
    }, Irql.Dispatch);
    rig.expect("isr irql=7", "raised irql=2");
  });

  it("a higher line interrupts the ISR of a lower one, a lower one waits", () => {
    let high = 0;
    const rig: Rig = new Rig({
      interruptLines: [{ irql: 6 }, { irql: 8 }],
      more: (device) => {
        const isr = (name: string) => (): boolean => {
          rig.say(`> ${name}`);
          if (name === "low" && high++ === 0) rig.interruptLines[1].raise();
          if (name === "high" && high++ === 1) rig.interruptLines[0].raise();
          rig.say(`< ${name}`);
          return true;
        };
        WdfInterruptCreate(device, WDF_INTERRUPT_CONFIG_INIT(isr("low")));
        WdfInterruptCreate(device, WDF_INTERRUPT_CONFIG_INIT(isr("high")));
      },
    });
    rig.interruptLines[0].raise();
    rig.expect("> low", "> high", "< high", "< low", "> low", "< low");
  });

  it("a level line interrupts as long as it is asserted", () => {
    let left = 3;
    let line!: InterruptLine;
    const isr = (): boolean => {
      if (--left === 0) line.lower();
      return true;
    };
    const level = made({ evtInterruptIsr: isr }, {}, { mode: "level" });
    level.rig.lines.length = 0;
    line = level.line;
    line.raise();
    expect(left).toBe(0);
  });

  it("a level line that nobody claims is masked until it is deasserted: a finding", () => {
    let calls = 0;
    const { rig, line } = made({ evtInterruptIsr: () => (calls++, false) }, {}, { mode: "level" });
    rig.lines.length = 0;
    line.raise();
    line.raise();
    expect(calls).toBe(1);
    rig.expectFindings(FindingId.InterruptUnclaimed);
    line.lower();
    line.raise();
    expect(calls).toBe(2);
    rig.expectFindings(FindingId.InterruptUnclaimed);
  });

  it("a level line that is asserted anew while its ISR runs interrupts again when the ISR has returned, whatever that says", () => {
    const order: string[] = [];
    let line!: InterruptLine;
    const isr = (): boolean => {
      order.push("> isr");
      line.lower();
      if (order.length === 1) line.raise();
      order.push("< isr");
      return false;
    };
    const level = made({ evtInterruptIsr: isr }, {}, { mode: "level" });
    level.rig.lines.length = 0;
    line = level.line;
    line.raise();
    expect(order).toEqual(["> isr", "< isr", "> isr", "< isr"]);
  });

  it("of which a level comes before the start interrupts when the interrupt is connected", () => {
    const order: string[] = [];
    const rig = new Rig({
      interruptLines: [{ mode: "level" }],
      more: (device, self) => {
        const isr = (): boolean => {
          order.push("isr");
          self.interruptLines[0].lower();
          return true;
        };
        self.interruptLines[0].raise();
        WdfInterruptCreate(device, WDF_INTERRUPT_CONFIG_INIT(isr));
      },
    });
    expect(order).toEqual(["isr"]);
    rig.expectNothingElse();
  });

  it("K-236 a passive interrupt's ISR runs at PASSIVE_LEVEL under a wait lock", () => {
    let disabled = false;
    const isr = (): boolean => {
      disabled = KeAreApcsDisabled();
      return KeGetCurrentIrql() === Irql.Passive;
    };
    const { rig, line } = made({ passiveHandling: true, evtInterruptIsr: isr });
    rig.expect("enable irql=0");
    line.raise();
    expect(disabled).toBe(true);
  });

  it("refuses a level no device has", () => {
    expect(() => new Rig().system.interruptLine({ irql: 2 })).toThrow("from 3 to 12");
    expect(() => new Rig({ interruptLines: [{}] })).toThrow("has made fewer interrupts");
  });
});

describe("WdfInterruptQueueDpcForIsr", () => {
  it("K-235 returns FALSE while the DPC is queued; the DPC runs at DISPATCH_LEVEL after the ISR", () => {
    const { rig, line, interrupt } = made({
      evtInterruptIsr: (self) => {
        rig.say(`isr ${WdfInterruptQueueDpcForIsr(self)} ${WdfInterruptQueueDpcForIsr(self)}`);
        return true;
      },
      evtInterruptDpc: (self, device) => rig.say(`dpc ${self === interrupt} ${device === rig.device} irql=${KeGetCurrentIrql()}`),
    });
    rig.expect("enable irql=7");
    line.raise();
    rig.expect("isr true false", "dpc true true irql=2");
  });
});

describe("WdfInterruptQueueWorkItemForIsr", () => {
  it("queues EvtInterruptWorkItem, which runs at PASSIVE_LEVEL; FALSE while it is queued", () => {
    const { rig, line } = made({
      evtInterruptIsr: (self) => {
        rig.say(`isr ${WdfInterruptQueueWorkItemForIsr(self)} ${WdfInterruptQueueWorkItemForIsr(self)}`);
        return true;
      },
      evtInterruptWorkItem: () => rig.say(`work irql=${KeGetCurrentIrql()}`),
    });
    rig.expect("enable irql=7");
    line.raise();
    rig.expect("isr true false", "work irql=0");
  });
});

describe("WdfInterruptSynchronize", () => {
  it("runs the callback at DIRQL under the lock and returns its BOOLEAN", () => {
    const { rig, interrupt } = made();
    rig.expect("enable irql=7");
    const callback = (answer: boolean) => (_interrupt: WDFINTERRUPT, context: string) => {
      rig.say(`${context} ${KeGetCurrentIrql()}`);
      return answer;
    };
    const sync = (answer: boolean) => WdfInterruptSynchronize(interrupt, callback(answer), "c");
    expect(rig.run(() => [sync(true), sync(false)])).toEqual([true, false]);
    rig.expect("c 7", "c 7");
  });

  it("of a passive interrupt above PASSIVE_LEVEL returns FALSE without calling (verifier)", () => {
    const { rig, interrupt } = made({ passiveHandling: true });
    rig.expect("enable irql=0");
    expect(rig.run(() => WdfInterruptSynchronize(interrupt, () => true, 0), Irql.Dispatch)).toBe(false);
    rig.expectFindings(FindingId.IrqlTooHigh, FindingId.NotPassive);
  });
});

describe("WdfInterruptAcquireLock", () => {
  it("raises to DIRQL, which keeps the ISR out; release restores", () => {
    const { rig, line, interrupt } = made();
    rig.expect("enable irql=7");
    rig.run(() => {
      WdfInterruptAcquireLock(interrupt);
      line.raise();
      rig.say(`held ${KeGetCurrentIrql()}`);
      WdfInterruptReleaseLock(interrupt);
      rig.say(`released ${KeGetCurrentIrql()}`);
    });
    rig.expect("held 7", "isr irql=7", "released 0");
  });

  it("of an interrupt that is not connected does nothing but break", () => {
    const { rig, interrupt } = made();
    rig.expect("enable irql=7");
    rig.run(() => {
      WdfInterruptDisable(interrupt);
      WdfInterruptAcquireLock(interrupt);
      rig.say(`level ${KeGetCurrentIrql()}`);
    });
    rig.expect("disable irql=7", "level 0");
    rig.expectFindings(FindingId.InterruptNotConnected);
  });
});

describe("WdfInterruptReleaseLock", () => {
  it("of a passive interrupt gives the wait lock up and leaves the critical region", () => {
    const { rig, interrupt } = made({ passiveHandling: true });
    rig.expect("enable irql=0");
    const disabled = rig.run(() => {
      WdfInterruptAcquireLock(interrupt);
      const held = KeAreApcsDisabled();
      WdfInterruptReleaseLock(interrupt);
      return [held, KeAreApcsDisabled()];
    });
    expect(disabled).toEqual([true, false]);
  });
});

describe("WdfInterruptTryToAcquireLock", () => {
  it("takes the lock of a passive interrupt if it is free", () => {
    const { rig, interrupt } = made({ passiveHandling: true });
    rig.expect("enable irql=0");
    const seen = rig.run(() => {
      const tried = [WdfInterruptTryToAcquireLock(interrupt), WdfInterruptTryToAcquireLock(interrupt)];
      WdfInterruptReleaseLock(interrupt);
      return tried;
    });
    expect(seen).toEqual([true, false]);
  });

  it("of a DIRQL interrupt is FALSE, with a break", () => {
    const { rig, interrupt } = made();
    rig.expect("enable irql=7");
    expect(rig.run(() => WdfInterruptTryToAcquireLock(interrupt))).toBe(false);
    rig.expectFindings(FindingId.InterruptNotPassive);
  });
});

describe("WdfInterruptDisable", () => {
  it("calls EvtInterruptDisable and disconnects, whatever the power of the device does", () => {
    const { rig, line, interrupt } = made();
    rig.expect("enable irql=7");
    rig.run(() => WdfInterruptDisable(interrupt));
    rig.expect("disable irql=7");
    line.raise();
    rig.system.power(rig.device).sleep();
    rig.system.power(rig.device).wake();
    line.raise();
    rig.expectNothingElse();
  });

  it("above PASSIVE_LEVEL does nothing (verifier)", () => {
    const { rig, interrupt } = made();
    rig.expect("enable irql=7");
    rig.run(() => WdfInterruptDisable(interrupt), Irql.Dispatch);
    rig.expectFindings(FindingId.IrqlTooHigh, FindingId.NotPassive);
  });

  it("K-256 K-257 a device that sleeps disables its interrupts and enables them when it wakes up", () => {
    const { rig } = made();
    rig.expect("enable irql=7");
    rig.system.power(rig.device).sleep();
    rig.expect("disable irql=7");
    rig.system.power(rig.device).wake();
    rig.expect("enable irql=7");
  });
});

describe("WdfInterruptEnable", () => {
  it("connects again and calls EvtInterruptEnable", () => {
    const { rig, line, interrupt } = made();
    rig.run(() => {
      WdfInterruptDisable(interrupt);
      WdfInterruptEnable(interrupt);
    });
    rig.expect("enable irql=7", "disable irql=7", "enable irql=7");
    line.raise();
    rig.expect("isr irql=7");
  });
});

describe("WdfInterruptGetInfo", () => {
  it("tells the resources", () => {
    const { rig, interrupt } = made({}, {}, { irql: 8, mode: "level" });
    rig.lines.length = 0;
    const info = { vector: 0x80, irql: 8, mode: "LevelSensitive", messageNumber: 0, messageSignaled: false };
    expect(rig.run(() => WdfInterruptGetInfo(interrupt))).toEqual(info);
  });
});

describe("WdfInterruptGetDevice", () => {
  it("is the device", () => {
    const { rig, interrupt } = made();
    rig.lines.length = 0;
    expect(rig.run(() => WdfInterruptGetDevice(interrupt))).toBe(rig.device);
  });
});

describe("an ISR", () => {
  it("that returns at another level is the Stop WDF_VIOLATION / IRQL_MISMATCH", () => {
    const { rig, line } = made({ evtInterruptIsr: () => KeLowerIrql(2) === undefined });
    rig.lines.length = 0;
    expect(() => line.raise()).toThrow("IRQL_MISMATCH");
  });

  it("that throws is the Stop KMODE_EXCEPTION_NOT_HANDLED", () => {
    const throws = (): never => {
      throw new Error("oops");
    };
    const { rig, line } = made({ evtInterruptIsr: throws });
    rig.lines.length = 0;
    expect(() => line.raise()).toThrow(`Stop 0x${BugCheck.KmodeExceptionNotHandled.toString(16)}`);
  });
});
