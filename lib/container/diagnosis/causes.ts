// SPDX-License-Identifier: Apache-2.0

/** Which failures of a step are explained by what, first match first. */

import { type Case, type Finding, finding } from "./case.ts";
import { explainCgroup, explainCgroupFile, explainDeviceFilter } from "./cgroup.ts";
import { explainEnd } from "./ended.ts";
import { explainExecutable } from "./executable.ts";
import {
  explainIdMap,
  explainJoin,
  explainNamespacePath,
  explainNewNamespaces,
  explainOomScore,
  explainRootOfNamespace,
  explainSysctl,
  explainTimeOffsets,
} from "./isolation.ts";
import {
  explainBind,
  explainFileSystem,
  explainMappedMount,
  explainRemount,
  explainRootfs,
  explainSource,
} from "./mounts.ts";
import { explainDestination } from "./paths.ts";
import {
  explainAgent,
  explainAppArmor,
  explainConsoleSocket,
  explainDevice,
  explainHook,
  explainMemoryPolicy,
  explainNetDevice,
  explainOwnFile,
  explainRlimit,
  explainScheduler,
  explainSeccomp,
  explainSelinux,
  explainUser,
  explainWorkingDirectory,
  underFilter,
} from "./process.ts";

import { explainScope } from "./scope.ts";

type Explain = (failure: Case) => Finding | undefined;

const isRootfs = ({ pointer }: Case): boolean => pointer === "/root/path";
const tree: Explain = (failure) => (isRootfs(failure) ? explainRootfs(failure) : explainSource(failure));

/** By name of the step. */
const explanations: Readonly<Record<string, Explain>> = {
  attachDevice: explainDevice,
  attachDeviceFilter: explainDeviceFilter,
  becomeRoot: explainRootOfNamespace,
  bindDevice: explainDevice,
  changeDirectory: explainWorkingDirectory,
  cloneInit: explainNewNamespaces,
  cloneStage: explainNewNamespaces,
  confirmExecuted: explainEnd,
  execve: explainExecutable,
  findExecutable: explainExecutable,
  joinNamespaces: explainJoin,
  joinProcess: explainJoin,
  keepCapabilities: underFilter,
  loadSeccomp: explainSeccomp,
  makeCgroup: explainCgroup,
  makeDirectory: (failure) => explainWorkingDirectory(failure) ?? explainDestination(failure, failure.detail),
  makeState: explainOwnFile,
  mapTree: explainMappedMount,
  mknod: explainDevice,
  mountBind: explainBind,
  mountFilesystem: explainFileSystem,
  moveNetDevice: explainNetDevice,
  openCgroup: explainCgroup,
  openNamespace: explainNamespacePath,
  openRootfs: explainRootfs,
  openTree: tree,
  passConsole: explainConsoleSocket,
  passListener: explainAgent,
  pivotRoot: explainRootfs,
  raiseRlimit: explainRlimit,
  remount: explainRemount,
  runHook: explainHook,
  runIdMapHelper: explainIdMap,
  setAmbientSet: underFilter,
  setApparmorProfile: explainAppArmor,
  setCapabilities: underFilter,
  setKeyLabel: explainSelinux,
  setMemoryPolicy: explainMemoryPolicy,
  setNoNewPrivileges: underFilter,
  setRlimit: explainRlimit,
  setScope: explainScope,
  setScheduler: explainScheduler,
  setSelinuxLabel: explainSelinux,
  setUser: explainUser,
  startScope: explainScope,
  stopScope: explainScope,
  unshare: explainNewNamespaces,
  wait: explainEnd,
  writeCgroup: explainCgroupFile,
  writeCgroupEither: explainCgroupFile,
  writeCgroupPresent: explainCgroupFile,
  writePidFile: explainOwnFile,
  writeSysctl: explainSysctl,
  writeTimeOffsets: explainTimeOffsets,
};

const writesMap = ({ op, pointer }: Case): boolean => op === "writeProc" && /[ug]idMappings/.test(pointer);

export function explainStep(failure: Case): Finding | undefined {
  if (failure.op === "writeProc")
    return writesMap(failure) ? explainIdMap(failure) : explainOomScore(failure);
  return explanations[failure.op]?.(failure) ?? general[failure.errno];
}

/** What an errno means wherever it comes from. */
const general: Readonly<Record<number, Finding>> = {
  12: finding("the kernel has no memory left for it", "free some, or raise memory.max of the cgroup above"),
  23: finding("the host has no file descriptors left (fs.file-max)", "close some, or raise fs.file-max"),
  24: finding("runts itself may open no more files (RLIMIT_NOFILE)", "ulimit -n 1024"),
  28: finding(
    "there is no room left on the file system, or in a table of the kernel",
    "df, df -i and dmesg tell where",
  ),
  36: finding("a path is too long (4096 bytes, 255 for a name)", "make it shorter"),
  38: finding(
    "this kernel does not have the system call, or a seccomp filter around runts hides it",
    "runts doctor tells which; runts needs Linux 5.12",
  ),
};
