// SPDX-License-Identifier: Apache-2.0

/** --limits: a bundle with ten limits, which needs a tree with their controllers. */

import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { CGROUP_ROOT, isPureCgroup2 } from "./cgroup.js";

const MIB = 1 << 20;

/** Each is a write to a file of its own, but for quota and period, which are one. */
export const RESOURCES = {
  memory: { limit: 64 * MIB, swap: 128 * MIB, reservation: 32 * MIB },
  cpu: { shares: 512, quota: 50_000, period: 100_000, cpus: "0", mems: "0" },
  pids: { limit: 100 },
  unified: { "memory.high": String(48 * MIB) },
};

const CONTROLLERS = ["memory", "cpu", "cpuset", "pids"];

function limitsWorkHere() {
  if (!isPureCgroup2()) return false;
  const there = readFileSync(join(CGROUP_ROOT, "cgroup.controllers"), "utf8").trim().split(" ");
  return CONTROLLERS.every((name) => there.includes(name));
}

/** Runs this program again where limits work; its exit status, or undefined when that is here. */
export function enterLimits(root) {
  if (limitsWorkHere()) return undefined;
  const script = join(root, "scripts", "with-limits.sh");
  const again = [process.execPath, ...process.argv.slice(1)];
  const { status, error } = spawnSync(script, ["-t", "1800", ...again], { stdio: "inherit" });
  if (error) throw new Error(`${script}: ${error.message}`);
  return status ?? 1;
}
