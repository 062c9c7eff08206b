// SPDX-License-Identifier: Apache-2.0

import { writeJson } from "../../json.ts";
import { processNames } from "../generated/steps.ts";
import type { ShownPlan } from "./shown.ts";

/** One step a line, so that version control shows which of them have changed. */
export function planJson({ processes, ...head }: ShownPlan): string {
  const members = Object.entries(head).map(
    ([name, value]) => `  ${JSON.stringify(name)}: ${writeJson(value)}`,
  );
  const lists = processNames.map((name) => {
    const steps = processes[name].map((step) => `\n      ${writeJson(step)}`);
    return `    ${JSON.stringify(name)}: [${steps.join(",")}${steps.length === 0 ? "" : "\n    "}]`;
  });
  return `{\n${members.join(",\n")},\n  "processes": {\n${lists.join(",\n")}\n  }\n}\n`;
}
