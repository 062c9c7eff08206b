// SPDX-License-Identifier: Apache-2.0

/** For what a runtime MAY have: refusing it is as right as doing it. */

import type { Answers, Questions } from "../case.ts";
import { Skip } from "../expect.ts";
import type { Container } from "../stage/container.ts";
import { ending } from "../stage/runtime.ts";
import type { Stage } from "../stage/stage.ts";

/** A container that cannot be created is a runtime without `what`. */
export async function createOrSkip(container: Container, what: string): Promise<void> {
  const result = await container.tryCreate();
  if (result.code !== 0) throw new Skip(`no ${what}: ${ending(result)}`);
}

/** As stage.observe, for those that have `what`. */
export async function observeOrSkip<const Asked extends Questions>(
  stage: Stage,
  what: string,
  asked: Asked,
): Promise<Answers<Asked>> {
  const { container } = stage;
  stage.ask(asked);
  await createOrSkip(container, what);
  await container.start();
  await container.ended();
  const answers = await stage.answers(asked);
  await container.delete();
  return answers;
}
