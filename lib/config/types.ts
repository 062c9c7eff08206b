// SPDX-License-Identifier: Apache-2.0

/** The names by which the project calls the parts of a config; the types are written from schemas/. */

export type {
  Annotations,
  BlockIO,
  Capabilities,
  Config,
  ConsoleSize,
  CPU,
  Device,
  DeviceRule,
  Hook,
  Hooks,
  HugepageLimit,
  IDMapping as IdMapping,
  IOPriority as IoPriority,
  Linux,
  Memory,
  MemoryPolicy,
  Mount,
  Namespace,
  NamespaceType,
  Network,
  Pids,
  Process,
  Resources,
  Rlimit,
  RlimitType,
  Root,
  Scheduler,
  Seccomp,
  SeccompAction,
  SeccompArch,
  SeccompFlag,
  SeccompOperator,
  Syscall,
  SyscallArg,
  TimeOffset,
  User,
} from "./generated/config.ts";
export type { Features, LinuxFeatures } from "./generated/features.ts";
export type { State } from "./generated/state.ts";
