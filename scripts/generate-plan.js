// SPDX-License-Identifier: Apache-2.0

// schemas/plan.json → lib/plan/generated/steps.ts, native/generated/ops.h, ops_runtime.h, ops_init.h
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";

const root = new URL("../", import.meta.url);
const { steps, events, processes } = JSON.parse(readFileSync(new URL("schemas/plan.json", root), "utf8"));
const names = Object.keys(steps);
const head = "// SPDX-License-Identifier: Apache-2.0\n// Generated from schemas/plan.json: do not edit.\n";

const snake = (name) => name.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`);
const upper = (name) => snake(name).toUpperCase();

const tsTypes = {
  int: "number",
  uint: "number | bigint",
  string: "string",
  private: "string",
  strings: "readonly string[]",
  variables: "readonly string[]",
  options: "readonly string[]",
  ints: "readonly number[]",
  uints: "readonly number[]",
  bytes: "Uint8Array",
  process: "ProcessName",
  event: "EventName",
};
const cTypes = {
  int: "int64_t ",
  uint: "uint64_t ",
  string: "const char *",
  private: "const char *",
  strings: "struct strings ",
  variables: "struct strings ",
  options: "struct strings ",
  ints: "struct integers ",
  uints: "struct integers ",
  bytes: "struct bytes ",
  process: "int64_t ",
  event: "int64_t ",
};
const cKinds = {
  ...{ uints: "INTS", ints: "INTS", process: "INT", event: "INT" },
  ...{ private: "STRING", variables: "STRINGS", options: "STRINGS" },
};
const cManners = { uint: "u", private: "h", variables: "n", options: "o", process: "p", event: "e" };

const isList = (kind) => tsTypes[kind].endsWith("[]");

/** The word of an argument that is one. */
function word(arg, kind) {
  if (kind === "process") return `processNumbers[s.${arg}]`;
  return kind === "event" ? `eventNumbers[s.${arg}]` : `s.${arg}`;
}

/** A list ends one push and begins another. */
function encoder(name) {
  const calls = [];
  let words = [names.indexOf(name)];
  for (const [arg, kind] of Object.entries(steps[name].args))
    if (isList(kind)) {
      if (words.length > 0) calls.push(`w.push(${words.join(", ")});`);
      calls.push(`pushAll(w, s.${arg});`);
      words = [];
    } else words.push(word(arg, kind));
  if (words.length > 0) calls.push(`w.push(${words.join(", ")});`);
  return `  ${name}: (w${Object.keys(steps[name].args).length > 0 ? ", s" : ""}) => { ${calls.join(" ")} },`;
}

function typescript() {
  const union = (list) => list.map((name) => `"${name}"`).join(" | ");
  const one = (name) => {
    const fields = Object.entries(steps[name].args).map(
      ([arg, kind]) => `  readonly ${arg}: ${tsTypes[kind]};\n`,
    );
    return `/** ${steps[name].about} */\nexport interface ${type(name)} {\n  readonly op: "${name}";\n  /** JSON pointer of the config's node that asks for it; empty where the runtime itself does */\n  readonly from: string;\n${fields.join("")}}\n`;
  };
  const type = (name) => `${name[0].toUpperCase()}${name.slice(1)}Step`;
  const numbers = (list) => list.map((name, i) => `${name}: ${i}`).join(", ");
  return `${head}
import type { Word } from "../../host.ts";

export type ProcessName = ${union(processes)};
export const processNames: readonly ProcessName[] = [${processes.map((p) => `"${p}"`).join(", ")}];
export type EventName = ${union(Object.keys(events))};
export const eventNames: readonly EventName[] = [${Object.keys(events)
    .map((p) => `"${p}"`)
    .join(", ")}];

${names.map(one).join("\n")}
export interface Steps {
${names.map((name) => `  readonly ${name}: ${type(name)};`).join("\n")}
}
export type Step = Steps[keyof Steps];

const processNumbers: { readonly [name in ProcessName]: number } = { ${numbers(processes)} };
const eventNumbers: { readonly [name in EventName]: number } = { ${numbers(Object.keys(events))} };

function pushAll(words: Word[], items: readonly (string | number)[]): void {
  words.push(items.length);
  for (const item of items) words.push(item);
}

/** Each appends number and arguments of its step, as \`native/plan.h\` reads them: one call for many words, since
 * calls are what this engine takes its time for. */
