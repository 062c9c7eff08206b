// SPDX-License-Identifier: Apache-2.0

/** Builds measure and floor when they are out of date. */

import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";

function must(command, args) {
  const { status, error, stdout, stderr } = spawnSync(command, args, { encoding: "utf8" });
  if (error) throw new Error(`${command}: ${error.message}`);
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} failed:\n${stdout}${stderr}`);
}

export function buildPrograms(root) {
  const folder = join(root, "build", "bench");
  mkdirSync(folder, { recursive: true });
  must("cmake", ["-S", join(root, "native", "bench"), "-B", folder]);
  must("cmake", ["--build", folder]);
  return { measure: join(folder, "measure"), floor: join(folder, "floor") };
}
