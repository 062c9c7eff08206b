// SPDX-License-Identifier: Apache-2.0

import { keepsGroups } from "../config/groups.ts";
import type { Process, Rlimit } from "../config/types.ts";
import { capabilityNumbers } from "../tables/capabilities.ts";
import { rlimitNumbers } from "../tables/rlimits.ts";
import { askedEnvironment, environment, hasHome } from "./environment.ts";
import { type Facts, firstNotHandedOn, hasNamespace } from "./facts.ts";
import { allowsSetGroups } from "./id-mappings.ts";
import { setLabel } from "./label.ts";
import { scheduleOneself } from "./scheduler.ts";
import { type Step, when } from "./step.ts";

/** Where execvp(3) looks when the environment has no PATH. */
const defaultPath = "/bin:/usr/bin";

/** What shells and login have when nobody says otherwise. */
const defaultUmask = 0o022;

function searchPath(process: Process): string {
  const entry = process.env?.findLast((variable) => variable.startsWith("PATH="));
  return entry === undefined ? defaultPath : entry.slice("PATH=".length);
}

function capabilitySet(names: readonly string[] | undefined): bigint {
  let bits = 0n;
  for (const name of names ?? []) {
    const number = capabilityNumbers[name];
    if (number !== undefined) bits |= 1n << BigInt(number); // unknown ones have been warned about
  }
  return bits;
}

function resourceNumber(limit: Rlimit): number {
  return rlimitNumbers[limit.type] ?? -1;
}

function raiseRlimit(limit: Rlimit, i: number): Step {
  const resource = resourceNumber(limit);
  return { op: "raiseRlimit", from: `/process/rlimits/${i}`, resource, hard: limit.hard };
}

function setRlimit(limit: Rlimit, i: number): Step {
  const { soft, hard } = limit;
  return { op: "setRlimit", from: `/process/rlimits/${i}`, resource: resourceNumber(limit), soft, hard };
}

/** Steps of the runtime on the new process, or on the one that clones it, whose own rights may not reach. */
export function prepareProcess(facts: Facts, of: "stage" | "init" = "init"): readonly Step[] {
  const { process } = facts.config;
  if (!process) return [];
  const raises = facts.privileged && hasNamespace(facts.config, "user");
  return [
    ...(process.oomScoreAdj === undefined
      ? []
      : [
          {
            op: "writeProc",
            from: "/process/oomScoreAdj",
            of,
            file: "oom_score_adj",
            value: `${process.oomScoreAdj}`,
          } satisfies Step,
        ]),
    ...(raises ? (process.rlimits ?? []).map(raiseRlimit) : []),
  ];
}

/** Refuses at create what could only fail at start. */
export function findProgram({ config: { process } }: Facts): readonly Step[] {
  const [file = ""] = process?.args ?? [];
  if (!process) return [];
  return [
    { op: "findExecutable", from: "/process/args/0", file, path: searchPath(process), cwd: process.cwd },
  ];
}

/** Before the start is waited for, since it takes a call for each capability. What init itself may do stays as it is. */
export function limitCapabilities({ config: { process } }: Facts): readonly Step[] {
  if (!process) return [];
  const from = "/process/capabilities/bounding";
  return [{ op: "dropBoundingSet", from, keep: capabilitySet(process.capabilities?.bounding) }];
}

/** What was asked for fails rather than being left out. */
function setsGroups(facts: Facts, asked: readonly number[]): boolean {
  return allowsSetGroups(facts) || (asked.length > 0 && !keepsGroups(facts.config));
}

function userSteps(facts: Facts, process: Process): readonly Step[] {
  const { uid = 0, gid = 0, additionalGids = [] } = process.user ?? {};
  const sets = process.capabilities ?? {};
  const from = "/process/capabilities";
  // what a set may not hold the kernel would refuse; lib/config has warned of it
  const permitted = capabilitySet(sets.permitted);
  const inheritable = capabilitySet(sets.inheritable);
  return [
    { op: "keepCapabilities", from },
    {
      op: "setUser",
      from: "/process/user",
      uid,
      gid,
      groups: additionalGids,
      setGroups: setsGroups(facts, additionalGids) ? 1 : 0,
    },
    {
      op: "setCapabilities",
      from,
      effective: capabilitySet(sets.effective) & permitted,
      permitted,
      inheritable,
    },
    {
      op: "setAmbientSet",
      from: `${from}/ambient`,
      set: capabilitySet(sets.ambient) & permitted & inheritable,
    },
  ];
}

function seccompSteps(facts: Facts): readonly Step[] {
  const { seccomp } = facts;
  if (!seccomp) return [];
  const { flags, program, listener } = seccomp;
  return [{ op: "loadSeccomp", from: "/linux/seccomp", flags, program, listener: listener ? 1 : 0 }];
}

/**
 * From the start to the user's program. What needs rights comes before they are dropped; the filter comes
 * last where no_new_privs lets it, since it may forbid what the other steps do. What else is to run in the program's
 * place, startContainer hooks, is held by all of it.
 */
export function becomeProgram(facts: Facts, hooks: readonly Step[] = []): readonly Step[] {
  const { process } = facts.config;
  if (!process) return [];
  const { args, cwd } = process;
  const env = askedEnvironment(process);
  const [file = ""] = args;
  const uid = process.user?.uid ?? 0;
  return [
    ...(process.rlimits ?? []).map(setRlimit),
    ...scheduleOneself(facts),
    ...when(uid !== 0 && !process.terminal, { op: "ownStdio", from: "/process/user/uid", uid }),
    { op: "changeDirectory", from: "/process/cwd", path: cwd, optional: 1 },
    ...setLabel(facts),
    // what needs no rights, and what older profiles do not know, before a filter that needs rights to be loaded
    { op: "umask", from: "/process/user/umask", mask: process.user?.umask ?? defaultUmask },
    { op: "closeDescriptors", from: "", first: firstNotHandedOn(facts) },
    ...(process.noNewPrivileges ? [] : seccompSteps(facts)),
    ...userSteps(facts, process),
    { op: "changeDirectory", from: "/process/cwd", path: cwd, optional: 0 },
    ...when(process.noNewPrivileges, { op: "setNoNewPrivileges", from: "/process/noNewPrivileges" }),
    ...(process.noNewPrivileges ? seccompSteps(facts) : []),
    ...hooks,
    {
      op: "execve",
      from: "/process/args",
      file,
      args,
      env: environment(facts, env),
      path: searchPath(process),
      home: hasHome(env) ? -1 : uid,
    },
  ];
}
