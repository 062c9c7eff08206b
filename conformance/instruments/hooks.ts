// SPDX-License-Identifier: Apache-2.0

/** Hooks that are the probe, and what they logged. */

import { chmodSync, writeFileSync } from "node:fs";
import type { Change } from "../case.ts";
import { equal, Mismatch } from "../expect.ts";
import { awaitFile, log, type Question, say, standardInput } from "../questions.ts";
import { answerOf, type Line, readLog } from "../stage/answers.ts";
import type { Container } from "../stage/container.ts";
import type { Place } from "../stage/place.ts";

export const createKinds = ["prestart", "createRuntime", "createContainer"] as const;
export const startKinds = ["startContainer", "poststart"] as const;
export const kinds = [...createKinds, ...startKinds, "poststop"] as const;
export type Kind = (typeof kinds)[number];

/** The operation that calls the hooks of a kind. */
export const operationOf = (kind: Kind): "create" | "start" | "delete" =>
  kind === "poststop" ? "delete" : startKinds.some((name) => name === kind) ? "start" : "create";

/** One entry of the config. */
export interface Hook {
  readonly path: string;
  readonly args?: readonly string[];
  readonly env?: readonly string[];
  readonly timeout?: number;
}

/** The scratch folder of the case, as the container sees it. */
export const scratchInside = "/conformance-scratch";
/** The mount that makes it visible there; every container of this file has it. */
export const scratchMount = (place: Place) => ({
  destination: scratchInside,
  type: "bind",
  source: place.scratch,
  options: ["rbind", "rw"],
});

/** What a hook of this kind calls the scratch folder: startContainer hooks have the container's root. */
export const scratchOf = (place: Place, kind: Kind) =>
  kind === "startContainer" ? scratchInside : place.scratch;

export const logOf = (place: Place) => `${place.scratch}/log`;
/** The first question of a program in the container that tells the same file. */
export const logInside = (by: string) => log(`${scratchInside}/log`, by);

type Asked = readonly Question<unknown>[];
const words = (asked: Asked) => asked.map(({ ask }) => ask);

/**
 * A hook that answers these questions into the log, by the name of its kind or by another. It reads the state first:
 * crun 1.8 dies of SIGPIPE when a hook ends without that, which is for one case to tell (hooks/state/unread).
 */
export function hook(place: Place, kind: Kind, asked: Asked = [], by: string = kind): Hook {
  return {
    path: kind === "startContainer" ? "/probe" : place.probe,
    args: ["probe", ...words([log(`${scratchOf(place, kind)}/log`, by), standardInput, ...asked])],
  };
}

/** A change that sets these hooks, and shows the container the log. */
export function withHooks(place: Place, hooks: { readonly [kind in Kind]?: readonly Hook[] }): Change {
  return { "/mounts/-": scratchMount(place), "/hooks": hooks };
}

/** For containers whose root is not ours: it can write to the log, too. */
export function openLog(place: Place): void {
  chmodSync(place.scratch, 0o777);
  writeFileSync(logOf(place), "");
  chmodSync(logOf(place), 0o666);
}

export const logged = (container: Container): readonly Line[] => readLog(logOf(container.place));

/** Who logged something, each once, in the order of their first lines. */
export const writers = (container: Container): readonly string[] => [
  ...new Set(logged(container).flatMap(({ by }) => by ?? [])),
];

/** The same, but whoever wrote on after somebody else had begun is there again. */
export function turns(container: Container): readonly string[] {
  const names = logged(container).flatMap(({ by }) => by ?? []);
  return names.filter((name, at) => name !== names[at - 1]);
}

/** The answer that a hook gave to a question; a Mismatch when it was not called or did not come so far. */
export function answerBy<Answer>(container: Container, by: string, question: Question<Answer>): Answer {
  const lines = logged(container).filter((line) => line.by === by);
  const found = lines.find(({ ask }) => ask === question.ask);
  if (found) return answerOf(question, found);
  const seen = lines.length === 0 ? "it was not called" : `only ${lines.map(({ ask }) => ask).join(", ")}`;
  throw new Mismatch(`${by}'s ${question.ask}`, "an answer", seen);
}

/** The JSON that a hook read from its standard input. */
export function stateOf(container: Container, by: string): Readonly<Record<string, unknown>> {
  const text = answerBy(container, by, standardInput);
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null) return { ...value };
  } catch {
    // what was no JSON is shown below
  }
  throw new Mismatch(`standard input of ${by}`, "the state as JSON", JSON.stringify(text.slice(0, 400)));
}

const released = "released";
const waiting = say("waiting");
/** The last questions of a hook that `during` looks beside. */
export const untilReleased = (place: Place, kind: Kind): Asked => [
  waiting,
  awaitFile(`${scratchOf(place, kind)}/${released}`),
];

/** While a hook waits (untilReleased), `look`s; then releases it. The operation must succeed. */
export async function during(
  container: Container,
  kind: Kind,
  operation: Promise<void>,
  look: () => void | Promise<void>,
): Promise<void> {
  const isWaiting = () => logged(container).some(({ by, ask }) => by === kind && ask === waiting.ask);
  let over = false;
  const ended = operation.finally(() => {
    over = true;
  });
  ended.catch(() => {}); // it is awaited below, or the case has failed before
  try {
    await container.until(`the ${kind} hook`, () => over || isWaiting());
    if (over) await ended;
    equal(`whether ${operationOf(kind)} waits for the ${kind} hook`, !over, true);
    await look();
  } finally {
    writeFileSync(`${container.place.scratch}/${released}`, "");
    await ended.catch(() => {});
  }
  await ended;
}
