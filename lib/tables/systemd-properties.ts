// SPDX-License-Identifier: Apache-2.0

/**
 * Properties of a scope that an annotation org.systemd.property.NAME may set, with their D-Bus types:
 * systemd.scope(5), systemd.unit(5), systemd.resource-control(5). Not among them is what runts itself decides (Slice,
 * Delegate, PIDs …), what would run a program or confine processes behind config.json's back, and what acts on others:
 * engines hand annotations on that come from whoever runs a pod, and Wants= of poweroff.target ends the machine.
 */
export const systemdProperties: Readonly<Record<string, "s" | "b" | "i" | "u" | "t" | "as">> = {
  After: "as",
  Before: "as",
  CPUQuotaPerSecUSec: "t",
  CPUQuotaPeriodUSec: "t",
  CPUWeight: "t",
  CollectMode: "s",
  DefaultDependencies: "b",
  Description: "s",
  Documentation: "as",
  IOWeight: "t",
  IgnoreOnIsolate: "b",
  IPAccounting: "b",
  KillMode: "s",
  KillSignal: "i",
  ManagedOOMMemoryPressure: "s",
  ManagedOOMMemoryPressureLimit: "u",
  ManagedOOMPreference: "s",
  ManagedOOMSwap: "s",
  MemoryHigh: "t",
  MemoryLow: "t",
  MemoryMax: "t",
  MemoryMin: "t",
  MemorySwapMax: "t",
  MemoryZSwapMax: "t",
  OOMPolicy: "s",
  PartOf: "as",
  RefuseManualStop: "b",
  Requisite: "as",
  RuntimeMaxUSec: "t",
  SendSIGHUP: "b",
  SendSIGKILL: "b",
  StartupCPUWeight: "t",
  StartupIOWeight: "t",
  TasksMax: "t",
  TimeoutStopUSec: "t",
};
