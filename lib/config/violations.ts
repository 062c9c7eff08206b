// SPDX-License-Identifier: Apache-2.0

/** From what ajv reports to faults, for the error path. */

import type { Fault, FaultCode } from "../errors.ts";
import type { Json } from "../host.ts";
import { escapeToken, tokensOf, valueAt } from "../json.ts";

/** One error of an ajv validator. */
export interface Violation {
  readonly keyword: string;
  readonly instancePath: string;
  readonly schemaPath: string;
  readonly params: { readonly [name: string]: unknown };
  readonly propertyName?: string;
}

export interface Validator {
  (value: unknown): boolean;
  errors?: readonly Violation[] | null;
}

/** What a schema allows at one place of a document. */
export interface Allowed {
  readonly expected?: string;
  readonly spec?: string;
  /** the only strings that it may be */
  readonly words?: readonly string[];
  readonly ref?: string;
  readonly properties?: { readonly [name: string]: Allowed };
  /** what the names of its members must be */
  readonly names?: string;
  /** of every element, or of every member that is not among the properties */
  readonly each?: Allowed;
}

export interface AllowedRoot extends Allowed {
  readonly defs: { readonly [name: string]: Allowed };
}

/** What is allowed at a pointer; the section of the spec is that of the nearest node that has one. */
export function allowedAt(root: AllowedRoot, pointer: string): Allowed {
  const resolve = (node: Allowed): Allowed => (node.ref ? { ...root.defs[node.ref], ...node } : node);
  let node: Allowed = resolve(root);
  let spec = node.spec;
  for (const token of tokensOf(pointer)) {
    const { properties, each } = node;
    const next = properties && Object.hasOwn(properties, token) ? properties[token] : each;
    node = next ? resolve(next) : {};
    spec = node.spec ?? spec;
  }
  return spec === undefined ? node : { ...node, spec };
}

const codes: Readonly<Record<string, FaultCode>> = {
  type: "type",
  required: "required",
  dependentRequired: "required",
  anyOf: "required",
  enum: "enum",
  propertyNames: "format",
  pattern: "format",
  minLength: "format",
  maxLength: "range",
  minItems: "range",
  maxItems: "range",
};

function codeOf(keyword: string, found: Json | undefined): FaultCode {
  if (keyword === "integer")
    return typeof found === "bigint" || (typeof found === "number" && Number.isInteger(found))
      ? "range"
      : "type";
  if (keyword === "enum" && typeof found !== "string") return "type";
  return codes[keyword] ?? "conflict";
}

/** Errors that only say that another one was met, or that belong to one branch of a choice. */
const isEcho = ({ keyword, schemaPath, propertyName }: Violation): boolean =>
  keyword === "if" || propertyName !== undefined || (keyword !== "anyOf" && schemaPath.includes("/anyOf/"));

function faultOf(violation: Violation, value: Json, root: AllowedRoot): Fault {
  const { keyword, instancePath, params } = violation;
  const missing = params.missingProperty;
  if (typeof missing === "string") {
    const { expected = "a value" } = allowedAt(root, `${instancePath}/${escapeToken(missing)}`);
    return { code: "required", pointer: instancePath, expected: `"${missing}": ${expected}` };
  }
  if (keyword === "propertyNames") {
    const { names = "another name" } = allowedAt(root, instancePath);
    const name = String(params.propertyName);
    const pointer = `${instancePath}/${escapeToken(name)}`;
    return { code: "format", pointer, expected: `as a name ${names}`, found: JSON.stringify(name) };
  }
  const { expected = "another value" } = allowedAt(root, instancePath);
  return { code: codeOf(keyword, valueAt(value, instancePath)), pointer: instancePath, expected };
}

/** The faults of a value against a schema: one for each place and kind. */
export function schemaFaults(validator: Validator, root: AllowedRoot, value: Json): Fault[] {
  if (validator(value)) return [];
  const faults = new Map<string, Fault>();
  for (const violation of validator.errors ?? []) {
    if (isEcho(violation)) continue;
    const fault = faultOf(violation, value, root);
    const key = fault.code === "required" ? `${fault.pointer} ${fault.expected}` : fault.pointer;
    if (!faults.has(key)) faults.set(key, fault);
  }
  return [...faults.values()];
}
