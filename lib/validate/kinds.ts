// SPDX-License-Identifier: Apache-2.0

/** The documents of the spec that can be checked, and what each may hold. */

import { complete, explain } from "../config/explain.ts";
import { allowed as config } from "../config/generated/config-allowed.js";
import { allowed as features } from "../config/generated/features-allowed.js";
import { validate as featuresViolations } from "../config/generated/features-violations.js";
import { allowed as state } from "../config/generated/state-allowed.js";
import { validate as stateViolations } from "../config/generated/state-violations.js";
import { type AllowedRoot, schemaFaults, type Validator } from "../config/violations.ts";
import type { Fault } from "../errors.ts";
import type { Json } from "../host.ts";
import { isObject } from "../json.ts";

export const documentKinds = ["config", "state", "features"] as const;
export type DocumentKind = (typeof documentKinds)[number];

export const allowedIn: Readonly<Record<DocumentKind, AllowedRoot>> = { config, state, features };

/** By its shape: what nothing else has. A document that could be anything is most likely a config.json. */
export function kindOf(value: Json): DocumentKind {
  if (!isObject(value) || "root" in value || "process" in value) return "config";
  if ("ociVersionMin" in value || "ociVersionMax" in value) return "features";
  return "status" in value || ("id" in value && "bundle" in value) ? "state" : "config";
}

/** Everything that is wrong, and what the rules warn of. */
export function faultsIn(kind: DocumentKind, value: Json): { faults: Fault[]; warnings: Fault[] } {
  if (kind === "config") return explain(value);
  const validator: Validator = kind === "state" ? stateViolations : featuresViolations;
  const root = allowedIn[kind];
  const faults = schemaFaults(validator, root, value).map((fault) => complete(fault, value, root));
  return { faults, warnings: [] };
}
