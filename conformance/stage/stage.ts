// SPDX-License-Identifier: Apache-2.0

/** What a case has to do with: its container (more when it asks for them), the host's tools, and the end of it all. */

import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync } from "node:fs";
import type { Answers, Change, Property, Questions } from "../case.ts";
import { holds } from "../expect.ts";
import { allAnswered, collectAnswers } from "./answers.ts";
import { baseConfig } from "./base.ts";
import { Container } from "./container.ts";
import type { Host } from "./host.ts";
import { leaksOf, type Mounts, mountsNow, sweep, type Traces } from "./leaks.ts";
import { makePlace, type Place } from "./place.ts";
import { changed, type JsonObject } from "./pointer.ts";
import type { Reaps } from "./reaps.ts";
import { ending, Runtime } from "./runtime.ts";

/** What all cases of a worker share. */
export interface Setting {
  readonly command: string;
  readonly host: Host;
  readonly reaps: Reaps;
  readonly probe: string;
  readonly warden: string;
  /** the cgroup in which cases put theirs: /name */
  readonly cgroup: string;
  /** limit of one command, and of a container's life */
  readonly seconds: number;
}

export class Stage {
  readonly host: Host;
  readonly runtime: Runtime;
  readonly container: Container;
  readonly #setting: Setting;
  readonly #folder: string;
  readonly #name: string;
  readonly #containers: Container[] = [];
  readonly #helpers: ChildProcess[] = [];
  readonly #before: Mounts;
  #mountsWithPrepared: Mounts;

  /** `folder` is the case's own, `name` is unique in its worker and good for ids. */
  constructor(setting: Setting, folder: string, name: string, made: Pick<Property, "prepare" | "change">) {
    this.#setting = setting;
    this.#folder = folder;
    // Two suites may run at a time, and see each other's cgroups: ids are their own only with the worker's name.
    this.#name = `${setting.cgroup.slice(1)}-${name}`;
    this.#before = mountsNow();
    this.#mountsWithPrepared = this.#before;
    this.host = setting.host;
    mkdirSync(folder, { recursive: true });
    this.runtime = new Runtime(setting.command, folder, setting.seconds);
    const { prepare, change = {} } = made;
    this.container = this.another(change, prepare);
    this.#mountsWithPrepared = mountsNow();
  }

  get place(): Place {
    return this.container.place;
  }

