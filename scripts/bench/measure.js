// SPDX-License-Identifier: Apache-2.0

/** Drives build/bench/measure, the small parent of every measured command (native/bench/measure.c). */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";

/** What measured commands see of the environment: the same for all, and no more than they need. */
const ENVIRONMENT = { PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" };

const HEADER_DIGITS = 8;

export class Measure {
  #process;
  #lines;
  #log;
  /** "raised" or "pretended": how RLIMIT_MEMLOCK was kept from failing */
  memlock = "";

  static async start(program, log) {
    const measure = new Measure();
    measure.#log = log;
    measure.#process = spawn(program, ["serve", log], {
      env: ENVIRONMENT,
      stdio: ["pipe", "pipe", "inherit"],
    });
    measure.#lines = createInterface({ input: measure.#process.stdout })[Symbol.asyncIterator]();
    const [word, memlock] = (await measure.#line()).split(" ");
    if (word !== "ready") throw new Error(`measure did not start: ${word}`);
    measure.memlock = memlock;
    return measure;
  }

  async #line() {
    const { value, done } = await this.#lines.next();
    if (done) throw new Error("measure ended");
    return value;
  }

  async #request(...strings) {
    const body = Buffer.from(`${strings.join("\0")}\0`);
    this.#process.stdin.write(
      Buffer.concat([Buffer.from(String(body.length).padStart(HEADER_DIGITS, "0")), body]),
    );
    const line = await this.#line();
    if (!line.startsWith("ok ")) throw new Error(line.replace(/^error /, ""));
    const [wallNs, userUs, systemUs, peakKib, status] = line.split(" ").slice(1).map(Number);
    return { ms: wallNs / 1e6, userMs: userUs / 1e3, systemMs: systemUs / 1e3, peakKib, status };
  }

  /** Runs a command whose output nobody reads, and returns its sample. */
  run(argv) {
    return this.#request("run", ...argv);
  }

  /** Runs a command and returns its sample with what it wrote. */
  async capture(argv) {
    const sample = await this.#request("capture", ...argv);
    return { ...sample, output: this.output() };
  }

  /** What the last command wrote to stderr. */
  output() {
    return readFileSync(this.#log, "utf8").trim();
  }

  /** Waits until the processes of all containers are gone. */
  async reap(limitMs = 5000) {
    await this.#request("reap", String(limitMs));
  }

  async stop() {
    const exited = once(this.#process, "exit");
    this.#process.stdin.end();
    await exited;
  }
}
