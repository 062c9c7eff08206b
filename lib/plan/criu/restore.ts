// SPDX-License-Identifier: Apache-2.0

import { cgroupSteps, deviceRules, processLimit, setUp } from "../cgroups.ts";
import { makeKnown } from "../create.ts";
import { type Facts, scopeOf } from "../facts.ts";
import { hookSteps } from "../hooks.ts";
import { limitSteps } from "../limits.ts";
import { setScope, startScope } from "../scope.ts";
import { type Plan, type Step, when } from "../step.ts";
import { askCriu, type Criu, type CriuFlags, commonOptions, startCriu } from "./criu.ts";
import type { CriuOptions, Inherited, Joined } from "./request.ts";

export const restoreLog = "restore.log";

export interface RestoreFlags extends CriuFlags {
  readonly tcpClose: boolean;
  readonly lsmProfile: string | undefined;
  readonly lsmMountContext: string | undefined;
}

/** What of the host the restored container gets. */
export interface HostParts {
  /** where each of the dump's external mounts comes from */
  readonly external: readonly string[];
  readonly inherit: readonly Inherited[];
  readonly join: readonly Joined[];
  /** paths of criu's descriptors from `firstFile` on */
  readonly files: readonly string[];
  /** paths in the rootfs that criu mounts on */
  readonly directories: readonly string[];
  readonly regularFiles: readonly string[];
}

export interface Restore {
  readonly facts: Facts;
  /** absolute path on the host, without symlinks */
  readonly rootfs: string;
  readonly criu: Criu;
  readonly flags: RestoreFlags;
  readonly parts: HostParts;
  readonly detach: boolean;
}

function restoreOptions({ facts, rootfs, criu, flags, parts }: Restore): CriuOptions {
  const { lsmProfile, lsmMountContext } = flags;
  return {
    ...commonOptions(flags, criu, restoreLog),
    // those in the images, which criu would drop without a word: containerd has no flag for them here
    fileLocks: true,
    root: rootfs,
    // children of ours: whoever waits for the container is our parent, or the reaper of its orphans
    restoreSibling: true,
    // what a device node is called may have changed
    evasiveDevices: true,
    tcpClose: flags.tcpClose,
    ...(facts.cgroup ? { cgroupRoot: facts.cgroup.path } : {}),
    ...(lsmProfile === undefined ? {} : { lsmProfile }),
    ...(lsmMountContext === undefined ? {} : { lsmMountContext }),
    external: parts.external,
    inherit: parts.inherit,
    join: parts.join,
  };
}

/** As when it was created: the namespaces are there, the program does not run. */
function hooks({ config: { hooks, annotations }, id, bundle }: Facts): readonly Step[] {
  const state = { id, bundle, annotations };
  const steps = [
    ...hookSteps(hooks?.prestart, "prestart", state, "creating"),
    ...hookSteps(hooks?.createRuntime, "createRuntime", state, "creating"),
  ];
  return [
    ...when(steps.length > 0, { op: "awaitCriu", from: "/hooks", moment: "setup-namespaces" }),
    ...steps,
  ];
}

function passConsole({ config: { process }, consoleSocket }: Facts): readonly Step[] {
  if (!process?.terminal || consoleSocket === undefined) return [];
  return [{ op: "passConsole", from: "/process/terminal", socket: consoleSocket }];
}

/** Its cgroup is there, or systemd makes it around criu. */
function placeCriu(facts: Facts): readonly Step[] {
  if (!facts.cgroup) return [];
  if (!scopeOf(facts)) return [{ op: "enterCgroup", from: "/linux/cgroupsPath" }];
  return [...startScope(facts, limitSteps(facts.config.linux?.resources ?? {})), ...setUp(facts)];
}

/** Not before: criu has more processes than the container. */
function limitProcesses(facts: Facts): readonly Step[] {
  const limit = processLimit(facts);
  const scope = scopeOf(facts);
  return scope ? [...setScope(scope, limit, scope.hasBfq), ...limit] : limit;
}

/**
 * The story of a container that comes back: criu makes its processes in the cgroup that is ready for them, and
 * holds them until everything holds that they were held by.
 */
export function restorePlan(restore: Restore): Plan {
  const { facts, rootfs, criu, parts, detach } = restore;
  const { root, id, record, configBytes, config, consoleSocket } = facts;
  const relays = config.process?.terminal === true && consoleSocket === undefined;
  return {
    runtime: [
      { op: "makeState", from: "", root, id, record, config: configBytes },
      ...cgroupSteps(facts),
      {
        op: "makeMountpoints",
        from: "/mounts",
        root: rootfs,
        directories: parts.directories,
        files: parts.regularFiles,
      },
      startCriu(criu, rootfs, parts.files),
      // what criu takes to restore counts as the container's, and no process is ever outside of its limits
      ...placeCriu(facts),
      askCriu("restore", restoreOptions(restore)),
      ...hooks(facts),
      { op: "awaitCriu", from: "", moment: "post-restore" },
      // criu needed to make devices that the container may not
      ...deviceRules(facts),
      ...limitProcesses(facts),
      ...passConsole(facts),
      { op: "recordProcess", from: "" },
      ...when(!detach, { op: "catchSignals", from: "" }),
      { op: "awaitCriu", from: "", moment: "" },
      // engines take the file for success
      ...makeKnown(facts, "standard"),
      ...when(
        !detach,
        { op: "unlockState", from: "" },
        { op: "superviseInit", from: "", terminal: relays ? 1 : 0 },
      ),
    ],
    stage: [],
    init: [],
  };
}