  /** One more container, with a bundle of its own, made from the base config and the change. */
  another(change: Change | ((place: Place) => Change) = {}, prepare?: (place: Place) => void): Container {
    const id = `${this.#name}-${this.#containers.length + 1}`;
    const { cgroup } = this.#setting;
    const place = makePlace(
      `${this.#folder}/${this.#containers.length + 1}`,
      `${cgroup}/${id}`,
      this.#setting,
    );
    prepare?.(place);
    const config = changed(baseConfig(place, []), typeof change === "function" ? change(place) : change);
    const { runtime, reaps, seconds } = { runtime: this.runtime, ...this.#setting };
    const container = new Container(id, place, config, runtime, reaps, seconds);
    this.#containers.push(container);
    return container;
  }

  // --- stories

  /** The container's program becomes the probe with these questions, before `create`. */
  ask(asked: Questions, container: Container = this.container): void {
    const path = (args: unknown) => (Array.isArray(args) && typeof args[0] === "string" ? args[0] : "/probe");
    const process = container.config.process;
    if (typeof process !== "object" || process === null) throw new Error("the case has no process to ask");
    const args = (process as JsonObject).args;
    const words = Object.values(asked).map(({ ask }) => ask);
    container.change({ "/process/args": [path(args), ...words] });
  }

  /** create, start, wait for the probe's end, delete; its answers. */
  async observe<const Asked extends Questions>(
    asked: Asked,
    container: Container = this.container,
  ): Promise<Answers<Asked>> {
    this.ask(asked, container);
    await container.create();
    await container.start();
    await container.ended();
    const answers = collectAnswers(asked, container.lines, container.end);
    await container.delete();
    return answers;
  }

  /** create and start; the answers as soon as they are all there. The probe then waits (see `pause`). */
  async begin<const Asked extends Questions>(
    asked: Asked,
    container: Container = this.container,
  ): Promise<Answers<Asked>> {
    this.ask(asked, container);
    const args = (container.config.process as JsonObject).args;
    container.change({ "/process/args": [...(args as string[]), "pause"] });
    await container.create();
    await container.start();
    return this.answers(asked, container);
  }

  /** Waits for the answers of a container that has been started. */
  async answers<const Asked extends Questions>(
    asked: Asked,
    container: Container = this.container,
  ): Promise<Answers<Asked>> {
    const answered = () => allAnswered(asked, container.lines);
    await container.until("the probe's answers", () => answered() || this.#reapedBefore(container));
    return collectAnswers(asked, container.lines, container.end);
  }

  #reapedBefore(container: Container): boolean {
    return (
      existsSync(`${container.place.scratch}.pid`) && this.#setting.reaps.peek(container.pid) !== undefined
    );
  }

  /** `create` (or `start`, or whichever of them the runtime leaves it to) fails, says why, and leaves nothing behind. */
  async expectRefusal(at: "create" | "start" | "either", flags: readonly string[] = []): Promise<void> {
    const { container } = this;
    if (at === "start") await container.create(flags);
    const created = at === "start" ? undefined : await container.tryCreate(flags);
    const late = created === undefined || (at === "either" && created.code === 0);
    const result = late ? await container.try("start") : created;
    const verb = late ? "start" : "create";
    const refused = result.code !== 0 && result.signal === null && !result.timedOut;
    holds(verb, ending(result), "an error (exit code other than 0)", refused);
    holds(`what ${verb} says`, result.err, "a message", result.err.trim() !== "");
    if (!late) {
      const state = await container.try("state");
      holds("state after the refused create", ending(state), "an error: no such container", state.code !== 0);
    }
  }

  /** Starts a program of the host beside the case; it is ended with it. Its output goes to the file returned. */
  helper(
    program: string,
    ...args: readonly string[]
  ): { readonly child: ChildProcess; readonly output: () => string } {
    const path = `${this.#folder}/helper-${this.#helpers.length}.out`;
    const fd = openSync(path, "a");
    const child = spawn(program, args, { stdio: ["ignore", fd, fd], cwd: this.#folder });
    closeSync(fd);
    child.on("error", () => {}); // its output then lacks what the case waits for
    this.#helpers.push(child);
    return { child, output: () => readFileSync(path, "utf8") };
  }

  // --- the end

  #traces(mounts: Mounts): Traces {
    return {
      mounts,
      known: new Set(this.#helpers.flatMap(({ pid }) => pid ?? [])),
      ids: this.#containers.map(({ id }) => id),
      cgroups: this.#containers.map(({ place }) => place.cgroupFolder),
      root: this.runtime.root,
    };
  }

  /** Mounts that the case made itself (in prepare or later) are not leaks. */
  ownMounts(): void {
    this.#mountsWithPrepared = mountsNow();
  }

  /** Ends and deletes what the case left running, as an engine would. */
  async finish(): Promise<void> {
    for (const container of this.#containers.toReversed()) {
      if (!container.exists) continue;
      const { status } = await container.state();
      // It may end between the two, and then kill is an error; what matters is that it ends.
      if (status !== "stopped") await container.try("kill", "KILL");
      // runc 1.1 says stopped a little before the cgroup can be removed, and delete does not wait for that.
      await container.ended();
      await container.stopped();
      await container.delete();
    }
  }

  /** What is left when everything should be gone. */
  leaks(): Promise<readonly string[]> {
    return leaksOf(this.#traces(this.#mountsWithPrepared), Math.max(500, this.#setting.seconds * 50));
  }

  /** Makes the worker's namespaces as they were, by force. */
  async clear(): Promise<void> {
    for (const container of this.#containers) {
      if (container.exists) await container.try("delete", "--force");
    }
    for (const child of this.#helpers) child.kill("SIGKILL");
    await sweep({ ...this.#traces(this.#before), known: new Set() });
  }
}
