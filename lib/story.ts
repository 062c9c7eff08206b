// SPDX-License-Identifier: Apache-2.0

/** An error told in full, for a person: below the one line that engines read. */

import { errnoName } from "./tables/errno.ts";

export interface Told {
  readonly step?: { readonly name: string; readonly syscall: string; readonly errno: number };
  readonly places: readonly {
    readonly file: string;
    readonly pointer: string;
    readonly line?: number;
    readonly column?: number;
    readonly text?: string;
  }[];
  readonly why?: string;
  readonly remedies: readonly string[];
}

const widest = 100;
const label = (name: string): string => `  ${name.padEnd(8)}`;
const shorten = (text: string): string => (text.length > widest ? `${text.slice(0, widest - 1)}…` : text);

function placeLines({ places }: Told): readonly string[] {
  return places.flatMap(({ file, pointer, line, column, text }, i) => {
    const at = line === undefined ? file : `${file}:${line}:${column ?? 1}`;
    const head = `${label(i === 0 ? "config" : "")}${at}${pointer === "" ? "" : `: ${pointer}`}`;
    return text === undefined ? [head] : [head, `${label("")}${line} | ${shorten(text.trim())}`];
  });
}

function block(name: string, lines: readonly string[]): readonly string[] {
  return lines.flatMap((line) => line.split("\n")).map((line, i) => `${label(i === 0 ? name : "")}${line}`);
}

/** Lines, each with its newline; "" when there is nothing to add. */
export function story(told: Told): string {
  const { step, why, remedies } = told;
  const failed = step?.errno ? `${step.syscall && `: ${step.syscall}`}: ${errnoName(step.errno)}` : "";
  const lines = [
    ...(step === undefined || !step.name.includes(": ") ? [] : [`${label("step")}${step.name}${failed}`]),
    ...placeLines(told),
    ...(why === undefined ? [] : block("cause", [why])),
    ...block("try", remedies),
  ];
  return lines.map((line) => `${line}\n`).join("");
}
