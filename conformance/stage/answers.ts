// SPDX-License-Identifier: Apache-2.0

/** Reads what the probe wrote: a line of JSON for each question. */

import { existsSync, readFileSync } from "node:fs";
import * as v from "valibot";
import type { Answers, Questions } from "../case.ts";
import { Mismatch } from "../expect.ts";
import type { Question } from "../questions.ts";

const line = v.object({
  ask: v.string(),
  /** the name that `log` gave */
  by: v.optional(v.string()),
  answer: v.optional(v.unknown()),
  error: v.optional(v.object({ call: v.string(), errno: v.string() })),
});
export type Line = v.InferOutput<typeof line>;

/** The lines of the probe in `text`; others, from a runtime or a shell, are passed over, and so is half a line. */
export function parseLines(text: string): readonly Line[] {
  return text.split("\n").flatMap((written) => {
    if (!written.startsWith("{")) return [];
    try {
      const parsed = v.safeParse(line, JSON.parse(written));
      return parsed.success ? [parsed.output] : [];
    } catch {
      return [];
    }
  });
}

/** The lines that probes have logged to a file (question `log`), oldest first; none when there is no file. */
export function readLog(path: string): readonly Line[] {
  return existsSync(path) ? parseLines(readFileSync(path, "utf8")) : [];
}

/** The answer to a question out of its line. */
export function answerOf<Answer>(question: Question<Answer>, found: Line): Answer {
  if (found.error) {
    throw new Mismatch(
      `the probe's ${question.ask}`,
      "an answer",
      `${found.error.call}: ${found.error.errno}`,
    );
  }
  const parsed = v.safeParse(question.answer, found.answer);
  if (!parsed.success) throw new Error(`${question.ask}: ${v.summarize(parsed.issues)}`);
  return parsed.output;
}

/** Whether all questions have been answered, in their order. */
export function allAnswered(asked: Questions, lines: readonly Line[]): boolean {
  let at = 0;
  const questions = Object.values(asked);
  for (const { ask } of lines) if (ask === questions[at]?.ask) at++;
  return at === questions.length;
}

/** The answers by name. `why` explains a missing one: how the probe ended, what it said. */
export function collectAnswers<Asked extends Questions>(
  asked: Asked,
  lines: readonly Line[],
  why: string,
): Answers<Asked> {
  let from = 0;
  const answers: Record<string, unknown> = {};
  for (const [name, question] of Object.entries(asked)) {
    const at = lines.findIndex(({ ask }, index) => index >= from && ask === question.ask);
    const found = lines[at];
    if (!found) throw new Mismatch(`the probe's ${question.ask}`, "an answer", `none: ${why}`);
    from = at + 1;
    answers[name] = answerOf(question, found);
  }
  return answers as Answers<Asked>;
}
