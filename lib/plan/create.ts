// SPDX-License-Identifier: Apache-2.0

import { cgroupSteps, deviceRules, processLimit, scopeSteps } from "./cgroups.ts";
import { makeDeviceNodes } from "./device-nodes.ts";
import { deviceSteps } from "./devices.ts";
import { type Facts, hasNamespace, makesNamespace } from "./facts.ts";
import { hookSteps, startHooks, stateOf } from "./hooks.ts";
import { openLabel, setKeyLabel } from "./label.ts";
import { memoryPolicy } from "./memory-policy.ts";
import { mountSteps } from "./mounts.ts";
import { cgroupNamespace, cloneInit } from "./namespaces.ts";
import { awaitNetDevices, moveNetDevices } from "./net-devices.ts";
import { listenNotify, makeNotify } from "./notify.ts";
import { personality } from "./personality.ts";
import { becomeProgram, findProgram, limitCapabilities, prepareProcess } from "./process.ts";
import { joinResctrl, makeResctrl } from "./resctrl.ts";
import { enterRootfs, openRootfs, openRootfsForInit, protectPaths } from "./rootfs.ts";
import { scheduleInit } from "./scheduler.ts";
import { type Plan, type Step, when } from "./step.ts";
import { sysctlSteps } from "./sysctl.ts";

/**
 * The story of a container, from nothing to the user's program: what each of the three processes does, in
 * its order, and where they wait for each other. The details are one call away.
 */
export function createPlan(facts: Facts): Plan {
  const cloning = cloneInit(facts);
  const mounting = mountSteps(facts);
  return {
    runtime: [
      // before anything else, so that a killed create can be cleaned up
      ...goOnRecord(facts),
      ...when(!facts.startsAtOnce, { op: "listenStart", from: "" }),
      ...cgroupSteps(facts),
      ...makeResctrl(facts),
      ...openRootfsForInit(facts),
      ...mounting.trees,
      ...makeDeviceNodes(facts),
      ...cloning.runtime,
      ...scopeSteps(facts),
      ...processLimit(facts),
      ...moveNetDevices(facts),
      ...joinResctrl(facts),
      ...prepareProcess(facts),
      ...deviceRules(facts),
      ...consoleArrives(facts),
      ...runtimeHooks(facts),
      ...(facts.startsAtOnce ? [...listenNotify(facts.notify), ...handOver(facts)] : recordCreated(facts)),
    ],
    stage: cloning.stage,
    init: [
      ...cloning.init,
      { op: "openProc", from: "" },
      ...ownSession(facts),
      ...cgroupNamespace(facts),
      ...when(makesNamespace(facts.config, "network"), { op: "setLoopbackUp", from: "/linux/namespaces" }),
      ...openRootfs(facts),
      ...mounting.mounts,
      ...deviceSteps(facts),
      ...openConsole(facts, 1),
      ...workingDirectory(facts),
      ...awaitNetDevices(facts),
      ...containerHooks(facts),
      ...protectPaths(facts),
      ...enterRootfs(facts),
      ...names(facts),
      ...sysctlSteps(facts),
      ...findProgram(facts),
      ...memoryPolicy(facts),
      ...personality(facts),
      ...limitCapabilities(facts),
      ...openLabel(facts),
      { op: "closeHost", from: "" },
      // the runtime may end as soon as it has said "recorded"; if it ends before, the wait fails and init with it
      { op: "setParentDeathSignal", from: "", signal: 0 },
      { op: "signal", from: "", to: "runtime", event: "prepared" },
      { op: "wait", from: "", of: "runtime", event: "recorded" },
      facts.startsAtOnce
        ? { op: "wait", from: "", of: "runtime", event: "start" }
        : { op: "awaitStart", from: "" },
      ...becomeProgram(facts, startHooks(facts)),
    ],
  };
}

function goOnRecord(facts: Facts): readonly Step[] {
  const { root, id, record, configBytes } = facts;
  return [{ op: "makeState", from: "", root, id, record, config: configBytes }, ...makeNotify(facts)];
}

function record(facts: Facts): readonly Step[] {
  return [
    { op: "recordProcess", from: "" },
    ...makeKnown(facts, "standard"),
    { op: "signal", from: "", to: "init", event: "recorded" },
  ];
}

/** The new process to whoever asked for it; runc calls a container's first "standard", and others "setns". */
export function makeKnown({ pidFile, pidfdSocket }: Facts, kind: "standard" | "setns"): readonly Step[] {
  return [
    ...(pidfdSocket === undefined
      ? []
      : [{ op: "passPidfd", from: "", socket: pidfdSocket, kind } satisfies Step]),
    ...(pidFile === undefined ? [] : [{ op: "writePidFile", from: "", path: pidFile } satisfies Step]),
  ];
}

