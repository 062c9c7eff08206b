// SPDX-License-Identifier: Apache-2.0

import type { Fault } from "../errors.ts";
import type { Json } from "../host.ts";
import { isConfig } from "./generated/guards.js";
import { rules } from "./rules/index.ts";
import { subjectOf } from "./rules/subject.ts";
import type { Config } from "./types.ts";
import { refuseUnsupported } from "./unsupported.ts";

/** How JSON spells the character that ends a C string; a document without it cannot hold one. */
const nulEscape = "\\u0000";

export interface Findings {
  readonly faults: readonly Fault[];
  /** what the spec wants said, but not refused */
  readonly warnings: readonly Fault[];
}

export interface Validation extends Findings {
  /** there when no fault was found */
  readonly config?: Config;
}

export interface ValidateOptions {
  /** the document the value was read from: faults then have lines and columns */
  readonly text?: string;
}

/** The rules alone, for a config that obeys the schema. The faults are bare: code, pointer and what is expected. */
export function applyRules(config: Config): Findings {
  const subject = subjectOf(config);
  for (const rule of rules) rule(subject);
  refuseUnsupported(subject);
  return subject;
}

/**
 * The hot path: the config and its warnings when nothing is wrong with a value, otherwise undefined, and
 * `validate` tells what is wrong. `text` is the document the value was read from.
 */
export function accept(
  value: Json,
  text: string,
): { config: Config; warnings: readonly Fault[] } | undefined {
  if (text.includes(nulEscape) || !isConfig(value)) return undefined;
  const { faults, warnings } = applyRules(value);
  return faults.length === 0 ? { config: value, warnings } : undefined;
}

/** Everything that is wrong with a value, at once. */
export async function validate(value: Json, options: ValidateOptions = {}): Promise<Validation> {
  const { explain } = await import("./explain.ts");
  const findings = explain(value);
  const { text } = options;
  if (text !== undefined) {
    const { locate } = await import("./locate.ts");
    findings.faults = locate(text, findings.faults);
    findings.warnings = locate(text, findings.warnings);
  }
  return findings.faults.length === 0 && isConfig(value) ? { ...findings, config: value } : findings;
}
