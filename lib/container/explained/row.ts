// SPDX-License-Identifier: Apache-2.0

/** One thing that was asked for, beside what the kernel has. */
export interface Row {
  /** "process", "namespaces", "mounts" or "cgroup" */
  readonly part: string;
  readonly what: string;
  /** what of config.json asks for it; "" where nothing does */
  readonly from: string;
  readonly asked: string;
  readonly found: string;
  /** "unknown" where it cannot be told from outside, or is not done yet */
  readonly verdict: "same" | "differs" | "unknown";
  readonly note?: string;
}

/** What the kernel says of a container's first process, as text. */
export interface Seen {
  /** the program runs: what init does to itself before it is done */
  readonly started: boolean;
  /** /proc/PID/status, /proc/PID/mountinfo and so on; undefined for what could not be read */
  proc(file: string): string | undefined;
  /** /proc/PID/ns/FILE and our own: "pid:[4026531836]" */
  namespace(file: string): { readonly its: string | undefined; readonly ours: string | undefined };
  /** a file of its cgroup */
  cgroup(file: string): string | undefined;
}

export const verdictOf = (same: boolean): Row["verdict"] => (same ? "same" : "differs");
