// SPDX-License-Identifier: Apache-2.0

import { version } from "../package.json";
import { loadShownCommands } from "./commands.ts";
import { type Argument, type Command, command, type Flag, type Flags, flagsOf } from "./flags.ts";
import { globalFlags } from "./globals.ts";

export default command({
  name: "man",
  about: "print the manual page, for man(1)",
  arguments: [],
  flags: {},
  async run({ host }) {
    host.write(1, manualPage(await loadShownCommands()));
    return 0;
  },
});

/** In the macros of man(7). */
export function manualPage(commands: readonly Command[]): string {
  return [
    `.TH RUNTS 8 "" "runts ${version}"`,
    ".SH NAME",
    "runts \\- an OCI container runtime",
    ".SH SYNOPSIS",
    ".B runts",
    "[global flags] command [flags] [arguments]",
    ".SH DESCRIPTION",
    text(
      "runts makes containers from bundles as the runtime specification of the Open Container Initiative describes them. Container engines call it; a person can, too.",
    ),
    ".SH GLOBAL FLAGS",
    ...flagLines(globalFlags),
    ".SH COMMANDS",
    ...commands.flatMap(commandLines),
    ".SH EXIT STATUS",
    text(
      "0, or 1 after an error. A run that waits exits with the status of the container's process, or 128 and the number of the signal that ended it; so does an exec, which exits with 255 after an error.",
    ),
    "",
  ].join("\n");
}

function commandLines(one: Command): string[] {
  const synopsis = one.arguments.map(argumentName).join(" ");
  return [
    `.SS ${text(`${one.name} ${synopsis}`.trim())}`,
    text(`${one.about.charAt(0).toUpperCase()}${one.about.slice(1)}.`),
    ...(one.description ?? []).flatMap((paragraph) => [".PP", text(paragraph)]),
    ...one.arguments.flatMap(({ name, about }) => [".TP", `.I ${text(name)}`, text(about)]),
    ...flagLines(flagsOf(one)),
  ];
}

function argumentName({ name, optional }: Argument): string {
  return optional ? `[${name}]` : name;
}

function flagLines(flags: Flags): string[] {
  return Object.entries(flags)
    .filter(([, flag]) => !flag.hidden)
    .flatMap(([name, flag]) => [".TP", flagName(name, flag), text(flagAbout(flag))]);
}

function flagName(name: string, flag: Flag): string {
  const short = flag.alias === undefined ? "" : `\\fB${text(`-${flag.alias}`)}\\fR, `;
  return `${short}\\fB${text(`--${name}`)}\\fR${flagValue(flag)}`;
}

function flagValue({ value, bare }: Flag): string {
  if (value === undefined) return "";
  const shown = `\\fI${text(value)}\\fR`;
  return bare === undefined ? ` ${shown}` : `[=${shown}]`;
}

function flagAbout(flag: Flag): string {
  const choices = flag.choices === undefined ? "" : `: ${flag.choices.join(", ")}`;
  const otherwise = flag.otherwise === undefined ? "" : ` (${flag.otherwise} when missing)`;
  return `${flag.about}${choices}${otherwise}`;
}

/** Nothing in it is taken for troff: no escape, no request at the start of a line. */
function text(plain: string): string {
  const escaped = plain.replace(/\\/g, "\\e").replace(/-/g, "\\-");
  return /^[.']/.test(escaped) ? `\\&${escaped}` : escaped;
}
