// SPDX-License-Identifier: Apache-2.0

import { writeFileSync } from "node:fs";
import type { Answers } from "../../case.ts";
import { act, type Case, type Cases } from "../../case.ts";
import type { ClauseId } from "../../catalogue/index.ts";
import { contains, equal } from "../../expect.ts";
import { environment, names, type Question } from "../../questions.ts";
import type { Container } from "../../stage/container.ts";
import type { Stage } from "../../stage/stage.ts";

const written = (container: Container) => JSON.stringify(container.config, undefined, 2);

/** The config's text or bytes, made from the right ones, must be refused. */
const refused = (clause: ClauseId, spoil: (text: string) => string | Uint8Array): Case =>
  act({
    clauses: [clause],
    run: async (stage) => {
      const { container } = stage;
      writeFileSync(`${container.place.bundle}/config.json`, spoil(written(container)));
      await stage.expectRefusal("create");
    },
  });

const replaced = (part: string, by: string) => (text: string) => {
  if (!text.includes(part)) throw new Error(`no ${part} in the config`);
  return text.replace(part, by);
};

/** A container from a config of another text that means the same. */
async function observeText<const Asked extends Readonly<Record<string, Question<unknown>>>>(
  stage: Stage,
  asked: Asked,
  spelled: (text: string, container: Container) => string,
): Promise<Answers<Asked>> {
  const { container } = stage;
  stage.ask(asked);
  container.write(spelled(written(container), container));
  await container.create();
  await container.start();
  await container.ended();
  const answers = await stage.answers(asked);
  await container.delete();
  return answers;
}

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).toReversed();
  return Object.fromEntries(entries.map(([name, item]) => [name, reversed(item)]));
}

const beyondAscii = "PLACE=Gräßlich 日本 😀";

export default {
  "half-a-document": refused("config.json-syntax", (text) => text.slice(0, -3)),
  "trailing-comma": refused("config.json-syntax", replaced('"terminal": false,', '"terminal": false,,')),
  comment: refused("config.json-syntax", (text) => `// a config\n${text}`),
  "text-behind": refused("config.json-syntax", (text) => `${text}\nand so on`),
  "no-object": refused("config.json-syntax", (text) => `[${text}]`),

  utf8: act({
    clauses: ["config.json-utf8"],
    change: { "/process/env": [beyondAscii] },
    run: async (stage) => {
      const seen = await observeText(stage, { environment }, (text) => text);
      contains("the environment", seen.environment, beyondAscii);
    },
  }),
  escapes: act({
    clauses: ["config.json-utf8"],
    change: { "/process/env": [beyondAscii] },
    run: async (stage) => {
      const escaped = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
      const seen = await observeText(stage, { environment }, (text) => text.replace(/[^\0-\x7f]/g, escaped));
      contains("the environment", seen.environment, beyondAscii);
    },
  }),
  // Latin-1: an ä that is one byte, as no UTF-8 has it.
  latin1: refused("config.json-utf8", (text) =>
    Buffer.from(replaced('"TERM=dumb"', '"TERM=d\u00e4mlich"')(text), "latin1"),
  ),
  utf16: refused("config.json-utf8", (text) => Buffer.from(text, "utf16le")),

  "duplicate-name": refused(
    "config.json-duplicates",
    replaced('"hostname":', '"hostname": "other", "hostname":'),
  ),
  "duplicate-with-same-value": refused(
    "config.json-duplicates",
    replaced('"cwd": "/"', '"cwd": "/", "cwd": "/"'),
  ),
  // Names are equal when their texts are, however they are spelled.
  "duplicate-by-escape": refused(
    "config.json-duplicates",
    replaced('"hostname":', '"host\\u006eame": "other", "hostname":'),
  ),

  order: act({
    clauses: ["config.json-order"],
    run: async (stage) => {
      const turn = (_: string, { config }: Container) => JSON.stringify(reversed(config));
      const seen = await observeText(stage, { names }, turn);
      equal("hostname", seen.names.hostname, "conformance");
    },
  }),
} satisfies Cases;
