// SPDX-License-Identifier: Apache-2.0

import type { Plan, ProcessName } from "./step.ts";

interface Said {
  readonly by: ProcessName;
  readonly to: ProcessName;
  readonly event: string;
}

/** What a process says by doing something else. */
function implied(plan: Plan): readonly Said[] {
  const said: Said[] = [];
  for (const by of ["stage", "init"] as const)
    for (const step of plan[by]) {
      if (step.op === "openConsole") said.push({ by, to: "runtime", event: "console" });
      if (step.op === "cloneInit") said.push({ by, to: "runtime", event: "cloned" });
      if (step.op === "loadSeccomp" && step.listener) said.push({ by, to: "runtime", event: "listening" });
      if (step.op === "execve") said.push({ by, to: "runtime", event: "executed" });
    }
  return said;
}

function key({ by, to, event }: Said): string {
  return `${by} to ${to}: ${event}`;
}

/** Events that are waited for and never sent, or sent and never waited for: none in a sound plan. */
export function unmatched(plan: Plan): readonly string[] {
  const sent: Said[] = [...implied(plan)];
  const awaited: Said[] = [];
  for (const process of ["runtime", "stage", "init"] as const)
    for (const step of plan[process]) {
      if (step.op === "signal") sent.push({ by: process, to: step.to, event: step.event });
      if (step.op === "wait") awaited.push({ by: step.of, to: process, event: step.event });
    }
  const heard = awaited.map(key);
  const spoken = sent.map(key);
  return [
    ...heard.filter((event) => !spoken.includes(event)).map((event) => `never sent: ${event}`),
    ...spoken
      .filter((event) => !heard.includes(event) && !/: (executed|listening)$/.test(event))
      .map((event) => `never awaited: ${event}`),
  ];
}