export const encoders: { readonly [op in keyof Steps]: (words: Word[], step: Steps[op]) => void } = {
${names.map(encoder).join("\n")}
};
`;
}

function header() {
  const struct = (name) => {
    const fields = Object.entries(steps[name].args).map(
      ([arg, kind]) => `    ${cTypes[kind]}${snake(arg)};\n`,
    );
    return fields.length === 0 ? "" : `struct args_${snake(name)} {\n${fields.join("")}};\n`;
  };
  const list = (prefix, all) => all.map((name, i) => `    ${prefix}_${upper(name)} = ${i},\n`).join("");
  return `${head}#pragma once
#include "plan.h"

enum process {
${list("PROCESS", processes)}    PROCESS_COUNT = ${processes.length}
};

enum event {
${list("EVENT", Object.keys(events))}    EVENT_COUNT = ${Object.keys(events).length}
};

enum op {
${list("OP", names)}    OP_COUNT = ${names.length}
};

${names.map(struct).filter(Boolean).join("\n")}
${names.map((name) => prototype(name)).join(";\n")};
`;
}

function prototype(name) {
  const none = Object.keys(steps[name].args).length === 0;
  return `int op_${snake(name)}(struct context *c${none ? "" : `, const struct args_${snake(name)} *a`})`;
}

// The table of one program: every op's shape, so that plans can be checked, but only its own functions.
function table(own) {
  const mine = (name) => steps[name].in.some((process) => own.includes(process));
  const args = (name) => Object.entries(steps[name].args);
  const shape = (name) =>
    `static const struct arg_shape shape_${snake(name)}[] = {${args(name)
      .map(
        ([arg, kind]) =>
          `{ARG_${cKinds[kind] ?? kind.toUpperCase()}, ${kind === "process" ? "PROCESS_COUNT" : kind === "event" ? "EVENT_COUNT" : 0}, offsetof(struct args_${snake(name)}, ${snake(arg)})}`,
      )
      .join(", ")}};\n`;
  const call = (name) =>
    `static int run_${snake(name)}(struct context *c, const void *a)\n{\n${args(name).length ? "" : "    (void)a;\n"}    return op_${snake(name)}(c${args(name).length ? ", a" : ""});\n}\n`;
  const row = (name) =>
    `    {"${name}", ${steps[name].in.map((p) => `1U << PROCESS_${upper(p)}`).join(" | ")}, ${args(name).length}, ${args(name).length ? `shape_${snake(name)}` : "NULL"}, ${mine(name) ? `run_${snake(name)}` : "NULL"}},\n`;
  return `${head}#pragma once
#include <stddef.h>
#include "ops.h"

${names
  .filter((name) => args(name).length)
  .map(shape)
  .join("")}
${names.filter(mine).map(call).join("\n")}
static const struct op_shape op_table[OP_COUNT] = {
${names.map(row).join("")}};

${names
  .filter((name) => args(name).length)
  .map((name) => `_Static_assert(sizeof(struct args_${snake(name)}) <= ARGS_SIZE, "${name}");\n`)
  .join("")}`;
}

// What a trace says of each argument, for the runtime only: runts-init is small, and silent. One text, since a table of
// pointers takes three times the room: for each op its arguments, each a letter and its name.
function shown() {
  const letters = Object.entries(cManners).map(([kind, letter]) => `${letter}: ${kind}`);
  const one = ([arg, kind]) => `${cManners[kind] ?? "_"}${arg}`;
  const rows = names.map((name) => Object.entries(steps[name].args).map(one));
  let length = 0;
  const places = rows.map((row) => {
    const place = length;
    for (const word of row) length += word.length + 1;
    return place;
  });
  const quoted = (list) => list.map((name) => `"${name}"`).join(", ");
  return `${head}#pragma once
#include "ops.h"

static const char *const process_names[PROCESS_COUNT] = {${quoted(processes)}};
static const char *const event_names[EVENT_COUNT] = {${quoted(Object.keys(events))}};

// ${letters.join(", ")}
static const char args_shown[] =
${rows.map((row, i) => `    "${row.map((word) => `${word}\\0`).join("")}" // ${names[i]}\n`).join("")}    ;

// Where an op's begin.
static const uint16_t args_shown_at[OP_COUNT] = {${places.join(", ")}};
`;
}

function write(path, text) {
  const url = new URL(path, root);
  mkdirSync(new URL("./", url), { recursive: true });
  let before = "";
  try {
    before = readFileSync(url, "utf8");
  } catch {}
  if (before !== text) writeFileSync(url, text);
}

write("lib/plan/generated/steps.ts", typescript());
write("native/generated/ops.h", header());
write("native/generated/ops_runtime.h", table(["runtime"]));
write("native/generated/ops_shown.h", shown());
write("native/generated/ops_init.h", table(["stage", "init"]));
