// SPDX-License-Identifier: Apache-2.0

/** Containers whose program speaks sd_notify(3), by notify.c. */

import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync } from "node:fs";
import { type Change, combine, shell } from "./bundle.ts";
import { newFolder } from "./files.ts";
import { newPath } from "./scratch.ts";

let program: string | undefined;

/** Its path on the host. */
export function notifyProgram(): string {
  if (program === undefined || !existsSync(program)) {
    program = newPath("notify");
    const flags = ["-static", "-Wall", "-Wextra", "-Werror", "-O1"];
    execFileSync("cc", [...flags, "-o", program, "test/native/notify.c"]);
  }
  return program;
}

/** A container with the program in /tools, and a folder /talk of the test's. */
export function telling(script: string, talk: string = newFolder(), ...changes: readonly Change[]): Change {
  return (config, bundle) => {
    const tools = newFolder();
    copyFileSync(notifyProgram(), `${tools}/notify`);
    config.mounts.push(
      { destination: "/run", type: "tmpfs", source: "tmpfs" },
      { destination: "/tools", type: "bind", source: tools, options: ["bind", "ro"] },
      { destination: "/talk", type: "bind", source: talk, options: ["bind", "rw"] },
    );
    combine(shell(script), ...changes)(config, bundle);
  };
}
