// SPDX-License-Identifier: Apache-2.0

import type { Config, Process } from "../../config/types.ts";
import type { Advice } from "../finding.ts";

/** A command line where the spec wants its words. */
export function isCommandLine({ args = [] }: Process): boolean {
  return args.length === 1 && /\S\s+\S/.test(args[0] ?? "");
}

function argsAdvice(process: Process): readonly Advice[] {
  const [program = ""] = process.args ?? [];
  if (!isCommandLine(process)) return [];
  return [
    {
      rule: "command-line",
      pointer: "/process/args/0",
      message: "a program's name with spaces in it: no shell takes it apart",
      mend: `write the words one by one: ${JSON.stringify(program.trim().split(/\s+/)).replaceAll(",", ", ")}`,
    },
  ];
}

function envAdvice({ args, env = [] }: Process): readonly Advice[] {
  const advice: Advice[] = [];
  const names = env.map((variable) => variable.slice(0, variable.indexOf("=")));
  for (const [i, name] of names.entries()) {
    const first = names.indexOf(name);
    if (first < i && name !== "")
      advice.push({
        rule: "variable-twice",
        pointer: `/process/env/${i}`,
        message: `${name} is there twice, and most programs take the first, /process/env/${first}`,
        mend: "take one of the two out",
      });
  }
  const [program = ""] = args ?? [];
  if (program !== "" && !program.includes("/") && !names.includes("PATH"))
    advice.push({
      rule: "no-path",
      pointer: "/process/args/0",
      message: `without PATH in the environment ${JSON.stringify(program)} is looked for in /bin and /usr/bin only`,
      mend: "add PATH to process.env, or write the whole path",
    });
  return advice;
}

function consoleAdvice({ terminal, consoleSize }: Process): readonly Advice[] {
  if (terminal || !consoleSize) return [];
  return [
    {
      rule: "no-terminal",
      pointer: "/process/consoleSize",
      ofName: true,
      message: "ignored: the process has no terminal",
      mend: 'set "terminal" to true, or take it out',
    },
  ];
}

export function processAdvice({ process }: Config): readonly Advice[] {
  if (!process) return [];
  return [...argsAdvice(process), ...envAdvice(process), ...consoleAdvice(process)];
}
