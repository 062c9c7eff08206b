// SPDX-License-Identifier: Apache-2.0

import { RuntsError } from "../errors.ts";
import type { Host } from "../host.ts";
import type { ContainerRecord } from "./record.ts";

type Place = NonNullable<ContainerRecord["cgroup"]>;

const limit = 1 << 16;

/** The container's cgroup, or the one that was asked for below it; never one beside it. */
export function subCgroup(own: Place | undefined, asked: string | undefined): Place | undefined {
  if (asked === undefined) return own && { mount: own.mount, path: own.path };
  const refuse = (detail: string): never => {
    throw new RuntsError("usage", { step: "exec", detail: `--cgroup ${JSON.stringify(asked)}: ${detail}` });
  };
  if (asked.includes(":")) return refuse("cgroup v2 has no controllers apart: give the path alone");
  if (!own) return refuse("the container has no cgroup of its own");
  const parts = asked.split("/").filter((part) => part !== "" && part !== ".");
  if (parts.includes("..")) return refuse("expected a path below the container's cgroup");
  return { mount: own.mount, path: [own.path, ...parts].join("/") };
}

/** Where the container's first process is by now; undefined when that cannot be seen. */
export function initCgroup(
  host: Pick<Host, "readFile" | "decode">,
  mount: string,
  pid: number,
): Place | undefined {
  let text: string;
  try {
    text = host.decode(host.readFile(`/proc/${pid}/cgroup`, limit));
  } catch {
    return undefined; // it has ended
  }
  const line = text.split("\n").find((row) => row.startsWith("0::/"));
  const path = line?.slice("0::".length);
  // outside of what we can see, or removed
  if (path === undefined || path.startsWith("/..") || path.endsWith(" (deleted)")) return undefined;
  return { mount, path };
}

/** Whether a container's process is in no cgroup of the container any more; false when that cannot be seen. */
export function hasLeft(host: Pick<Host, "readFile" | "decode">, pid: number, own: Place): boolean {
  const now = initCgroup(host, own.mount, pid)?.path;
  return now !== undefined && now !== own.path && !now.startsWith(`${own.path}/`);
}
