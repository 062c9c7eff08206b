// SPDX-License-Identifier: Apache-2.0

import type { Config, NamespaceType } from "../../config/types.ts";
import { type Row, type Seen, verdictOf } from "./row.ts";

/** The files of /proc/PID/ns. */
const files: readonly (readonly [NamespaceType, file: string])[] = [
  ["user", "user"],
  ["mount", "mnt"],
  ["pid", "pid"],
  ["network", "net"],
  ["ipc", "ipc"],
  ["uts", "uts"],
  ["cgroup", "cgroup"],
  ["time", "time"],
];

/** Whether it is ours is all that can be told: where a joined one came from the kernel does not say. */
export function namespaceRows({ linux }: Config, seen: Seen): readonly Row[] {
  const list = linux?.namespaces ?? [];
  return files.flatMap(([type, file]): Row[] => {
    const { its, ours } = seen.namespace(file);
    const at = list.findIndex((one) => one.type === type);
    const path = list[at]?.path;
    const asked = at < 0 ? "the caller's" : path ? `that of ${path}` : "its own";
    const base = { part: "namespaces", what: type, from: at < 0 ? "" : `/linux/namespaces/${at}`, asked };
    if (its === undefined || ours === undefined) return [{ ...base, found: "?", verdict: "unknown" }];
    const own = its !== ours;
    const found = `${own ? "not ours" : "ours"}, ${its}`;
    // a path may lead to any namespace, ours too
    if (path) return [{ ...base, found, verdict: "unknown" }];
    return [{ ...base, found, verdict: verdictOf(own === at >= 0) }];
  });
}
