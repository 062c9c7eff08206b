// SPDX-License-Identifier: Apache-2.0

import type { Config } from "../config/types.ts";
import { receiverAnnotation } from "../tables/annotations.ts";
import { specVersion } from "../version.ts";
import { type HookState, hookStateText } from "./hooks.ts";
import type { Step } from "./step.ts";

/** Who answers the system calls that a profile leaves to an agent; config-linux.md#seccomp. */
export interface SeccompListener {
  /** socket on the host */
  readonly path: string;
  readonly metadata?: string;
}

const notify = "SCMP_ACT_NOTIFY";

/** Where the profile's calls go; undefined when none of its rules leaves one to an agent. */
export function seccompListener({ linux, annotations }: Config): SeccompListener | undefined {
  const seccomp = linux?.seccomp;
  if (!seccomp) return undefined;
  const path = seccomp.listenerPath || annotations?.[receiverAnnotation];
  if (!path) return undefined; // lib/config has refused a profile that needs it
  const asks = seccomp.defaultAction === notify || seccomp.syscalls?.some(({ action }) => action === notify);
  if (!asks) return undefined;
  const { listenerMetadata: metadata } = seccomp;
  return { path, ...(metadata && { metadata }) };
}

/**
 * The agent gets the container process state with the filter's descriptor. The text ends where the pid is to be
 * written, which is known only then; after it comes the rest, with the pid of the process that has the filter.
 * `pid` is the container's for a process that is not its first.
 */
export function passListener(
  { path, metadata }: SeccompListener,
  state: HookState,
  status: "creating" | "created" | "running",
  pid = 0,
): Step {
  const head = JSON.stringify({ ociVersion: specVersion, fds: ["seccompFd"], metadata });
  return {
    op: "passListener",
    from: "/linux/seccomp/listenerPath",
    path,
    pid,
    state: `${head.slice(0, -1)},"state":${hookStateText(state, status)}`,
  };
}
