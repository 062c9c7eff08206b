// SPDX-License-Identifier: Apache-2.0

import type { Host } from "../../host.ts";

export type LinkFiles = Pick<Host, "kind" | "readLink">;

/** As many as the kernel follows: path_resolution(7). */
const mostLinks = 40;

/**
 * What a path of the container is in its rootfs, each symlink taken as the container would take it, never out of the
 * rootfs. Only looked at, never opened: for a warning before anything runs, not for a decision.
 * @param isElsewhere whether something is mounted at a path, so that the rootfs does not tell
 */
export function kindInRootfs<Kind extends string>(
  files: { kind(path: string): Kind; readLink(path: string): string },
  rootfs: string,
  path: string,
  isElsewhere: (path: string) => boolean,
): Kind | "directory" | "missing" | "elsewhere" {
  let links = 0;
  let kind: Kind | "directory" = "directory";
  let at: string[] = [];
  const rest = path.split("/").reverse();
  while (rest.length > 0) {
    const part = rest.pop() ?? "";
    if (part === "" || part === ".") continue;
    if (part === "..") {
      at.pop();
      kind = "directory";
      continue;
    }
    const inside = `/${[...at, part].join("/")}`;
    if (isElsewhere(inside)) return "elsewhere";
    kind = files.kind(`${rootfs}${inside}`);
    if (kind === "missing") return kind;
    if (kind !== "symlink") at.push(part);
    else {
      if (++links > mostLinks) return "missing";
      const target = files.readLink(`${rootfs}${inside}`);
      if (target.startsWith("/")) at = [];
      rest.push(...target.split("/").reverse());
    }
  }
  return kind;
}
