// SPDX-License-Identifier: Apache-2.0

/** Why init ended without a word. */

import { lastSteps, laterSteps, refusalOf } from "../../config/rules/seccomp.ts";
import type { Config } from "../../config/types.ts";
import type { Host } from "../../host.ts";
import { type Case, type Finding, finding } from "./case.ts";
import { auditedCall } from "./kernel-log.ts";

const [SIGKILL, SIGSYS] = [9, 31];

/** The first of what runts-init does under the filter that this refuses. */
function refusedCall({ config, process }: Case): string | undefined {
  const profile = config?.linux?.seccomp;
  const calls = process?.noNewPrivileges ? lastSteps : [...laterSteps, ...lastSteps];
  return profile && [...calls, "sendmsg"].find((call) => refusalOf(profile, call) !== undefined);
}

const nameOf = (host: Host, number: number): string => host.systemCall(number) || `system call ${number}`;

const purposes: Readonly<Record<string, string>> = {
  execve: "by which the program is started",
  sendmsg: "by which runts-init says what has failed",
};

function underFilter(failure: Case, what: string): Finding | undefined {
  const profile = failure.config?.linux?.seccomp;
  const number = what === "refuses" ? undefined : auditedCall(failure.host, 'comm="runts-init" ');
  const call = (number !== undefined && nameOf(failure.host, number)) || refusedCall(failure);
  if (!profile || call === undefined) return undefined;
  const execve = call === "sendmsg" && refusalOf(profile, "execve") !== undefined ? ", and execve" : "";
  const purpose = purposes[call] ?? "which runts-init needs before the program is started";
  const pointer = refusalOf(profile, call);
  return {
    ...finding(
      `the seccomp filter ${what} ${call}, ${purpose}${execve}`,
      `allow ${call}${execve && " and execve"} in linux.seccomp`,
      ...(purposes[call] !== undefined || failure.process?.noNewPrivileges
        ? []
        : ["set process.noNewPrivileges, by which the filter comes last"]),
    ),
    ...(pointer !== undefined && { pointer }),
  };
}

/** For a wait that the end of init has ended. */
export function explainEnd(failure: Case): Finding | undefined {
  const signal = Number(/was killed by signal (\d+)/.exec(failure.detail)?.[1]);
  if (signal === SIGSYS) return underFilter(failure, "ends runts-init at");
  if (signal === SIGKILL)
    return finding(
      "somebody has killed it: another user of runts, or the out-of-memory killer of the host",
      "dmesg tells of lack of memory: raise memory.max of the cgroup above, or free some",
    );
  if (/exited with status/.test(failure.detail)) return underFilter(failure, "refuses");
  return undefined;
}

/** That the filter has ended the container's first process, at which call, and which rule has it so. */
export function endedByFilter(host: Host, pid: number, { linux }: Config): string {
  const number = auditedCall(host, `pid=${pid} `);
  if (number === undefined) return "the seccomp filter has ended the program; dmesg may tell at which call";
  const call = nameOf(host, number);
  const place = linux?.seccomp && refusalOf(linux.seccomp, call);
  return `the seccomp filter has ended the program at ${call}${place === undefined ? "" : ` (config.json ${place})`}`;
}
