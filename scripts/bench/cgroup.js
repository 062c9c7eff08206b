// SPDX-License-Identifier: Apache-2.0

/** All runtimes under test run where /sys/fs/cgroup is a pure cgroup2 mount, as on an ordinary machine. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export const CGROUP_ROOT = "/sys/fs/cgroup";
const MARK = "RUNTS_BENCH_CGROUP2";
const REMOUNT = `umount -R ${CGROUP_ROOT} 2>/dev/null; mount -t cgroup2 none ${CGROUP_ROOT} && exec "$@"`;

export function isPureCgroup2() {
  return existsSync(join(CGROUP_ROOT, "cgroup.controllers"));
}

/** Runs this program again in a private mount namespace with cgroup2; its exit status, or undefined when needless. */
export async function enterCgroup2() {
  if (isPureCgroup2()) return undefined;
  if (process.env[MARK] !== undefined) throw new Error(`cannot mount cgroup2 on ${CGROUP_ROOT}`);
  const again = [process.execPath, ...process.argv.slice(1)];
  const child = spawn("unshare", ["-m", "--propagation", "private", "sh", "-c", REMOUNT, "sh", ...again], {
    stdio: "inherit",
    env: { ...process.env, [MARK]: "1" },
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  const [status] = await once(child, "exit");
  return status ?? 1;
}

export function wasRemounted() {
  return process.env[MARK] !== undefined;
}

export function cgroupExists(path) {
  return existsSync(join(CGROUP_ROOT, path));
}

/** Kills what is in a cgroup and removes it with all below it. */
export function removeCgroup(path) {
  const folder = join(CGROUP_ROOT, path);
  if (!existsSync(folder)) return;
  writeFileSync(join(folder, "cgroup.kill"), "1");
  const walk = (at) => {
    for (const entry of readdirSync(at, { withFileTypes: true }))
      if (entry.isDirectory()) walk(join(at, entry.name));
    for (let attempt = 0; ; attempt++) {
      try {
        rmdirSync(at);
        return;
      } catch (error) {
        if (error.code === "ENOENT") return;
        if (error.code !== "EBUSY" || attempt === 100) throw error;
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10); // its last process is still dying
      }
    }
  };
  walk(folder);
}
