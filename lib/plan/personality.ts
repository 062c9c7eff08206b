// SPDX-License-Identifier: Apache-2.0

import { personalityDomains } from "../tables/personality.ts";
import type { Facts } from "./facts.ts";
import type { Step } from "./step.ts";

/** Before the startContainer hooks, which see what the program sees; runc and crun do the same. */
export function personality({ config: { linux } }: Facts): readonly Step[] {
  const domain = linux?.personality?.domain;
  if (domain === undefined) return [];
  return [{ op: "setPersonality", from: "/linux/personality", persona: personalityDomains[domain] ?? -1 }];
}
