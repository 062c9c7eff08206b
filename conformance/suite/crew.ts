// SPDX-License-Identifier: Apache-2.0

/** The suite's side of a worker: starts it below the warden, hands it cases, and outlives whatever happens to it. */

import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import type { Readable } from "node:stream";
import * as v from "valibot";
import { lineReader, type Order, type WorkOrder } from "./messages.ts";
import { preflightResult } from "./preflight.ts";
import { caseResult } from "./result.ts";

const hostFacts = v.looseObject({
  root: v.boolean(),
  kernel: v.string(),
  architecture: v.string(),
  controllers: v.array(v.string()),
  modules: v.array(v.string()),
});
export type HostFacts = v.InferOutput<typeof hostFacts>;

const report = v.object({
  host: v.optional(hostFacts),
  preflight: v.optional(preflightResult),
  result: v.optional(caseResult),
});
export type Answer = Pick<v.InferOutput<typeof report>, "preflight" | "result">;

/** The worker ended without an answer; `message` has its last words. */
export class WorkerLost extends Error {}

export class Worker {
  host: HostFacts | undefined;
  readonly #order: WorkOrder;
  readonly #start: readonly [string, ...string[]];
  #child: ChildProcess | undefined;
  #answer: ((answer: Answer) => void) | undefined;
  #lost: ((error: Error) => void) | undefined;
  #words = "";
  /** It ended without tidying up. */
  #unclean = false;

  /** `start` is the command line that becomes a worker, the order as JSON behind it. */
  constructor(start: readonly [string, ...string[]], order: WorkOrder) {
    this.#start = start;
    this.#order = order;
  }

  #launch(): ChildProcess {
    mkdirSync(this.#order.folder, { recursive: true });
    const [program, ...words] = this.#start;
    this.#words = "";
    // 4 is where the warden tells of orphans; 3 is for nobody, so that it is not something else by chance.
    const child = spawn(program, [...words, JSON.stringify(this.#order)], {
      stdio: ["pipe", "pipe", "pipe", "ignore", "pipe"],
    });
    const fail = (why: string) => {
      if (this.#child === child) {
        this.#child = undefined;
        this.#unclean = true;
      }
      this.#lost?.(new WorkerLost(`${why}${this.#words === "" ? "" : `: ${this.#words.trim()}`}`));
    };
    child.on("error", (error) => fail(error.message));
    child.on("close", (code, signal) => fail(`the worker ended (${signal ?? `exit code ${code}`})`));
    child.stdin?.on("error", () => {}); // told of by close
    const read = (stream: Readable | null, onLine: (line: string) => void) =>
      stream?.setEncoding("utf8").on("data", lineReader(onLine));
    read(child.stdout, (line) => this.#hear(line));
    read(child.stderr, (line) => {
      this.#words = `${this.#words}${line}\n`.slice(-4000);
    });
    const told = child.stdio[4];
    if (told && "setEncoding" in told) read(told, (line) => this.#send({ do: "reaped", line }, child));
    return child;
  }

  #hear(line: string): void {
    const { host, ...answer } = v.parse(report, JSON.parse(line));
    if (host) this.host = host;
    else this.#answer?.(answer);
  }

  #send(order: Order, child: ChildProcess): void {
    child.stdin?.write(`${JSON.stringify(order)}\n`);
  }

  /** Has one case judged; rejects with WorkerLost, also when there is no answer within the time. */
  ask(name: string, seconds: number): Promise<Answer> {
    this.#child ??= this.#launch();
    const child = this.#child;
    return new Promise<Answer>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.kill();
        reject(new WorkerLost(`no answer within ${seconds} s`));
      }, seconds * 1000);
      const settle =
        <T>(finish: (value: T) => void) =>
        (value: T) => {
          clearTimeout(timer);
          this.#answer = undefined;
          this.#lost = undefined;
          finish(value);
        };
      this.#answer = settle(resolve);
      this.#lost = settle(reject);
      this.#send({ do: "judge", name }, child);
    });
  }

  /** Ends it with everything in its namespaces. */
  kill(): void {
    this.#unclean ||= this.#child !== undefined;
    this.#child?.kill("SIGKILL");
    this.#child = undefined;
  }

  /** Lets it tidy up and end. */
  async close(): Promise<void> {
    // Only from within a worker's namespaces can the cgroup of one that was lost be found: another takes its place.
    const child = this.#child ?? (this.#unclean ? this.#launch() : undefined);
    if (!child) return;
    this.#child = undefined;
    const closed = new Promise((resolve) => child.on("close", resolve));
    child.stdin?.end();
    const timer = setTimeout(() => child.kill("SIGKILL"), 20_000);
    await closed;
    clearTimeout(timer);
    rmSync(this.#order.folder, { recursive: true, force: true });
  }
}
