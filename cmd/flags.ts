// SPDX-License-Identifier: Apache-2.0

import type { Runtime } from "../lib/container/runtime.ts";
import { RuntsError } from "../lib/errors.ts";
import type { Host } from "../lib/host.ts";

/** Declared once: parsing, help, completion and the man page are all made from it. */
export interface Flag {
  readonly kind: "boolean" | "string" | "number";
  readonly about: string;
  readonly alias?: string;
  /** what the value is called in the help: "FILE" */
  readonly value?: string;
  readonly choices?: readonly string[];
  /** what holds when the flag is missing, for the help */
  readonly otherwise?: string;
  /** what the flag alone stands for; a value is then given as --flag=VALUE only */
  readonly bare?: string;
  /** can be given several times */
  readonly many?: boolean;
  /** accepted for the sake of engines that pass it, but not shown */
  readonly hidden?: boolean;
}

export type Flags<Name extends string = string> = { readonly [name in Name]: Flag };

/** A word of the command line that is not a flag. */
export interface Argument {
  readonly name: string;
  readonly about: string;
  readonly optional?: boolean;
  /** any number of them; only as the last one */
  readonly many?: boolean;
}

/** What was found on the command line. */
export interface Parsed<Name extends string = string> {
  readonly words: readonly string[];
  has(name: Name): boolean;
  /** whether the flag is there at all, be it empty or false */
  given(name: Name): boolean;
  text(name: Name): string | undefined;
  /** each value of a flag that can be given several times */
  texts(name: Name): readonly string[];
  number(name: Name): number | undefined;
}

export interface Call<Name extends string = string> extends Parsed<Name> {
  readonly host: Host;
  readonly runtime: Runtime;
}

export interface Command<Name extends string = string> {
  readonly name: string;
  readonly about: string;
  /** paragraphs of the man page */
  readonly description?: readonly string[];
  readonly arguments: readonly Argument[];
  readonly flags: Flags<Name>;
  /** what follows the first word is not for us, whatever it looks like */
  readonly wordsLast?: boolean;
  /** its failure is worth a report, where somebody wants one */
  readonly reports?: true;
  /** the exit status when it fails, 1 unless given */
  readonly failure?: number;
  /** the exit status for a wrong command line, 1 unless given */
  readonly misuse?: number;
  /** the exit status */
  run(call: Call<Name>): number | Promise<number>;
}

/** Lets a command's own flag names check its own use of them. */
export function command<Name extends string>(declared: Command<Name>): Command {
  return declared;
}

export function usageError(detail: string): RuntsError {
  return new RuntsError("usage", { detail });
}

const help: Flag = { kind: "boolean", alias: "h", about: "show help" };

export const report: Flag = {
  kind: "string",
  value: "DIR",
  about: "when it fails, leave a file in DIR that tells all there is to know of it, secrets masked",
  otherwise: "$RUNTS_REPORT",
};

export const regex: Flag = {
  kind: "boolean",
  alias: "r",
  about: "do it to each container whose name matches, anywhere in it",
};

/** A command's flags with those that are not its own. */
export function flagsOf({ flags, reports }: Command): Flags {
  return { ...flags, ...(reports && { report }), help };
}

/**
 * The flags and words of `args`; a usage error for a flag that is not declared or has no value. Understood are
 * also long names behind one dash (containerd's -no-subreaper), --flag=true, and values that begin with a
 * dash. `leading` stops at the first word: what follows belongs to the command.
 *
 * Not yargs-parser, which reads none of these three without help, and took 0.3 ms of the 1.2 ms of `state`.
 */
export function parse(flags: Flags, args: readonly string[], leading: boolean): Parsed {
  const values: Values = new Map();
  const words: string[] = [];
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? "";
    const isWord = !arg.startsWith("-") || arg === "-";
    if (arg === "--" || (leading && isWord)) {
      words.push(...args.slice(arg === "--" ? at + 1 : at));
      break;
    }
    if (isWord) {
      words.push(arg);
      continue;
    }
    const equals = arg.indexOf("=");
    const given = equals < 0 ? arg : arg.slice(0, equals);
    const name = longName(flags, given);
    if (name === undefined) throw usageError(`no such flag: ${given}`);
    const value = equals < 0 ? flags[name]?.bare : arg.slice(equals + 1);
    if (flags[name]?.kind === "boolean") setBoolean(values, name, value);
    else if (value !== undefined) add(values, name, value);
    else if (at + 1 < args.length) add(values, name, args[++at] ?? "");
    else throw usageError(`flag needs an argument: --${name}`);
  }
  return reader(flags, words, values);
}

/** As they were given, in order. */
type Values = Map<string, (string | boolean)[]>;

function add(values: Values, name: string, value: string): void {
  const before = values.get(name);
  if (before) before.push(value);
  else values.set(name, [value]);
}

function setBoolean(values: Values, name: string, value = "true"): void {
  if (value === "true" || value === "false") values.set(name, [value === "true"]);
  else throw usageError(`--${name}: expected true or false, found "${value}"`);
}

/** The declared name behind "--name", "-name" or "-n". */
function longName(flags: Flags, arg: string): string | undefined {
  const name = arg.slice(arg.startsWith("--") ? 2 : 1);
  if (Object.hasOwn(flags, name)) return name;
  return name.length === 1 ? Object.keys(flags).find((long) => flags[long]?.alias === name) : undefined;
}

function reader(flags: Flags, words: readonly string[], values: Values): Parsed {
  const text = (name: string): string | undefined => {
    const value = values.get(name)?.at(-1);
    if (value === undefined || value === "") return undefined;
    const found = String(value);
    const choices = flags[name]?.choices;
    if (choices !== undefined && !choices.includes(found))
      throw usageError(`--${name}: expected ${choices.join(", ")}; found "${found}"`);
    return found;
  };
  const number = (name: string): number | undefined => {
    const found = text(name);
    if (found === undefined) return undefined;
    const value = /^\d{1,9}$/.test(found) ? Number(found) : Number.NaN;
    if (Number.isNaN(value)) throw usageError(`--${name}: expected a number, found "${found}"`);
    return value;
  };
  return {
    words,
    has: (name) => values.get(name)?.at(-1) === true,
    given: (name) => values.has(name),
    text,
    texts: (name) => (values.get(name) ?? []).map(String),
    number,
  };
}

/** A usage error unless there are as many words as the command takes. */
export function checkWords(taker: Command, words: readonly string[]): void {
  const needed = taker.arguments.filter((argument) => argument.optional !== true).length;
  const limit = taker.arguments.some((argument) => argument.many) ? words.length : taker.arguments.length;
  if (words.length >= needed && words.length <= limit) return;
  const wanted = taker.arguments.map((argument) =>
    argument.optional ? `[${argument.name}]` : argument.name,
  );
  throw usageError(
    `${taker.name} takes ${wanted.length === 0 ? "no arguments" : wanted.join(" ")}; found ${words.length} argument${words.length === 1 ? "" : "s"}`,
  );
}
