// SPDX-License-Identifier: Apache-2.0

import type { Command } from "./flags.ts";

/** Each command is a chunk of its own, read only when it is called. */
export async function findCommand(name: string): Promise<Command | undefined> {
  switch (name) {
    case "create":
      return (await import("./create.ts")).default;
    case "start":
      return (await import("./start.ts")).default;
    case "state":
      return (await import("./state.ts")).default;
    case "exec":
      return (await import("./exec.ts")).default;
    case "kill":
      return (await import("./kill.ts")).default;
    case "pause":
      return (await import("./pause.ts")).default;
    case "resume":
      return (await import("./resume.ts")).default;
    case "update":
      return (await import("./update.ts")).default;
    case "delete":
      return (await import("./delete.ts")).default;
    case "run":
      return (await import("./run.ts")).default;
    case "list":
      return (await import("./list.ts")).default;
    case "ps":
      return (await import("./ps.ts")).default;
    case "events":
      return (await import("./events.ts")).default;
    case "stats":
      return (await import("./stats.ts")).default;
    case "validate":
      return (await import("./validate.ts")).default;
    case "plan":
      return (await import("./plan.ts")).default;
    case "explain":
      return (await import("./explain.ts")).default;
    case "checkpoint":
      return (await import("./checkpoint.ts")).default;
    case "restore":
      return (await import("./restore.ts")).default;
    case "spec":
      return (await import("./spec.ts")).default;
    case "features":
      return (await import("./features.ts")).default;
    case "doctor":
      return (await import("./doctor.ts")).default;
    case "completion":
      return (await import("./completion.ts")).default;
    case "man":
      return (await import("./man.ts")).default;
    case "help":
      return (await import("./help.ts")).default;
    default:
      return undefined;
  }
}

/** In the order of a container's life. */
export const shownCommands: readonly string[] = [
  "create",
  "start",
  "state",
  "exec",
  "kill",
  "pause",
  "resume",
  "update",
  "checkpoint",
  "restore",
  "delete",
  "run",
  "list",
  "ps",
  "events",
  "stats",
  "validate",
  "plan",
  "explain",
  "spec",
  "features",
  "doctor",
];

export async function loadShownCommands(): Promise<readonly Command[]> {
  const found = await Promise.all(shownCommands.map(findCommand));
  return found.filter((one) => one !== undefined);
}
