// SPDX-License-Identifier: Apache-2.0

/** The mount of that type, the usual one if it is there several times; proc_pid_mountinfo(5). */
export function findMount(mountinfo: string, type: string, usual: string): string | undefined {
  const mark = ` - ${type} `;
  let found: string | undefined;
  for (let at = 0; ; at++) {
    at = mountinfo.indexOf(mark, at);
    if (at < 0) return found;
    const line = mountinfo.slice(mountinfo.lastIndexOf("\n", at) + 1, at);
    const path = readOctal(line.split(" ")[4] ?? "");
    if (found === undefined || path === usual) found = path;
  }
}

/** The mount of that type that has the word among the options of its file system, as cgroup v1 has its controllers. */
export function findMountWith(mountinfo: string, type: string, word: string): string | undefined {
  const line = mountinfo.split("\n").find((text) => {
    const [found, , options = ""] = text.slice(text.indexOf(" - ") + 3).split(" ");
    return found === type && options.split(",").includes(word);
  });
  return line === undefined ? undefined : readOctal(line.split(" ")[4] ?? "");
}

/** Blanks and the like are written in octal. */
export function readOctal(path: string): string {
  if (!path.includes("\\")) return path;
  return path.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(parseInt(octal, 8)));
}

export interface MountPoint {
  readonly id: number;
  /** of the mount in its file system */
  readonly root: string;
  readonly path: string;
}

/** Every mount, in the kernel's order. */
export function mountPoints(mountinfo: string): readonly MountPoint[] {
  return mountinfo
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const [id, , , root = "", path = ""] = line.split(" ");
      return { id: Number(id), root: readOctal(root), path: readOctal(path) };
    });
}
