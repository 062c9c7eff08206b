// SPDX-License-Identifier: Apache-2.0

/** Why init ended without a word. */

import { lastSteps, laterSteps, refusalOf } from "../../config/rules/seccomp.ts";
import type { Config } from "../../config/types.ts";
import type { Host } from "../../host.ts";
import { type Case, type Finding, finding } from "./case.ts";
import { recentLines } from "./kernel-log.ts";

const [SIGKILL, SIGSYS] = [9, 31];

/** The call that the kernel's audit says a filter has ended runts-init for. */
function auditedCall({ host }: Case): string | undefined {
  const found = recentLines(host, 10)
    .map((line) => /type=1326 .*comm="runts-init" .*sig=31 .*syscall=(\d+)/.exec(line)?.[1])
    .findLast((number) => number !== undefined);
  return found === undefined ? undefined : host.systemCall(Number(found)) || `system call ${found}`;
}

/** The first of what runts-init does under the filter that this refuses. */
function refusedCall({ config, process }: Case): string | undefined {
  const profile = config?.linux?.seccomp;
  const calls = process?.noNewPrivileges ? lastSteps : [...laterSteps, ...lastSteps];
  return profile && [...calls, "sendmsg"].find((call) => refusalOf(profile, call) !== undefined);
}

const purposes: Readonly<Record<string, string>> = {
  execve: "by which the program is started",
  sendmsg: "by which runts-init says what has failed",
};

function underFilter(failure: Case, what: string): Finding | undefined {
  const profile = failure.config?.linux?.seccomp;
  const call = auditedCall(failure) ?? refusedCall(failure);
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
  const number = recentLines(host, 10)
    .map((line) => new RegExp(`type=1326 .*\\bpid=${pid} .*sig=31 .*syscall=(\\d+)`).exec(line)?.[1])
    .findLast((found) => found !== undefined);
  if (number === undefined) return "the seccomp filter has ended the program; dmesg may tell at which call";
  const call = host.systemCall(Number(number)) || `system call ${number}`;
  const place = linux?.seccomp && refusalOf(linux.seccomp, call);
  return `the seccomp filter has ended the program at ${call}${place === undefined ? "" : ` (config.json ${place})`}`;
}
