// SPDX-License-Identifier: Apache-2.0

/** Containers with a terminal: its master goes to the warden, which writes down what it reads from it. */

import { existsSync } from "node:fs";
import type { Answers, Questions } from "../case.ts";
import { allAnswered, collectAnswers, parseLines } from "../stage/answers.ts";
import type { Stage } from "../stage/stage.ts";

/** Lets the warden wait for a master; the flags with which `create` sends it there. */
export async function offerConsole(
  stage: Stage,
): Promise<{ flags: readonly string[]; output: () => string }> {
  const { place, container } = stage;
  const socket = `${place.scratch}/console`;
  const { output } = stage.helper(place.warden, "console", socket);
  await container.until("the warden's socket", () => existsSync(socket));
  return { flags: ["--console-socket", socket], output };
}

/** As stage.observe, for a config with terminal: the answers come from the terminal. */
export async function observeOnTerminal<const Asked extends Questions>(
  stage: Stage,
  asked: Asked,
): Promise<Answers<Asked>> {
  const { container } = stage;
  const { flags, output } = await offerConsole(stage);
  stage.ask(asked);
  await container.create(flags);
  await container.start();
  await container.until("answers on the terminal", () => allAnswered(asked, parseLines(output())));
  await container.ended();
  const answers = collectAnswers(asked, parseLines(output()), container.end);
  await container.delete();
  return answers;
}
