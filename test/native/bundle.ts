// SPDX-License-Identifier: Apache-2.0

/** Bundles to run: one configuration as data, and what a test changes in it. */

import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Config, Linux, Mount, Process, Root } from "../../lib/config/types.ts";
import { markVariable, newPath } from "./scratch.ts";

type Writable<T> = T extends readonly (infer U)[]
  ? Writable<U>[]
  : T extends object
    ? { -readonly [K in keyof T]: Writable<T[K]> }
    : T;

/** A configuration in which everything that tests touch is there. */
export type Draft = Writable<Omit<Config, "process" | "linux" | "mounts" | "root">> & {
  root: Writable<Root>;
  mounts: Writable<Mount>[];
  process: Writable<Process> & { args: string[]; env: string[] };
  linux: Writable<Linux> & { namespaces: Writable<NonNullable<Linux["namespaces"]>> };
};

export type Change = (config: Draft, bundle: string) => void;

const capabilities = ["CAP_AUDIT_WRITE", "CAP_KILL", "CAP_NET_BIND_SERVICE"] as const;

function baseConfig(rootfs: string): Draft {
  return {
    ociVersion: "1.3.0",
    root: { path: rootfs },
    process: {
      user: { uid: 0, gid: 0 },
      args: ["true"],
      env: ["PATH=/bin", markVariable],
      cwd: "/",
      capabilities: {
        bounding: [...capabilities],
        effective: [...capabilities],
        permitted: [...capabilities],
      },
      noNewPrivileges: true,
    },
    hostname: "inside",
    mounts: [
      { destination: "/proc", type: "proc", source: "proc" },
      {
        destination: "/dev",
        type: "tmpfs",
        source: "tmpfs",
        options: ["nosuid", "strictatime", "mode=755", "size=65536k"],
      },
      {
        destination: "/dev/pts",
        type: "devpts",
        source: "devpts",
        options: ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5"],
      },
      {
        destination: "/dev/shm",
        type: "tmpfs",
        source: "shm",
        options: ["nosuid", "noexec", "nodev", "mode=1777", "size=65536k"],
      },
      {
        destination: "/dev/mqueue",
        type: "mqueue",
        source: "mqueue",
        options: ["nosuid", "noexec", "nodev"],
      },
      { destination: "/sys", type: "sysfs", source: "sysfs", options: ["nosuid", "noexec", "nodev", "ro"] },
      {
        destination: "/sys/fs/cgroup",
        type: "cgroup",
        source: "cgroup",
        options: ["nosuid", "noexec", "nodev", "relatime", "ro"],
      },
    ],
    linux: {
      namespaces: (["pid", "ipc", "uts", "mount", "cgroup", "network"] as const).map((type) => ({ type })),
    },
  };
}

let template: string | undefined;

/** A rootfs that tests share; those that change it take one of their own. */
export function sharedRootfs(): string {
  if (template === undefined) {
    template = newPath("rootfs");
    execFileSync("scripts/bundle.sh", [template]);
  }
  return join(template, "rootfs");
}

/** A rootfs of one test alone: busybox is linked, the rest is copied. */
export function ownRootfs(bundle: string): string {
  const rootfs = join(bundle, "rootfs");
  execFileSync("cp", ["-al", sharedRootfs(), rootfs]);
  return rootfs;
}

/** A new bundle's folder. */
export function makeBundle(change: Change = () => {}): string {
  const bundle = newPath("bundle");
  mkdirSync(bundle);
  const config = baseConfig(sharedRootfs());
  change(config, bundle);
  writeFileSync(join(bundle, "config.json"), JSON.stringify(config, null, 2));
  return bundle;
}

/** What runs a line of shell in the container. */
export function shell(script: string): Change {
  return (config) => {
    config.process.args = ["sh", "-c", script];
  };
}

export function combine(...changes: readonly Change[]): Change {
  return (config, bundle) => {
    for (const change of changes) change(config, bundle);
  };
}
