// SPDX-License-Identifier: Apache-2.0

/** Mounts and the flags they have, from proc_pid_mountinfo(5). */

import type { Config } from "../../config/types.ts";
import { absolutePath } from "../../path.ts";
import { parseMountOptions } from "../../plan/mount-options.ts";
import { readOctal } from "../mountinfo.ts";
import { type Row, type Seen, verdictOf } from "./row.ts";

export interface PresentMount {
  readonly point: string;
  readonly flags: readonly string[];
  readonly type: string;
}

/** Paths are those of the process: below its root. */
export function presentMounts(mountinfo: string): readonly PresentMount[] {
  return mountinfo
    .split("\n")
    .filter((line) => line.includes(" - "))
    .map((line) => {
      const [head = "", tail = ""] = line.split(" - ");
      const [, , , , point = "", flags = ""] = head.split(" ");
      const [type = "", , superblock = ""] = tail.split(" ");
      // a file system that is read-only as a whole does not say so of its mounts
      const readOnly = superblock.split(",").includes("ro") ? ["ro"] : [];
      return { point: readOctal(point), flags: [...flags.split(","), ...readOnly], type };
    });
}

/** What a mount can be told to be: MOUNT_ATTR_*, and the kernel's word for it. */
const told: readonly (readonly [bit: number, word: string])[] = [
  [1, "ro"],
  [2, "nosuid"],
  [4, "nodev"],
  [8, "noexec"],
];

/** What was asked for and is not so: "ro", "not noexec". */
function broken(options: readonly string[], flags: readonly string[]): readonly string[] {
  const { set, setRecursive, clear } = parseMountOptions(options);
  return told.flatMap(([bit, word]) => {
    const has = flags.includes(word);
    if (((set | setRecursive) & bit) !== 0) return has ? [] : [word];
    return (clear & bit) !== 0 && has ? [`not ${word}`] : [];
  });
}

const absent = "no mount there: behind a symlink of the root file system, or unmounted";

function mountRow(
  present: readonly PresentMount[],
  mount: NonNullable<Config["mounts"]>[number],
  i: number,
): Row {
  const { options = [], type = "" } = mount;
  const point = absolutePath("/", mount.destination);
  const { bind, remount } = parseMountOptions(options);
  const kind = bind ? "bind" : remount ? "remount" : type === "cgroup" ? "cgroup2" : type;
  const base = { part: "mounts", what: point, from: `/mounts/${i}` };
  const asked = [kind, ...options.filter((word) => !/^r?bind$/.test(word))]
    .filter((word) => word !== "")
    .join(" ");
  const found = present.findLast((one) => one.point === point);
  if (!found) return { ...base, asked, found: "?", verdict: "unknown", note: absent };
  const wrong = broken(options, found.flags);
  const isType = bind || remount || kind === "" || found.type === kind || kind.startsWith(`${found.type}.`);
  return {
    ...base,
    asked,
    found: [found.type, ...new Set(found.flags)].join(" "),
    verdict: verdictOf(wrong.length === 0 && isType),
    ...(wrong.length > 0 && { note: `asked for ${wrong.join(", ")}` }),
  };
}

/** Paths that are masked or made read-only are mounts, too, where the container has them. */
function pathRows(present: readonly PresentMount[], paths: readonly string[], field: string): Row[] {
  return paths.map((path, i) => {
    const point = absolutePath("/", path);
    const found = present.findLast((one) => one.point === point);
    const asked = field === "maskedPaths" ? "masked" : "ro";
    const base = { part: "mounts", what: point, from: `/linux/${field}/${i}`, asked };
    if (!found)
      return { ...base, found: "no mount", verdict: "unknown", note: "only what is there is covered" };
    const verdict = verdictOf(field === "maskedPaths" || found.flags.includes("ro"));
    return { ...base, found: [found.type, ...new Set(found.flags)].join(" "), verdict };
  });
}

export function mountRows(config: Config, seen: Seen): readonly Row[] {
  const mountinfo = seen.proc("mountinfo");
  if (mountinfo === undefined || !config.linux?.namespaces?.some(({ type }) => type === "mount")) return [];
  const present = presentMounts(mountinfo);
  const root = present.findLast(({ point }) => point === "/");
  const asked = config.root.readonly ? "ro" : "rw";
  const found = root?.flags.includes("ro") ? "ro" : "rw";
  const base = { part: "mounts", what: "/", from: "/root/readonly", asked, found };
  return [
    { ...base, verdict: root ? verdictOf(asked === found) : "unknown" },
    ...(config.mounts ?? []).map((mount, i) => mountRow(present, mount, i)),
    ...pathRows(present, config.linux.maskedPaths ?? [], "maskedPaths"),
    ...pathRows(present, config.linux.readonlyPaths ?? [], "readonlyPaths"),
  ];
}
