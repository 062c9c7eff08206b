// SPDX-License-Identifier: Apache-2.0

/** Lays the benchmark bundles on disk, for each runtime its own, over one shared rootfs. */

import { copyFileSync, existsSync, linkSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { RESOURCES } from "./limits.js";

export const BUNDLES = ["spec", "podman"];
/** The one of --limits: that of spec with limits. */
export const LIMITS = "limits";
export const PARENT_CGROUP = "runts-bench";
const BIND_FOLDERS = new Set(["shm"]);

function load(name) {
  if (name === LIMITS) {
    const config = load("spec");
    return { ...config, linux: { ...config.linux, resources: RESOURCES } };
  }
  return JSON.parse(readFileSync(new URL(`${name}.json`, import.meta.url), "utf8"));
}

function hardFileLimit() {
  const [, hard] = /^Max open files\s+\S+\s+(\S+)/m.exec(readFileSync("/proc/self/limits", "utf8")) ?? [];
  return hard === undefined || hard === "unlimited" ? Number.POSITIVE_INFINITY : Number(hard);
}

function has(capability) {
  const [, mask] = /^CapEff:\s+(\S+)/m.exec(readFileSync("/proc/self/status", "utf8")) ?? ["", "0"];
  return ((BigInt(`0x${mask}`) >> BigInt(capability)) & 1n) === 1n;
}

/** Takes out what this host cannot do, for all runtimes alike, and says so. */
function adapt(name, config, cgroupRoot, note) {
  const controllers = readFileSync(join(cgroupRoot, "cgroup.controllers"), "utf8").trim().split(" ");
  if (config.linux.resources?.pids && !controllers.includes("pids")) {
    delete config.linux.resources.pids;
    note(`${name}: no pids limit, as this cgroup2 tree has no pids controller`);
  }
  const CAP_SYS_RESOURCE = 24;
  const most = hardFileLimit();
  for (const limit of config.process.rlimits ?? []) {
    if (limit.type !== "RLIMIT_NOFILE" || limit.hard <= most || has(CAP_SYS_RESOURCE)) continue;
    limit.hard = most;
    limit.soft = Math.min(limit.soft, most);
    note(`${name}: RLIMIT_NOFILE is ${most}, as there is no CAP_SYS_RESOURCE to raise it`);
  }
  return config;
}

/** `measure` is the containers' only program: called as `true` it exits, called as `sleep` it waits. */
function makeRootfs(folder, measureProgram) {
  const bin = join(folder, "bin");
  mkdirSync(bin, { recursive: true });
  copyFileSync(measureProgram, join(bin, "true"));
  if (!existsSync(join(bin, "sleep"))) linkSync(join(bin, "true"), join(bin, "sleep"));
}

export class Bundles {
  #folder;
  #configs = new Map();

  constructor(names, folder, measureProgram, cgroupRoot, note) {
    this.#folder = folder;
    this.rootfs = join(folder, "rootfs");
    makeRootfs(this.rootfs, measureProgram);
    for (const name of names) this.#configs.set(name, adapt(name, load(name), cgroupRoot, note));
  }

  /** A bundle whose container has this id and runs this program. */
  write(name, id, program) {
    const bundle = join(this.#folder, id);
    mkdirSync(bundle, { recursive: true });
    const config = structuredClone(this.#configs.get(name));
    config.root.path = this.rootfs;
    config.process.args = [`/bin/${program}`];
    config.linux.cgroupsPath = `/${PARENT_CGROUP}/${id}`;
    for (const mount of config.mounts.filter((mount) => mount.type === "bind")) {
      mount.source = join(bundle, basename(mount.source));
      if (BIND_FOLDERS.has(basename(mount.source))) mkdirSync(mount.source, { recursive: true });
      else writeFileSync(mount.source, "");
    }
    writeFileSync(join(bundle, "config.json"), `${JSON.stringify(config, null, 2)}\n`);
    return bundle;
  }
}
