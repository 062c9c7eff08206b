// SPDX-License-Identifier: Apache-2.0

/** One runtime in the contest: its command lines, and what must be true after each of its commands. */

import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { PARENT_CGROUP } from "./bundles.js";
import { cgroupExists } from "./cgroup.js";

export const LIFECYCLE = ["create", "start", "state", "exec", "kill", "delete"];
export const COMMANDS = ["--version", "run", ...LIFECYCLE];
export const NO_BUNDLE = "";

const SLEEPER = "/bin/sleep";
const EXEC_POLLS = 500;

export class Contestant {
  #measure;
  #bundles;
  #root;
  #name;
  #paths = new Map();
  /** names of the bundles that it can run */
  able = new Set();

  constructor(runtime, name, measure, bundles, stateFolder) {
    this.runtime = runtime;
    this.#name = name;
    this.#measure = measure;
    this.#bundles = bundles;
    this.#root = join(stateFolder, name);
  }

  get label() {
    return this.runtime.label ?? this.runtime.path;
  }

  #id(bundle, command) {
    return `${this.#name}-${bundle}-${command === "run" ? "run" : "life"}`;
  }

  prepare(bundle) {
    for (const [command, program] of [
      ["run", "true"],
      ["create", "sleep"],
    ]) {
      const id = this.#id(bundle, command);
      this.#paths.set(id, this.#bundles.write(bundle, id, program));
    }
  }

  argv(command, bundle) {
    if (command === "--version") return [this.runtime.path, "--version"];
    const id = this.#id(bundle, command);
    const line = [this.runtime.path, "--root", this.#root, command];
    if (command === "run" || command === "create") return [...line, "--bundle", this.#paths.get(id), id];
    const words = { kill: ["KILL"], exec: ["/bin/true"] };
    return [...line, id, ...(words[command] ?? [])];
  }

  #complain(command, bundle, what) {
    const where = bundle === NO_BUNDLE ? "" : ` (${bundle} bundle)`;
    throw new Error(`${this.label}: ${command}${where} ${what}`);
  }

  #verify(command, bundle, status) {
    if (status !== 0) this.#complain(command, bundle, `exited with ${status}: ${this.#measure.output()}`);
    if (command !== "run" && command !== "delete") return;
    const id = this.#id(bundle, command);
    if (cgroupExists(join(PARENT_CGROUP, id))) this.#complain(command, bundle, "left a cgroup behind");
    if (existsSync(join(this.#root, id))) this.#complain(command, bundle, "left its state behind");
  }

  /** One measured command; one that did not do its work is an error, not a datum. */
  async sample(command, bundle) {
    const { status, ...sample } = await this.#measure.run(this.argv(command, bundle));
    this.#verify(command, bundle, status);
    return sample;
  }

  async version() {
    const { status, output } = await this.#measure.capture(this.argv("--version", NO_BUNDLE));
    if (status !== 0) this.#complain("--version", NO_BUNDLE, `exited with ${status}: ${output}`);
    return output;
  }

  async #expectState(bundle, expected) {
    const { status, output } = await this.#measure.capture(this.argv("state", bundle));
    this.#verify("state", bundle, status);
    const state = JSON.parse(output);
    if (state.status !== expected) this.#complain("state", bundle, `said ${state.status}, not ${expected}`);
    return state;
  }

  /** Goes through all commands once: fills caches, and shows that this runtime does what it is timed for. */
  async rehearse(bundle, inspect) {
    this.prepare(bundle);
    for (let i = 0; i < 2; i++) await this.sample("run", bundle);
    await this.sample("create", bundle);
    await this.#expectState(bundle, "created");
    await this.sample("start", bundle);
    const { pid } = await this.#expectState(bundle, "running");
    await this.#waitForExec(bundle, pid);
    inspect(pid);
    await this.sample("exec", bundle);
    await this.sample("kill", bundle);
    await this.#measure.reap();
    await this.sample("delete", bundle);
    this.able.add(bundle);
  }

  async #waitForExec(bundle, pid) {
    for (let i = 0; i < EXEC_POLLS; i++) {
      if (readFileSync(`/proc/${pid}/cmdline`, "utf8").startsWith(SLEEPER)) return;
      await sleep(2);
    }
    this.#complain("start", bundle, `did not lead to ${SLEEPER}`);
  }

  /** Removes whatever is left; never fails. */
  clean() {
    for (const [id] of this.#paths)
      if (existsSync(join(this.#root, id)))
        spawnSync(this.runtime.path, ["--root", this.#root, "delete", "--force", id], { stdio: "ignore" });
  }
}

/** The bare C program that does the kernel's share of `run`. */
export class Floor {
  label = "floor";
  able = new Set();
  /** bundle name → seccomp filter as a runtime compiled it */
  filters = new Map();
  #program;
  #measure;
  #bundles;
  #paths = new Map();

  constructor(program, measure, bundles) {
    this.#program = program;
    this.#measure = measure;
    this.#bundles = bundles;
  }

  async sample(_command, bundle) {
    const cgroup = join("/sys/fs/cgroup", PARENT_CGROUP, `floor-${bundle}`);
    const filter = this.filters.has(bundle) ? [this.filters.get(bundle)] : [];
    const argv = [this.#program, bundle, this.#paths.get(bundle), this.#bundles.rootfs, cgroup, ...filter];
    const { status, ...sample } = await this.#measure.run(argv);
    if (status !== 0) throw new Error(`floor: ${bundle} bundle: ${this.#measure.output()}`);
    return sample;
  }

  async rehearse(bundle) {
    this.#paths.set(bundle, this.#bundles.write(bundle, `floor-${bundle}`, "true"));
    for (let i = 0; i < 2; i++) await this.sample("run", bundle);
    this.able.add(bundle);
  }

  clean() {}
}
