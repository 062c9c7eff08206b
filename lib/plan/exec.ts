// SPDX-License-Identifier: Apache-2.0

import { consoleArrives, makeKnown, openConsole, ownSession } from "./create.ts";
import type { Facts } from "./facts.ts";
import { openLabel } from "./label.ts";
import { memoryPolicy } from "./memory-policy.ts";
import { joinContainer } from "./namespaces.ts";
import { numbersIn } from "./number-list.ts";
import { personality } from "./personality.ts";
import { becomeProgram, findProgram, limitCapabilities, prepareProcess } from "./process.ts";
import { joinResctrl } from "./resctrl.ts";
import { scheduleInit } from "./scheduler.ts";
import { passListener, seccompListener } from "./seccomp-listener.ts";
import { awaitExecuted } from "./start.ts";
import { type Plan, type Step, when } from "./step.ts";

/** What a process that joins a container is made from, besides the facts of the process itself. */
export interface Joining {
  /** the container's configuration with the process that is to be; what only create asks for is empty */
  readonly facts: Facts;
  /** the container's own first process */
  readonly target: { readonly pid: number; readonly startTime: number };
  /** absolute path on the host */
  readonly rootfs: string;
  /** undefined where the process cannot be in a cgroup of the container */
  readonly cgroup: { readonly mount: string; readonly path: string } | undefined;
  /** a process that is born into its cgroup stops there at once */
  readonly paused: boolean;
  readonly detach: boolean;
  /** see `Starting` */
  readonly doubtful?: boolean | undefined;
}

const SIGKILL = 9;

/** The one slot of a plan that joins nothing else. */
const slot = 0;

/**
 * The story of a process that joins a container: stage enters the container's namespaces, and clones there what
 * becomes the program. Whatever needs the host is done, and let go of, before anything of the container can
 * see the new process.
 */
export function execPlan(joining: Joining): Plan {
  const { facts, target, cgroup, paused, detach, doubtful } = joining;
  const equipping = equipStage(joining);
  const scheduled = scheduleInit(facts);
  const catching = when(!detach, { op: "catchSignals", from: "" });
  return {
    runtime: [
      { op: "openProcess", from: "", slot, pid: target.pid, startTime: target.startTime },
      ...(cgroup ? [{ op: "openCgroup", from: "/linux/cgroupsPath", ...cgroup } satisfies Step] : []),
      // the program may be running before the next steps are taken; but nobody could end what hangs in a freezer
      ...(paused ? [] : catching),
      { op: "cloneStage", from: "/linux/cgroupsPath", intoCgroup: isBornThere(joining) ? 1 : 0 },
      ...when(equipping.length > 0, ...equipping, { op: "signal", from: "", to: "stage", event: "placed" }),
      { op: "wait", from: "", of: "stage", event: "cloned" },
      ...(paused ? catching : []),
      { op: "reapStage", from: "" },
      ...consoleArrives(facts),
      ...when(scheduled.length > 0, { op: "wait", from: "", of: "init", event: "prepared" }, ...scheduled, {
        op: "signal",
        from: "",
        to: "init",
        event: "recorded",
      }),
      ...answer(joining),
      ...awaitExecuted(doubtful),
      // engines take the file for success: conmon looks at nothing else
      ...makeKnown(facts, "setns"),
      ...when(!detach, { op: "superviseInit", from: "", terminal: relaysTerminal(facts) ? 1 : 0 }),
    ],
    stage: [
      { op: "setParentDeathSignal", from: "", signal: SIGKILL },
      ...when(equipping.length > 0, { op: "wait", from: "", of: "runtime", event: "placed" }),
      // no process of the container may trace what still holds things of the host (CVE-2016-9962)
      { op: "setDumpable", from: "", value: 0 },
      ...joinContainer(facts, slot, joining.rootfs),
      { op: "closeHost", from: "" },
      { op: "cloneInit", from: "/linux/namespaces", flags: 0, intoCgroup: 0 },
    ],
    init: [
      { op: "setParentDeathSignal", from: "", signal: SIGKILL },
      ...when(hasLabel(facts), { op: "openProc", from: "" }),
      ...ownSession(facts),
      ...terminal(facts),
      ...findProgram(facts),
      ...memoryPolicy(facts),
      ...personality(facts),
      ...limitCapabilities(facts),
      ...openLabel(facts),
      { op: "closeHost", from: "" },
      ...when(
        scheduled.length > 0,
        { op: "signal", from: "", to: "runtime", event: "prepared" },
        { op: "wait", from: "", of: "runtime", event: "recorded" },
      ),
      { op: "setParentDeathSignal", from: "", signal: 0 },
      ...pin(facts, "final"),
      ...becomeProgram(facts),
    ],
  };
}

/** Clone3 puts it there, unless something comes before that; config.md#process, execCPUAffinity. */
function isBornThere({ facts, cgroup, paused }: Joining): boolean {
  return cgroup !== undefined && !paused && pin(facts, "initial").length === 0;
}

/** What stage gets from the runtime, and init from stage. */
function equipStage(joining: Joining): readonly Step[] {
  const { facts, cgroup } = joining;
  return [
    ...prepareProcess(facts, "stage"),
    ...joinResctrl(facts),
    ...pin(facts, "initial"),
    ...when(cgroup && !isBornThere(joining), { op: "enterCgroup", from: "/linux/cgroupsPath" }),
  ];
}

function pin({ config: { process } }: Facts, when: "initial" | "final"): readonly Step[] {
  const processors = numbersIn(process?.execCPUAffinity?.[when]);
  if (processors.length === 0) return [];
  return [{ op: "setAffinity", from: `/process/execCPUAffinity/${when}`, processors }];
}

/** Written through the container's procfs: the host's must not be in the hands of a process that it can see. */
function hasLabel({ config: { process } }: Facts): boolean {
  return Boolean(process?.apparmorProfile || process?.selinuxLabel);
}

/** Of the container's own devpts; /dev/console stays that of its first process. */
function terminal(facts: Facts): readonly Step[] {
  const steps = openConsole(facts, 0);
  const from = "/process/terminal";
  return [
    ...when(steps.length > 0, { op: "openRootfs", from, path: "/", tree: -1, apart: 0, attach: 0 }),
    ...steps,
  ];
}

function relaysTerminal({ config: { process }, consoleSocket }: Facts): boolean {
  return process?.terminal === true && consoleSocket === undefined;
}

/** The agent that answers for the container's filter gets that of the new process as well. */
function answer({ facts: { config, id, bundle }, target }: Joining): readonly Step[] {
  const listener = seccompListener(config);
  if (!listener) return [];
  const state = { id, bundle, annotations: config.annotations };
  return [passListener(listener, state, "running", target.pid)];
}
