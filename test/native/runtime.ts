// SPDX-License-Identifier: Apache-2.0

/** Calls the runtime, as an engine does: a program with arguments, files as its standard streams. */

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import {
  closeSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  writeFileSync,
} from "node:fs";
import { resolve } from "node:path";
import * as assert from "uvu/assert";
import { type Change, combine, makeBundle, shell } from "./bundle.ts";
import { markVariable, newId, newPath } from "./scratch.ts";
import { waitFor } from "./wait.ts";

/** One of the two programs that run the same TypeScript. */
export interface Host {
  readonly name: string;
  readonly command: readonly string[];
}

const executable: Host = { name: "runts", command: [resolve(process.env.RUNTS ?? "build/runts")] };
const nodeProgram = resolve("build/node/runts.js");

/** RUNTS names another executable to test; then only that one is. */
export const hosts: readonly Host[] =
  process.env.RUNTS === undefined && existsSync(nodeProgram)
    ? [executable, { name: "node", command: [process.execPath, nodeProgram] }]
    : [executable];

/** Why a test of both hosts tests only one; undefined when it does not. */
export const missingHost: string | undefined =
  hosts.length > 1
    ? undefined
    : process.env.RUNTS === undefined
      ? "build/node/runts.js is not built"
      : "RUNTS names one executable";

export interface Result {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

export interface CallOptions {
  readonly stdin?: string;
  /** in place of the test's own */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** how long the call may take */
  readonly seconds?: number;
  /** before the runtime's own command line: `setpriv …` */
  readonly through?: readonly string[];
}

const environment = { PATH: process.env.PATH ?? "", RUNTS_TEST: markVariable.slice("RUNTS_TEST=".length) };
const seconds = 30;

export interface Launched {
  readonly child: ChildProcess;
  readonly ended: Promise<Result>;
  readonly out: () => string;
}

/** Waits until a launched process has this file open. */
export function hasOpened({ child }: Launched, file: string): boolean {
  const folder = `/proc/${child.pid}/fd`;
  return waitFor(
    () =>
      readdirSync(folder).some((fd) => {
        try {
          return readlinkSync(`${folder}/${fd}`) === file;
        } catch {
          return false; // closed meanwhile
        }
      }),
    20_000,
  );
}

export class Runtime {
  readonly host: Host;
  readonly root: string;

  constructor(host: Host = executable, root: string = newPath("root")) {
    this.host = host;
    this.root = root;
  }

  #words(args: readonly string[], { through = [] }: CallOptions): readonly [string, ...string[]] {
    const [program = "", ...words] = [...through, ...this.host.command, "--root", this.root, ...args];
    return [program, ...words];
  }

  #files(stdin: string | undefined) {
    // files, not pipes: a created container keeps its standard streams open for longer than create runs
    const paths = { in: newPath("in"), out: newPath("out"), err: newPath("err") };
    if (stdin !== undefined) writeFileSync(paths.in, stdin);
    const fds = [
      openSync(stdin === undefined ? "/dev/null" : paths.in, "r"),
      openSync(paths.out, "a"),
      openSync(paths.err, "a"),
    ];
    return { paths, fds };
  }

  call(args: readonly string[], options: CallOptions = {}): Result {
    const { paths, fds } = this.#files(options.stdin);
    const [program, ...words] = this.#words(args, options);
    const { status, signal, error } = spawnSync(program, words, {
      stdio: fds,
      env: options.env ?? environment,
      cwd: options.cwd,
      timeout: (options.seconds ?? seconds) * 1000,
      killSignal: "SIGKILL",
    });
    fds.forEach(closeSync);
    if (error) throw error;
    return { status, signal, out: readFileSync(paths.out, "utf8"), err: readFileSync(paths.err, "utf8") };
  }

  /** Without waiting for its end. */
  launch(args: readonly string[], options: CallOptions = {}): Launched {
    const { paths, fds } = this.#files(options.stdin);
    const [program, ...words] = this.#words(args, options);
    const child = spawn(program, words, { stdio: fds, env: options.env ?? environment });
    fds.forEach(closeSync);
    const out = () => readFileSync(paths.out, "utf8");
    const ended = new Promise<Result>((done, failed) => {
      child.on("error", failed);
      child.on("exit", (status, signal) =>
        done({ status, signal, out: out(), err: readFileSync(paths.err, "utf8") }),
      );
    });
    return { child, ended, out };
  }

  /** Expects success and silence on standard error; what was written to standard output. */
  ok(...args: readonly string[]): string {
    const { status, signal, out, err } = this.call(args);
    assert.equal({ status, signal, err }, { status: 0, signal: null, err: "" }, args.join(" "));
    return out;
  }

  /** Expects exit status 1, and what is said about it. */
  fails(...args: readonly string[]): string {
    const { status, out, err } = this.call(args);
    assert.equal({ status, out }, { status: 1, out: "" }, `${args.join(" ")}: ${err}`);
    return err;
  }

  state(id: string): { readonly status: string; readonly pid: number; readonly [name: string]: unknown } {
    return JSON.parse(this.ok("state", id));
  }

  /** A container that is created; its id. */
  create(change?: Change, ...flags: readonly string[]): string {
    const id = newId();
    this.ok("create", "--bundle", makeBundle(change), ...flags, id);
    return id;
  }

  /** Runs a container to its end. */
  run(change: Change, options: CallOptions = {}, ...flags: readonly string[]): Result {
    return this.call(["run", "--bundle", makeBundle(change), ...flags, newId()], options);
  }

  /** What a line of shell prints in a container, which must succeed. */
  inside(script: string, ...changes: readonly Change[]): string {
    const { status, out, err } = this.run(combine(shell(script), ...changes));
    assert.equal({ status, err }, { status: 0, err: "" }, `${script}: ${out}`);
    return out.trimEnd();
  }

  /** Runs a container that must not come to be; what is said about it. */
  refuses(...changes: readonly Change[]): string {
    const { status, out, err } = this.run(combine(...changes));
    assert.equal({ status, out }, { status: 1, out: "" }, err);
    return err;
  }
}
