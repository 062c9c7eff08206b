// SPDX-License-Identifier: Apache-2.0

import type { Fault } from "../../errors.ts";
import type { Json } from "../../host.ts";
import { escapeToken } from "../../json.ts";

/** Never handed to the kernel, so free to hold anything. */
const free: readonly string[] = ["/annotations", "/linux/seccomp/listenerMetadata"];

/** The kernel would see only what comes before the NUL. Loaded on the error path only. */
export function nulFaults(value: Json, pointer = ""): Fault[] {
  if (free.includes(pointer)) return [];
  if (typeof value === "string")
    return value.includes("\0") ? [{ code: "format", pointer, expected: "a string without NUL" }] : [];
  if (Array.isArray(value)) return value.flatMap((child, i) => nulFaults(child, `${pointer}/${i}`));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, child]) => {
    const at = `${pointer}/${escapeToken(name)}`;
    return name.includes("\0")
      ? [
          {
            code: "format",
            pointer: at,
            expected: "a name without NUL",
            found: JSON.stringify(name),
          } as const,
        ]
      : nulFaults(child, at);
  });
}
