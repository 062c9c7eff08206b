// SPDX-License-Identifier: Apache-2.0

/** What is left behind after delete. */

import { spawn, spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import type { Call } from "./call.ts";
import { afterCreate, afterDelete, configOf } from "./faults.ts";
import type { Fault, Mutant } from "./mutant.ts";

/** After delete, with what create knew. */
const leaving = (known: (call: Call) => string | undefined, deed: (noted: string) => void): Fault => ({
  ...afterCreate((_, call) => call.note("left", known(call) ?? "")),
  ...afterDelete((call) => deed(call.noted("left") ?? "")),
});

export const leaks: readonly Mutant[] = [
  {
    name: "delete-does-nothing",
    about: "delete of a stopped container says that all is well, and does nothing.",
    breaks: ["lifecycle.delete", "lifecycle.destroyed"],
    fault: { delete: (call) => (call.state()?.status === "stopped" ? 0 : call.real()) },
  },
  {
    name: "delete-leaves-cgroup",
    about: "delete leaves the container's cgroup.",
    breaks: ["lifecycle.delete", "lifecycle.destroyed"],
    fault: leaving(
      (call) => configOf(call)?.linux?.cgroupsPath,
      (path) => {
        if (path.startsWith("/")) mkdirSync(`/sys/fs/cgroup${path}`, { recursive: true });
      },
    ),
  },
  {
    name: "delete-leaves-state",
    about: "delete leaves a folder of the runtime's own.",
    breaks: ["lifecycle.delete", "lifecycle.destroyed"],
    fault: afterDelete(({ flags, id }) => mkdirSync(`${flags.get("--root")}/${id}`, { recursive: true })),
  },
  {
    name: "delete-leaves-mount",
    about: "delete leaves the root filesystem mounted on the host.",
    breaks: ["lifecycle.delete", "lifecycle.destroyed"],
    fault: leaving(
      ({ bundle }) => bundle,
      (bundle) => {
        spawnSync("mount", ["--bind", `${bundle}/rootfs`, `${bundle}/rootfs`]);
      },
    ),
  },
  {
    name: "delete-leaves-process",
    about: "A process of the runtime goes on after delete.",
    breaks: ["lifecycle.delete", "lifecycle.destroyed"],
    fault: afterDelete(() => spawn("sleep", ["1000"], { detached: true, stdio: "ignore" }).unref()),
  },
];
