// SPDX-License-Identifier: Apache-2.0

/** A container's way through the statuses of the spec. */

import { holds, Mismatch } from "../expect.ts";
import { pause } from "../questions.ts";
import type { Container } from "../stage/container.ts";
import { ending, type Result } from "../stage/runtime.ts";
import type { Stage } from "../stage/stage.ts";

export const statuses = ["created", "running", "stopped"] as const;
export type Status = (typeof statuses)[number];

/** Its program waits for a signal. */
export async function bringTo(
  status: Status,
  stage: Stage,
  container: Container = stage.container,
): Promise<void> {
  stage.ask({ pause }, container);
  await container.create();
  if (status === "created") return;
  await container.start();
  if (status === "running") return;
  await stop(container);
}

export async function stop(container: Container): Promise<void> {
  await container.kill(9);
  await container.ended();
  await container.stopped();
}

/** Looks at the container in each of its statuses. */
export async function throughLife(stage: Stage, look: (status: Status) => Promise<void>): Promise<void> {
  const { container } = stage;
  await bringTo("created", stage);
  await look("created");
  await container.start();
  await look("running");
  await stop(container);
  await look("stopped");
  await container.delete();
}

/** What `state` prints, before any shape is taken for granted. */
export async function rawState(container: Container): Promise<Readonly<Record<string, unknown>>> {
  const result = await container.try("state");
  holds("state", ending(result), "success", result.code === 0);
  try {
    const value: unknown = JSON.parse(result.out);
    if (typeof value === "object" && value !== null) return { ...value };
  } catch {
    // what was no JSON is shown below
  }
  throw new Mismatch("what state prints", "a JSON object", result.out.slice(0, 400));
}

/** A command that must be an error. */
export function expectError(command: string, result: Result, because: string): void {
  const isError = result.code !== 0 && result.signal === null && !result.timedOut;
  holds(command, ending(result), `an error: ${because}`, isError);
}
