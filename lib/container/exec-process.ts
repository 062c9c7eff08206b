// SPDX-License-Identifier: Apache-2.0

/** What a process that joins a container is: given whole, or the container's own with changes. */

import type { Capabilities, Process } from "../config/types.ts";

/**
 * What the command line says of the process, which has checked it: absolute paths, ids that are ids, names of
 * capabilities, variables with a name. The rest is as the container's own has it.
 */
export interface ProcessChanges {
  readonly args: readonly string[];
  readonly terminal: boolean;
  readonly cwd?: string;
  /** NAME=value; in place of variables of that name */
  readonly env?: readonly string[];
  readonly uid?: number;
  readonly gid?: number;
  /** beside those that the container's process has */
  readonly additionalGids?: readonly number[];
  /** names with CAP_; beside those that the container's process has */
  readonly capabilities?: readonly string[];
  readonly noNewPrivileges?: boolean;
  readonly apparmorProfile?: string;
  readonly selinuxLabel?: string;
}

/** For a container that was created without one. */
const bare: Process = { cwd: "/", args: [""] };

const nameOf = (variable: string): string => variable.slice(0, variable.indexOf("=") + 1);

/** A program finds the first of a name, and whoever adds one means that. */
function environment(own: readonly string[], added: readonly string[]): readonly string[] {
  const names = new Map(added.map((variable) => [nameOf(variable), variable]));
  return [...own.filter((variable) => !names.has(nameOf(variable))), ...names.values()];
}

/**
 * As runc has it: not inheritable, which would hand them on to programs that get nothing else (CVE-2022-29162),
 * and ambient only where they are inheritable already.
 */
function withCapabilities(own: Capabilities, added: readonly string[]): Capabilities {
  const inheritable: readonly string[] = own.inheritable ?? [];
  const add = (set: readonly string[] = [], more = added): string[] => [...new Set([...set, ...more])];
  return {
    ...own,
    bounding: add(own.bounding),
    effective: add(own.effective),
    permitted: add(own.permitted),
    ambient: add(
      own.ambient,
      added.filter((name) => inheritable.includes(name)),
    ),
  };
}

export function changedProcess(own: Process | undefined, changes: ProcessChanges): Process {
  const process = own ?? bare;
  const { args, terminal, cwd, env = [], additionalGids = [], capabilities = [] } = changes;
  const { noNewPrivileges, apparmorProfile, selinuxLabel } = changes;
  const user = process.user ?? { uid: 0, gid: 0 };
  return {
    ...process,
    args: [...args],
    terminal,
    ...(cwd !== undefined && { cwd }),
    env: [...environment(process.env ?? [], env)],
    user: {
      ...user,
      ...(changes.uid !== undefined && { uid: changes.uid }),
      ...(changes.gid !== undefined && { gid: changes.gid }),
      additionalGids: [...(user.additionalGids ?? []), ...additionalGids],
    },
    ...(capabilities.length > 0 && {
      capabilities: withCapabilities(process.capabilities ?? {}, capabilities),
    }),
    ...(noNewPrivileges !== undefined && { noNewPrivileges }),
    ...(apparmorProfile !== undefined && { apparmorProfile }),
    ...(selinuxLabel !== undefined && { selinuxLabel }),
  };
}

/**
 * What a process given whole leaves open is the container's: its confinement and its limits, but not its user or
 * its environment. As runc has it.
 */
export function withDefaults(given: Process, own: Process | undefined): Process {
  if (!own) return given;
  const { capabilities, ioPriority, scheduler, execCPUAffinity, oomScoreAdj, rlimits } = own;
  const { apparmorProfile, selinuxLabel } = own;
  return {
    ...(capabilities && { capabilities }),
    ...(ioPriority && { ioPriority }),
    ...(scheduler && { scheduler }),
    ...(execCPUAffinity && { execCPUAffinity }),
    ...(oomScoreAdj !== undefined && { oomScoreAdj }),
    ...given,
    ...(rlimits && !given.rlimits?.length && { rlimits }),
    ...(apparmorProfile && !given.apparmorProfile && { apparmorProfile }),
    ...(selinuxLabel && !given.selinuxLabel && { selinuxLabel }),
  };
}
