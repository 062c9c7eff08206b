// SPDX-License-Identifier: Apache-2.0

// Help and completion by yargs, which takes longer to load than most commands take to run: only imported
// when somebody asks for it.

import type { Argv, Options } from "yargs";
import Yargs from "yargs/browser";
import { loadShownCommands } from "./commands.ts";
import type { Argument, Command, Flag, Flags } from "./flags.ts";
import { flagsOf } from "./flags.ts";
import { globalFlags } from "./globals.ts";

const width = 100;

function fresh(): Argv {
  const made: Argv = Yargs([]);
  return made.scriptName("runts").wrap(width).help(false).version(false).exitProcess(false);
}

export function commandLine(command: Command): string {
  const flags = Object.values(command.flags).some((flag) => !flag.hidden) ? " [flags]" : "";
  return `${command.name}${flags}${command.arguments.map(placeholder).join("")}`;
}

function placeholder({ name, optional, many }: Argument): string {
  const inner = many ? `${name}..` : name;
  return optional ? ` [${inner}]` : ` <${inner}>`;
}

function shownValue({ value, bare }: Flag): string {
  return bare === undefined ? `${value}` : `[=${value}]`;
}

function addFlags(to: Argv, flags: Flags): Argv {
  let made = to;
  for (const [name, flag] of Object.entries(flags)) {
    if (flag.hidden) continue;
    const option: Options = {
      type: flag.kind,
      describe: flag.value === undefined ? flag.about : `${shownValue(flag)}: ${flag.about}`,
      ...(flag.alias === undefined ? {} : { alias: flag.alias }),
      ...(flag.choices === undefined ? {} : { choices: flag.choices }),
      ...(flag.otherwise === undefined ? {} : { defaultDescription: flag.otherwise }),
    };
    made = made.option(name, option);
  }
  return made;
}

/** The help of one command, or of the whole program. */
export async function usage(command: Command | undefined): Promise<string> {
  const text = command === undefined ? await programUsage() : await commandUsage(command);
  return `${text}\n`;
}

async function commandUsage(command: Command): Promise<string> {
  let made = fresh().usage(`runts ${commandLine(command)}\n\n${command.about}`);
  for (const { name, about } of command.arguments)
    made = made.positional(name, { describe: about, type: "string" });
  return addFlags(made, flagsOf(command)).getHelp();
}

async function programUsage(): Promise<string> {
  return (await program())
    .usage("runts [global flags] <command>\n\nAn OCI container runtime.")
    .epilogue("runts <command> --help tells more about a command.")
    .getHelp();
}

async function program(): Promise<Argv> {
  let made = fresh();
  for (const command of await loadShownCommands())
    made = made.command(
      `${command.name}${command.arguments.map(placeholder).join("")}`,
      command.about,
      (inner: Argv) => addFlags(inner, flagsOf(command)),
    );
  return addFlags(made, globalFlags);
}

/** yargs offers --f beside -f. */
function isSpelled(word: string): boolean {
  return !/^--.$/.test(word);
}

/** What could come next on a command line. */
export async function completions(words: readonly string[]): Promise<readonly string[]> {
  const called = words.slice(0, -1).find((word) => !word.startsWith("-"));
  const current = words.at(-1) ?? "";
  const commands = await loadShownCommands();
  const command = commands.find(({ name }) => name === called);
  const made = command === undefined ? await program() : addFlags(fresh(), flagsOf(command));
  return new Promise((resolve, reject) => {
    made.getCompletion(["runts", current], (error, found) =>
      error ? reject(error) : resolve(found.filter(isSpelled)),
    );
  });
}