/** On record, the container is created: so its environment must be made. */
function recordCreated(facts: Facts): readonly Step[] {
  return [{ op: "wait", from: "", of: "init", event: "prepared" }, ...scheduleInit(facts), ...record(facts)];
}

/**
 * Nobody waits between create and start: init is told beforehand, and does not stop on its way, unless there
 * is something that the runtime does on a prepared init.
 */
function handOver(facts: Facts): readonly Step[] {
  const scheduled = scheduleInit(facts);
  const prepared: Step = { op: "wait", from: "", of: "init", event: "prepared" };
  return [
    ...when(scheduled.length > 0, prepared, ...scheduled),
    ...record(facts),
    // the program may be running before the next step is taken, and whoever knows may signal us
    ...when(facts.staysAttached, { op: "catchSignals", from: "" }),
    { op: "signal", from: "", to: "init", event: "start" },
    ...when(scheduled.length === 0, prepared),
  ];
}

/** A session and a keyring of its own: neither the caller's terminal nor its keys are the container's. */
export function ownSession(facts: Facts): readonly Step[] {
  return [
    { op: "setsid", from: "" },
    ...(facts.noNewKeyring
      ? []
      : [
          ...setKeyLabel(facts),
          { op: "joinSessionKeyring", from: "", name: `_ses.${facts.id}` } satisfies Step,
        ]),
  ];
}

export function openConsole({ config: { process }, consoleSocket }: Facts, bind: 0 | 1): readonly Step[] {
  if (!process?.terminal) return [];
  // where we pass its output on, a line ends as the caller's terminal, or file, has it; an engine sees to that itself
  const plain = consoleSocket === undefined ? 1 : 0;
  const { width, height } = process.consoleSize ?? { width: 0, height: 0 };
  const uid = process.user?.uid ?? 0;
  return [
    { op: "openConsole", from: "/process/terminal", width, height, uid, bind, plain },
    { op: "useConsole", from: "/process/terminal" },
  ];
}

export function consoleArrives({ config: { process }, consoleSocket }: Facts): readonly Step[] {
  if (!process?.terminal) return [];
  return [
    { op: "wait", from: "/process/terminal", of: "init", event: "console" },
    ...(consoleSocket === undefined
      ? []
      : [{ op: "passConsole", from: "/process/terminal", socket: consoleSocket } satisfies Step]),
  ];
}

/** Made when missing, as runc does: an image may name one that only the program's first run would make. */
function workingDirectory({ config: { process } }: Facts): readonly Step[] {
  if (!process || process.cwd === "/") return [];
  return [{ op: "makeDirectory", from: "/process/cwd", path: process.cwd, mode: 0o755 }];
}

function hasRuntimeHooks({ config: { hooks } }: Facts): boolean {
  return (hooks?.prestart?.length ?? 0) + (hooks?.createRuntime?.length ?? 0) > 0;
}

/** prestart, then createRuntime: with the container mounted, not yet pivoted into. */
function runtimeHooks(facts: Facts): readonly Step[] {
  if (!hasRuntimeHooks(facts)) return [];
  const { hooks } = facts.config;
  return [
    { op: "wait", from: "/hooks", of: "init", event: "mounted" },
    ...hookSteps(hooks?.prestart, "prestart", stateOf(facts), "creating"),
    ...hookSteps(hooks?.createRuntime, "createRuntime", stateOf(facts), "creating"),
    { op: "signal", from: "/hooks", to: "init", event: "hooked" },
  ];
}

/** createContainer, after those: found in the host's files, run in the container's namespaces. */
function containerHooks(facts: Facts): readonly Step[] {
  return [
    ...when(
      hasRuntimeHooks(facts),
      { op: "signal", from: "/hooks", to: "runtime", event: "mounted" },
      { op: "wait", from: "/hooks", of: "runtime", event: "hooked" },
    ),
    ...hookSteps(facts.config.hooks?.createContainer, "createContainer", stateOf(facts), "creating"),
  ];
}

function names({ config }: Facts): readonly Step[] {
  const { hostname, domainname } = config;
  if (!hasNamespace(config, "uts")) return [];
  return [
    ...(hostname ? [{ op: "sethostname", from: "/hostname", name: hostname } satisfies Step] : []),
    ...(domainname ? [{ op: "setdomainname", from: "/domainname", name: domainname } satisfies Step] : []),
  ];
}
