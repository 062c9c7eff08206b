// SPDX-License-Identifier: Apache-2.0

/** Calls the runtime under test, as an engine does. */

import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { performance } from "node:perf_hooks";

export interface Result {
  /** null when a signal ended it, or time did */
  readonly code: number | null;
  readonly signal: string | null;
  readonly timedOut: boolean;
  readonly out: string;
  readonly err: string;
  /** the whole command line */
  readonly command: string;
  readonly milliseconds: number;
}

export interface CallOptions {
  /** Files for its three streams; a container that it creates keeps them. */
  readonly stdin?: string;
  readonly stdout?: string;
  readonly stderr?: string;
  /** Files that it finds open, too, as 3, 4 … */
  readonly descriptors?: readonly string[];
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
}

const plain = /^[\w@%+=:,./-]+$/;
export const quoted = (word: string): string =>
  plain.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;

export class Runtime {
  readonly command: string;
  /** Where it keeps its state: --root. */
  readonly root: string;
  readonly #folder: string;
  readonly #seconds: number;
  readonly #env: Readonly<Record<string, string | undefined>>;
  /** What was run, for reports. */
  readonly history: Result[] = [];

  /** `folder` is for the files of its streams, and its XDG_RUNTIME_DIR. */
  constructor(command: string, folder: string, seconds: number) {
    this.command = command;
    this.root = `${folder}/root`;
    this.#folder = folder;
    this.#seconds = seconds;
    // What a service manager or an engine above us meant for us is not for containers.
    const { NOTIFY_SOCKET: _n, LISTEN_FDS: _f, LISTEN_PID: _p, LISTEN_FDNAMES: _s, ...env } = process.env;
    this.#env = { ...env, XDG_RUNTIME_DIR: folder };
  }

  /** With --root before the arguments. */
  call(args: readonly string[], options: CallOptions = {}): Promise<Result> {
    return this.plainCall(["--root", this.root, ...args], options);
  }

  /** Never rejects: a program that cannot be started is exit code 127 with the reason. */
  plainCall(args: readonly string[], options: CallOptions = {}): Promise<Result> {
    const name = `${this.#folder}/call-${this.history.length}`;
    const paths = { out: options.stdout ?? `${name}.out`, err: options.stderr ?? `${name}.err` };
    const streams = [
      openSync(options.stdin ?? "/dev/null", "r"),
      openSync(paths.out, "a"),
      openSync(paths.err, "a"),
    ];
    const fds = [...streams, ...(options.descriptors ?? []).map((path) => openSync(path, "r"))];
    const start = performance.now();
    const child = spawn(this.command, args, {
      stdio: fds,
      env: options.env ?? this.#env,
      cwd: options.cwd ?? this.#folder,
    });
    fds.forEach(closeSync);
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      child.kill("SIGKILL");
    }, this.#seconds * 1000);

    return new Promise((resolve) => {
      const done = (code: number | null, signal: string | null, trouble = "") => {
        clearTimeout(timer);
        const result: Result = {
          code,
          signal,
          timedOut,
          out: readFileSync(paths.out, "utf8"),
          err: readFileSync(paths.err, "utf8") + trouble,
          command: [this.command, ...args].map(quoted).join(" "),
          milliseconds: performance.now() - start,
        };
        this.history.push(result);
        resolve(result);
      };
      child.on("error", (error) => done(127, null, `${error.message}\n`));
      child.on("exit", (code, signal) => done(code, signal));
    });
  }
}

/** How a call ended and what it said, in one line for a report. */
export function ending({ code, signal, timedOut, err, out }: Result): string {
  const how = timedOut ? "no end within the time limit" : signal ? `ended by ${signal}` : `exit code ${code}`;
  const said = (err.trim() || out.trim()).replaceAll(/\s+/g, " ");
  return said === "" ? how : `${how}: ${said.length > 400 ? `${said.slice(0, 400)}…` : said}`;
}
