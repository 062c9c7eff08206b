// SPDX-License-Identifier: Apache-2.0

import { fault, type Subject } from "./subject.ts";

export function personalityRules(subject: Subject): void {
  const flags = subject.linux.personality?.flags ?? [];
  for (let i = 0; i < flags.length; i++)
    fault(subject, "unsupported", `/linux/personality/flags/${i}`, "no flags: the spec has none yet");
}
