// SPDX-License-Identifier: Apache-2.0

/** A command line that the suite gave to a mutant, and the real runtime behind it. */

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { constants } from "node:os";
import { dirname } from "node:path";

/** Flags of the commands that the suite uses whose value is the next word. */
const withValue = ["--root", "--bundle", "--pid-file", "--console-socket", "--preserve-fds", "--log"];

function parse(words: readonly string[]): { flags: ReadonlyMap<string, string>; plain: readonly string[] } {
  const flags = new Map<string, string>();
  const plain: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? "";
    if (!word.startsWith("-")) plain.push(word);
    else if (withValue.includes(word)) flags.set(word, words[++at] ?? "");
    else {
      const [name = "", ...value] = word.split("=");
      flags.set(name, value.join("="));
    }
  }
  return { flags, plain };
}

export interface Caught {
  readonly code: number;
  readonly out: string;
}

/** Those properties of a state that faults look at. */
export interface StateSeen {
  readonly status: string;
  readonly pid: number;
}

/** How a call of the real runtime differs from the one that the suite made. */
export interface Ways {
  readonly words?: readonly string[];
  /** descriptor of its standard output */
  readonly output?: number;
  /** descriptors that it finds behind the first three */
  readonly more?: readonly number[];
}

export class Call {
  readonly words: readonly string[];
  readonly flags: ReadonlyMap<string, string>;
  /** The empty text for --version and the like. */
  readonly verb: string;
  readonly id: string;
  /** What follows the ID: the signal of kill. */
  readonly rest: readonly string[];
  readonly bundle: string;
  readonly runtime: string;
  readonly #root: string;

  constructor(runtime: string, words: readonly string[]) {
    const { flags, plain } = parse(words);
    const [verb = "", id = "", ...rest] = plain;
    this.words = words;
    this.flags = flags;
    this.verb = verb;
    this.id = id;
    this.rest = rest;
    this.bundle = flags.get("--bundle") ?? ".";
    this.runtime = runtime;
    this.#root = flags.get("--root") ?? "";
  }

  /** The real runtime, with our own three streams unless told otherwise; its exit code. */
  real({ words = this.words, output = 1, more = [] }: Ways = {}): number {
    const { status, signal } = spawnSync(this.runtime, words, { stdio: [0, output, 2, ...more] });
    return status ?? 128 + (signal ? constants.signals[signal] : 0);
  }

  /** Another command on the same --root. */
  other(...words: readonly string[]): number {
    return this.real({ words: ["--root", this.#root, ...words] });
  }

  /** The same with its output caught, for commands that leave no process behind. */
  catch(words: readonly string[] = this.words): Caught {
    const { status, stdout } = spawnSync(this.runtime, words, {
      stdio: ["ignore", "pipe", "ignore"],
      encoding: "utf8",
    });
    return { code: status ?? 128, out: stdout };
  }

  /** What `state` says of a container; undefined when the runtime does not have it. */
  state(id: string = this.id): StateSeen | undefined {
    const { code, out } = this.catch(["--root", this.#root, "state", id]);
    return code === 0 ? JSON.parse(out) : undefined;
  }

  /** Carries something from one command to the next, in the folder of the case. */
  note(name: string, text: string): void {
    const path = this.#notePath(name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }

  noted(name: string): string | undefined {
    const path = this.#notePath(name);
    return existsSync(path) ? readFileSync(path, "utf8") : undefined;
  }

  #notePath(name: string): string {
    return `${this.#root}-notes/${encodeURIComponent(this.id)}.${name}`;
  }
}
