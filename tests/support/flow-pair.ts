// The model of flows and the framework side by side: each step is done to both, and what can be seen compared.

import { expect } from "vitest";
import { FlowModel } from "./flow-model";
import type { FlowStep, FlowWorkload } from "./flow-plan";
import { FlowWorld } from "./flow-world";

/** Long enough for every timeout. */
const LONG = 1000;

export class FlowPair {
  private readonly model: FlowModel;
  private readonly world: FlowWorld;
  private readonly workload: FlowWorkload;
  /** Objects of drivers, devices and queues. */
  private readonly base: number;
  /** The top device is on its way out, or gone. */
  private isRemoved = false;

  constructor(workload: FlowWorkload) {
    // With drivers that wait, who goes on first is nobody's promise: then all queues are parallel.
    const floors = workload.floors.map((floor) => ({ ...floor, sequential: floor.sequential && !workload.waits }));
    this.workload = { ...workload, floors };
    this.model = new FlowModel(this.workload);
    this.world = new FlowWorld(this.workload);
    this.base = this.world.system.machine.exports.liveObjects();
  }

  /** Does a step, if it is one just now. */
  do(step: FlowStep): void {
    if (!this.perform(step)) return;
    this.model.settle();
    this.compare();
  }

  private perform(step: FlowStep): boolean {
    const { model, world } = this;
    switch (step.do) {
      case "send":
        if (this.isRemoved) return false;
        model.send(step.flow);
        world.send(step.flow);
        return true;
      case "cancel":
        return this.cancel(step.of);
      case "release":
        return this.release(step.of);
      case "retrieve":
        if (step.level >= model.floors.length || (this.isRemoved && !model.accepts(step.level))) return false;
        model.retrieve(step.level);
        world.retrieve(step.level);
        return true;
      case "cancel sent":
        return this.cancelSent(step.of);
      case "target":
        // The lowest one leads nowhere; a second stop or a start would wait for the first.
        if (step.level >= model.floors.length - 1 || model.floors[step.level].awaited !== null) return false;
        if (this.isRemoved && step.level === 0 && model.floors[0].trips.length === 0) return false;
        model.target(step.level, step.operation);
        world.target(step.level, step.operation);
        return true;
      case "advance":
        model.advance(step.ticks);
        world.advance(step.ticks);
        return true;
      case "remove":
        if (this.isRemoved) return false;
        this.isRemoved = true;
        model.remove();
        world.remove();
        return true;
    }
  }

  private cancel(of: number): boolean {
    const open = this.model.outcomes.flatMap((outcome, id) => (outcome === null ? [id] : []));
    if (open.length === 0) return false;
    const id = open[of % open.length];
    this.model.cancel(id);
    this.world.cancel(id);
    return true;
  }

  private release(of: number): boolean {
    const { held } = this.model;
    if (held.length === 0) return false;
    const at = of % held.length;
    this.model.release(at);
    this.world.release(at);
    return true;
  }

  private cancelSent(of: number): boolean {
    const { trips } = this.model;
    if (trips.length === 0) return false;
    const trip = trips[of % trips.length];
    const { level, irp } = trip.leg;
    // Of several requests with one number (a driver's own, in pieces) only one can be meant.
    if (trips.filter(({ leg }) => leg.level === level && leg.irp.id === irp.id).length > 1) return false;
    this.model.cancelSent(trip);
    this.world.cancelSent(level, irp.id);
    return true;
  }

  private compare(): void {
    const { model, world } = this;
    const { system } = world;
    expect(system.findings.map(({ message }) => message), "findings").toEqual([]);
    expect(system.machine.exports.checkInvariants(), "the Invariant that is broken").toBe(0);
    expect(world.outcomes, "what senders got back").toEqual(model.outcomes);
    const sorted = (seen: readonly string[][]): string[][] => seen.map((lines) => [...lines].sort());
    expect(sorted(world.seen), "what drivers found").toEqual(sorted(model.seen));
    const names = (all: readonly { id: number; level: number }[]): string[] => all.map(({ id, level }) => `${id} at ${level}`);
    expect(names(world.held.map(({ id, device }) => ({ id, level: device.level }))), "what drivers keep")
      .toEqual(names(model.held.map(({ irp, level }) => ({ id: irp.id, level }))));
    if (this.workload.verifier) expect(world.keptBuffers(), "buffers of completed requests").toEqual([]);
  }

  /** Everything goes on to its end; then nothing may be left. */
  finish(): void {
    const { model, world } = this;
    for (let round = 0; round < 100 && model.outcomes.includes(null); round++) {
      model.floors.forEach((_, level) => {
        this.do({ do: "target", level, operation: "start" });
        for (let left = 2 * model.floors[level].manual.line.length; left > 0; left--) this.do({ do: "retrieve", level });
      });
      while (model.held.length > 0) this.do({ do: "release", of: 0 });
      this.do({ do: "advance", ticks: LONG });
    }
    this.compare();
    expect(model.outcomes, "requests that never came back").not.toContain(null);
    const { system } = world;
    expect(system.report().pendingRequests).toEqual([]);
    expect(system.report().waitingThreads).toEqual([]);
    expect(world.waiting, "threads that wait").toBe(0);
    for (const { level, presented, cleaned, destroyed } of world.devices) {
      expect([cleaned, destroyed], `cleaned up and destroyed of ${presented} presented at level ${level}`).toEqual([presented, presented]);
    }
    if (!this.isRemoved) expect(system.machine.exports.liveObjects(), "objects").toBe(this.base);
    for (const { handle } of world.devices.slice(this.isRemoved ? 1 : 0)) system.power(handle).remove();
    expect(system.report().waitingThreads, "removals").toEqual([]);
    expect(system.report().leaks).toEqual([]);
    expect(system.machine.exports.liveObjects(), "objects: the drivers").toBe(world.devices.length);
  }
}
