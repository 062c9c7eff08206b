// SPDX-License-Identifier: Apache-2.0

/** Sets the contest up, and measures its contestants in turn, so that a machine that drifts drifts for all. */

import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Bundles, LIMITS, PARENT_CGROUP } from "./bundles.js";
import { CGROUP_ROOT, removeCgroup, wasRemounted } from "./cgroup.js";
import { Contestant, Floor, LIFECYCLE, NO_BUNDLE } from "./contestant.js";
import { Measure } from "./measure.js";
import { nameRuntime } from "./runtimes.js";

/** Lets the kernel finish in the background what the last sample left it, such as the end of a network. */
const PAUSE_MS = 5;

/** Where runtimes keep their state: in memory on an ordinary machine. */
const STATE = "/run";

export class Contest {
  contestants = [];
  floor;
  notes = [];
  /** {bundle, command, label, samples} by "bundle command label" */
  results = new Map();
  #programs;
  #folder;
  #state;
  #measure;
  #warn;
  #interrupted = false;

  #names;

  /** @param names of the bundles */
  constructor(names, programs, warn) {
    this.#names = names;
    this.#programs = programs;
    this.#warn = warn;
  }

  async open(runtimes) {
    this.#folder = mkdtempSync(join(tmpdir(), "runts-bench-"));
    this.#state = mkdtempSync(join(STATE, "runts-bench-"));
    mkdirSync(join(CGROUP_ROOT, PARENT_CGROUP), { recursive: true });
    this.#measure = await Measure.start(this.#programs.measure, join(this.#folder, "log"));
    const note = (text) => this.notes.push(text);
    if (wasRemounted())
      note(`${CGROUP_ROOT} of this host is not cgroup2: all ran in a mount namespace where it is`);
    if (this.#measure.memlock === "pretended")
      note("RLIMIT_MEMLOCK cannot be raised here: setting it was made to succeed without effect, for all");
    const bundles = new Bundles(this.#names, this.#folder, this.#programs.measure, CGROUP_ROOT, note);
    this.floor = new Floor(this.#programs.floor, this.#measure, bundles);
    const labels = new Set();
    for (const [index, runtime] of runtimes.entries())
      await this.#admit(new Contestant(runtime, `r${index}`, this.#measure, bundles, this.#state), labels);
    // it sets no limits
    for (const bundle of this.#names) if (bundle !== LIMITS) await this.#rehearse(this.floor, bundle);
  }

  async #admit(contestant, labels) {
    try {
      nameRuntime(contestant.runtime, await contestant.version(), labels);
    } catch (error) {
      this.#warn(`left out: ${error.message}`);
      return;
    }
    this.contestants.push(contestant);
    for (const bundle of this.#names) await this.#rehearse(contestant, bundle);
  }

  async #rehearse(contestant, bundle) {
    try {
      await contestant.rehearse(bundle, (pid) => this.#keepFilter(bundle, pid));
    } catch (error) {
      this.#warn(`left out: ${error.message}`);
      contestant.clean();
      await this.#measure.reap().catch(() => {});
    }
  }

  /** The floor installs the very filter that the first runtime made of the profile. */
  #keepFilter(bundle, pid) {
    if (bundle !== "podman" || this.floor.filters.has(bundle)) return;
    const path = join(this.#folder, "filter.bpf");
    const { status, stderr } = spawnSync(this.#programs.measure, ["filter", String(pid), path]);
    if (status === 0) this.floor.filters.set(bundle, path);
    else this.#warn(`the floor goes without a seccomp filter: ${stderr}`);
  }

  async #sample(contestant, command, bundle, wanted) {
    if (this.#interrupted) throw new Error("interrupted");
    const sample = await contestant.sample(command, bundle);
    if (wanted.has(command)) {
      const key = `${bundle} ${command} ${contestant.label}`;
      const { label } = contestant;
      if (!this.results.has(key)) this.results.set(key, { bundle, command, label, samples: [] });
      this.results.get(key).samples.push(sample);
    }
    await sleep(PAUSE_MS);
  }

  /** One round: each command by each runtime, one after the other; who goes first changes with the round. */
  async round(number, wanted) {
    const turn = number % Math.max(this.contestants.length, 1);
    const order = [...this.contestants.slice(turn), ...this.contestants.slice(0, turn)];
    if (wanted.has("--version"))
      for (const contestant of order) await this.#sample(contestant, "--version", NO_BUNDLE, wanted);
    for (const bundle of this.#names) {
      const able = order.filter((contestant) => contestant.able.has(bundle));
      if (wanted.has("run")) {
        for (const contestant of able) await this.#sample(contestant, "run", bundle, wanted);
        if (this.floor.able.has(bundle)) await this.#sample(this.floor, "run", bundle, wanted);
      }
      if (!LIFECYCLE.some((command) => wanted.has(command))) continue;
      for (const command of LIFECYCLE) {
        for (const contestant of able) await this.#sample(contestant, command, bundle, wanted);
        if (command === "kill") await this.#measure.reap();
      }
    }
  }

  /** Runs a command that is not part of the comparison, such as a tracer over a runtime. */
  run(argv) {
    return this.#measure.capture(argv);
  }

  reap() {
    return this.#measure.reap();
  }

  get folder() {
    return this.#folder;
  }

  /** Makes the next sample the last. */
  interrupt() {
    this.#interrupted = true;
  }

  async close() {
    for (const contestant of this.contestants) contestant.clean();
    removeCgroup(PARENT_CGROUP);
    await this.#measure?.reap().catch(() => {});
    await this.#measure?.stop();
    for (const folder of [this.#folder, this.#state])
      if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  }
}
