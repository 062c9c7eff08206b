// SPDX-License-Identifier: Apache-2.0

import type { Host } from "../../host.ts";

const limit = 65536;

interface Entry {
  readonly name: string;
  readonly parent: number;
}

/** proc_pid_stat(5): a name may hold anything, parentheses too. */
function entryOf(host: Host, pid: number): Entry | undefined {
  try {
    const text = host.decode(host.readFile(`/proc/${pid}/stat`, limit));
    const [, name = "", parent = ""] = /^\d+ \((.*)\) \S (\d+)/s.exec(text) ?? [];
    return { name, parent: Number(parent) };
  } catch {
    return undefined; // it has ended
  }
}

export interface Tree {
  readonly inside: readonly number[];
  /** "42 (sh)" */
  readonly beside: readonly string[];
}

/**
 * criu writes down a tree, the first of `pids` and what is below it, and leaves out the others without a word. These
 * came by exec, which makes them children of whoever asked for it.
 */
export function treeOf(host: Host, pids: readonly number[]): Tree {
  const [first = 0, ...others] = pids;
  const entries = new Map(
    others.flatMap((pid) => {
      const entry = entryOf(host, pid);
      return entry ? [[pid, entry] as const] : [];
    }),
  );
  const inTree = (pid: number): boolean => {
    if (pid === first) return true;
    const entry = entries.get(pid);
    return entry !== undefined && inTree(entry.parent);
  };
  return {
    inside: pids.filter(inTree),
    beside: [...entries].flatMap(([pid, { name }]) => (inTree(pid) ? [] : [`${pid} (${name})`])),
  };
}
