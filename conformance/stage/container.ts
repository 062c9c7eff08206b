// SPDX-License-Identifier: Apache-2.0

/** A container under test: its bundle, and the runtime's commands on it. */

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import * as v from "valibot";
import { equal, holds, Mismatch } from "../expect.ts";
import { type Line, parseLines } from "./answers.ts";
import type { Place } from "./place.ts";
import { changed, type JsonObject } from "./pointer.ts";
import { type Exit, exitWords, type Reaps } from "./reaps.ts";
import { type CallOptions, ending, type Result, type Runtime } from "./runtime.ts";

const stateShape = v.looseObject({
  ociVersion: v.string(),
  id: v.string(),
  status: v.string(),
  pid: v.optional(v.number()),
  bundle: v.string(),
  annotations: v.optional(v.nullable(v.record(v.string(), v.string()))),
});
export type State = v.InferOutput<typeof stateShape>;

/** What `state` printed. */
export function parseState(text: string): State {
  try {
    return v.parse(stateShape, JSON.parse(text));
  } catch (error) {
    const why = error instanceof v.ValiError ? v.summarize(error.issues) : "no JSON";
    throw new Mismatch("what state prints", "a state by the spec", `${why.trim()}: ${text.slice(0, 400)}`);
  }
}

export class Container {
  readonly id: string;
  readonly place: Place;
  readonly runtime: Runtime;
  readonly seconds: number;
  config: JsonObject;
  /** A successful create has happened, and no successful delete after it. */
  exists = false;
  readonly #reaps: Reaps;

  constructor(id: string, place: Place, config: JsonObject, runtime: Runtime, reaps: Reaps, seconds: number) {
    this.id = id;
    this.place = place;
    this.config = config;
    this.runtime = runtime;
    this.seconds = seconds;
    this.#reaps = reaps;
    this.write();
  }

  /** Changes the config and writes it to the bundle. */
  change(...changes: readonly Readonly<Record<string, unknown>>[]): void {
    this.config = changed(this.config, ...changes);
    this.write();
  }

  /** Writes config.json; with `text`, that in its place. */
  write(text: string = JSON.stringify(this.config, undefined, 2)): void {
    writeFileSync(`${this.place.bundle}/config.json`, text);
  }

  /** Standard output of the container's process and of `create`, so far. */
  get output(): string {
    const path = `${this.place.scratch}.out`;
    return existsSync(path) ? readFileSync(path, "utf8") : "";
  }

  get errors(): string {
    const path = `${this.place.scratch}.err`;
    return existsSync(path) ? readFileSync(path, "utf8") : "";
  }

  /** The probe's lines in the output. */
  get lines(): readonly Line[] {
    return parseLines(this.output);
  }

  /** The pid that create wrote to its --pid-file. */
  get pid(): number {
    const text = readFileSync(`${this.place.scratch}.pid`, "utf8");
    holds("the pid file", text, "a number", /^\d+\s*$/.test(text));
    return Number(text);
  }

  // --- commands that may fail

  async tryCreate(flags: readonly string[] = [], options: CallOptions = {}): Promise<Result> {
    const { bundle, scratch } = this.place;
    const files = { stdout: `${scratch}.out`, stderr: `${scratch}.err`, ...options };
    const args = ["create", "--bundle", bundle, "--pid-file", `${scratch}.pid`, ...flags, this.id];
    const result = await this.runtime.call(args, files);
    if (result.code === 0) this.exists = true;
    return result;
  }

  /** `verb ID words…`: start, kill, delete, state and whatever the runtime has besides. */
  async try(verb: string, ...words: readonly string[]): Promise<Result> {
    const result = await this.runtime.call([verb, this.id, ...words]);
    if (verb === "delete" && result.code === 0) this.exists = false;
    return result;
  }

  // --- commands that must succeed

  async create(flags: readonly string[] = [], options: CallOptions = {}): Promise<void> {
    this.#expectSuccess("create", await this.tryCreate(flags, options));
  }

  async start(): Promise<void> {
    this.#expectSuccess("start", await this.try("start"));
  }

  /** By name (KILL) or number. */
  async kill(signal: string | number): Promise<void> {
    this.#expectSuccess(`kill ${signal}`, await this.try("kill", String(signal)));
  }

  async delete(): Promise<void> {
    this.#expectSuccess("delete", await this.try("delete"));
  }

  async state(): Promise<State> {
    const result = await this.try("state");
    this.#expectSuccess("state", result);
    return parseState(result.out);
  }

  #expectSuccess(verb: string, result: Result): void {
    if (result.code !== 0) throw new Mismatch(verb, "success", ending(result));
  }

  /** Waits for the end of the container's process. */
  async ended(): Promise<Exit> {
    const exit = await this.#reaps.wait(this.pid, this.seconds * 1000);
    if (exit) return exit;
    throw new Mismatch("the container's process", `to end within ${this.seconds} s`, "it goes on");
  }

  async expectExit(code: number): Promise<void> {
    const exit = await this.ended();
    equal("the end of the container's process", exitWords(exit), exitWords({ code, signal: null }));
  }

  /** How its process ended, for messages. */
  get end(): string {
    const written = existsSync(`${this.place.scratch}.pid`);
    return `${exitWords(written ? this.#reaps.peek(this.pid) : undefined)}; ${this.errors.trim().slice(0, 400)}`;
  }

  /** Waits until the condition holds; `what` for the message. */
  async until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
    const deadline = Date.now() + this.seconds * 1000;
    for (let pause = 1; !(await condition()); pause = Math.min(pause * 2, 20)) {
      if (Date.now() > deadline) throw new Mismatch(what, `within ${this.seconds} s`, `nothing; ${this.end}`);
      await sleep(pause);
    }
  }

  /** state says stopped: a runtime may see that a little later than our reaper. */
  async stopped(): Promise<void> {
    await this.until("status stopped", async () => (await this.state()).status === "stopped");
  }
}
