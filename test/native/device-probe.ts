// SPDX-License-Identifier: Apache-2.0

/** A container that tries devices: the kernel's own answer to its rules. */

import { execFileSync } from "node:child_process";
import { existsSync, rmSync, writeFileSync } from "node:fs";
import type { DeviceRule } from "../../lib/config/types.ts";
import { type Change, combine, shell } from "./bundle.ts";
import { newFolder } from "./files.ts";
import { cgroupMount } from "./leaks.ts";
import { newPath } from "./scratch.ts";

/** Numbers that no driver has, beside some that are always allowed: what is let through finds no device. */
const majors = [60, 61];
const minors = [0, 1, 2];

const nodes = ["b", "c"].flatMap((type) =>
  majors.flatMap((major) => minors.map((minor) => `${type} ${major} ${minor}`)),
);

// opens only: nothing is read or written
const script = `
cd /nodes
while read type major minor; do mknod $type-$major-$minor $type $major $minor; done < /talk/nodes
try() {
  case $1 in r) (: < $2) ;; w) (: > $2) ;; *) (: <> $2) ;; esac 2>&1
}
probe() {
  for node in *; do for access in r w rw; do
    case $(try $access $node) in
      *"not permitted"*) echo $node $access denied ;;
      *"No such device"*) echo $node $access allowed ;;
      *) echo $node $access: $(try $access $node) ;;
    esac
  done; done
}
`;

export const probing =
  (after: string, rules: readonly DeviceRule[] | undefined): Change =>
  (config, bundle) => {
    const talk = newFolder({ nodes: `${nodes.join("\n")}\n` });
    execFileSync("mkfifo", [`${talk}/ask`, `${talk}/answer`]);
    combine(shell(`${script}${after}`))(config, bundle);
    config.mounts.push(
      { destination: "/nodes", type: "tmpfs", source: "tmpfs" },
      { destination: "/talk", type: "bind", source: talk, options: ["bind", "rw"] },
    );
    const mknod = ["CAP_MKNOD"] as const;
    config.process.capabilities = { bounding: [...mknod], effective: [...mknod], permitted: [...mknod] };
    config.linux.resources = rules === undefined ? {} : { devices: rules.map((rule) => ({ ...rule })) };
    config.annotations = { talk };
  };

export type Answers = Readonly<Record<string, string>>;

/** "c 60 1 rw" and how it ended. */
export function answersOf(lines: string): Answers {
  return Object.fromEntries(
    lines
      .trim()
      .split("\n")
      .map((line) => {
        const [, what = line, how = ""] = /^(.*) (allowed|denied)$/.exec(line) ?? [];
        return [what.replaceAll("-", " "), how];
      }),
  );
}

/** One after the other answers what is asked by `ask`. */
export const answering = "while read line < /talk/ask; do probe > /talk/answer; done";

export function ask(talk: string): Answers {
  const out = execFileSync("sh", ["-c", `echo now > ${talk}/ask; cat ${talk}/answer`], { timeout: 20_000 });
  return answersOf(String(out));
}

let tool: string | undefined;

/** Names the device programs of a container's cgroup, or adds one of somebody else's. */
export function devicePrograms(id: string, action: "list" | "beside" | "instead"): readonly string[] {
  if (tool === undefined || !existsSync(tool)) {
    tool = newPath("device-programs");
    execFileSync("cc", ["-Wall", "-Werror", "-o", tool, "test/native/device-programs.c"]);
  }
  const out = execFileSync(tool, [`${cgroupMount}/runts-${id}`, action]);
  return String(out)
    .split("\n")
    .filter((name) => name !== "");
}

/** For update --resources. */
export function resourcesFile(resources: unknown): string {
  const file = newPath("resources");
  rmSync(file, { force: true });
  writeFileSync(file, JSON.stringify(resources));
  return file;
}
