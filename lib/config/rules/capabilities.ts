// SPDX-License-Identifier: Apache-2.0

import { capabilityNumbers } from "../../tables/capabilities.ts";
import { type Subject, warning } from "./subject.ts";

const sets = ["bounding", "effective", "inheritable", "permitted", "ambient"] as const;

/** The spec has capabilities that cannot be granted warned about, and the container run without them. */
export function capabilityRules(subject: Subject): void {
  const capabilities = subject.process?.capabilities;
  if (!capabilities) return;
  const permitted = capabilities.permitted ?? [];
  const inheritable = capabilities.inheritable ?? [];
  for (const set of sets) {
    const names: readonly string[] = capabilities[set] ?? [];
    for (let i = 0; i < names.length; i++) {
      const name = names[i] ?? "";
      const pointer = () => `/process/capabilities/${set}/${i}`;
      if (capabilityNumbers[name] === undefined)
        warning(subject, "enum", pointer(), "a known capability", JSON.stringify(name));
      else if (set === "effective" && !permitted.includes(name))
        warning(subject, "conflict", pointer(), "a permitted capability");
      else if (set === "ambient" && !(permitted.includes(name) && inheritable.includes(name)))
        warning(subject, "conflict", pointer(), "a permitted and inheritable capability");
    }
  }
}
