// SPDX-License-Identifier: Apache-2.0

/** All faults of a config, with the value found and the section of the spec. Loaded on the error path only. */

import type { Fault } from "../errors.ts";
import type { Json } from "../host.ts";
import { valueAt } from "../json.ts";
import { allowed } from "./generated/config-allowed.js";
import { validate as violations } from "./generated/config-violations.js";
import { isConfig } from "./generated/guards.js";
import { prune } from "./prune.ts";
import { nulFaults } from "./rules/nul.ts";
import { applyRules, type Findings } from "./validate.ts";
import { type AllowedRoot, allowedAt, schemaFaults } from "./violations.ts";

const longestFound = 60;

/** A value as JSON; a bigint is an integer like any other. */
export function show(value: Json): string {
  if (typeof value === "bigint") return String(value);
  if (Array.isArray(value)) return `[${value.map(show).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  return `{${Object.entries(value).map(([name, child]) => `${JSON.stringify(name)}:${show(child)}`)}}`;
}

/** Adds the value found and the section of the spec to a fault that lacks them. */
export function complete(fault: Fault, value: Json, root: AllowedRoot): Fault {
  const found = valueAt(value, fault.pointer);
  const text = found === undefined || fault.code === "required" ? undefined : (fault.found ?? show(found));
  const spec = fault.spec ?? allowedAt(root, fault.pointer).spec;
  return {
    ...fault,
    ...(text !== undefined && {
      found: text.length > longestFound ? `${text.slice(0, longestFound - 1)}…` : text,
    }),
    ...(spec !== undefined && { spec }),
  };
}

/** What the guard refuses and ajv does not would be a fault of ours; it must not pass for a config. */
const unexplained: Fault = { code: "conflict", pointer: "", expected: "what the schema allows" };

/** Schema, rules and what is not supported. The rules look at what the schema leaves of a broken config. */
export function explain(value: Json): { faults: Fault[]; warnings: Fault[] } {
  const faults = [...schemaFaults(violations, allowed, value), ...nulFaults(value)];
  if (faults.length === 0 && !isConfig(value)) faults.push(unexplained);
  const rest = prune(value, (candidate) => schemaFaults(violations, allowed, candidate));
  const found: Findings = isConfig(rest.value) ? applyRules(rest.value) : { faults: [], warnings: [] };
  const known = new Set(faults.map(({ pointer }) => pointer));
  const whole = (fault: Fault): Fault => ({ ...fault, pointer: rest.original(fault.pointer) });
  const added = found.faults.map(whole).filter(({ pointer }) => !known.has(pointer));
  return {
    faults: [...faults, ...added].map((fault) => complete(fault, value, allowed)),
    warnings: found.warnings.map((fault) => complete(whole(fault), value, allowed)),
  };
}
