// SPDX-License-Identifier: Apache-2.0

import type { Fault, FaultCode } from "../errors.ts";
import type { DocumentKind } from "./kinds.ts";

/** A warning of what is legal but surely meant otherwise. */
export interface Advice {
  /** a stable name: "hidden-mount" */
  readonly rule: string;
  readonly pointer: string;
  readonly message: string;
  readonly mend: string;
  /** it is about the member's name, not its value */
  readonly ofName?: boolean;
  readonly spec?: string;
}

/** One thing to tell about a document, whatever found it. */
export interface Finding {
  readonly severity: "error" | "warning";
  readonly rule: string;
  /** JSON pointer (RFC 6901) */
  readonly pointer: string;
  readonly message: string;
  /** the value found, as JSON, shortened */
  readonly found?: string;
  readonly allowed?: string;
  readonly mend: string;
  /** section of the runtime-spec: "config.md#mounts" */
  readonly spec?: string;
  /** 1-based, in UTF-16 units; `endColumn` is the one after the last. Missing where a document has no text. */
  readonly line?: number;
  readonly column?: number;
  readonly endLine?: number;
  readonly endColumn?: number;
}

export interface Inspection {
  readonly kind: DocumentKind;
  /** in the order of the document */
  readonly findings: readonly Finding[];
  /** "" for what is not UTF-8 */
  readonly text: string;
}

/** Of an object or a list the mark shows more than its beginning would. */
const shown = (found: string): string => (/^[[{]|^$/.test(found) ? "" : `: ${found}`);

const said: Readonly<Record<FaultCode, (found: string) => string>> = {
  syntax: (found) => (found === "" ? "not JSON from here on" : `not JSON: ${found} cannot stand here`),
  duplicate: () => "a name that is there twice",
  type: (found) => `of the wrong type: ${found}`,
  required: () => "something is missing",
  enum: (found) => `no such name here: ${found}`,
  range: (found) => `out of range${shown(found)}`,
  format: (found) => `not of the right form: ${found}`,
  conflict: (found) => `does not go with the rest${shown(found)}`,
  unsupported: (found) => `not supported${shown(found)}`,
};

/** What is wrong, without what is allowed, which comes on a line of its own. */
export function messageOf({ code, found = "", expected }: Fault): string {
  const call = refusedCall(expected);
  if (call !== undefined) return `this filter refuses ${call}, by which the program is started`;
  if (code !== "required") return said[code](found);
  const name = /^"[^"]+"(?=: )/.exec(expected)?.[0];
  return name === undefined ? `missing ${expected}` : `missing ${name}`;
}

/** Of the rule of ../config/rules/seccomp.ts. */
const refusedCall = (expected: string): string | undefined =>
  /^(\w+) allowed, by which the program is started/.exec(expected)?.[1];

/** What follows a name that is missing. */
export function allowedOf({ code, expected }: Fault): string {
  const call = refusedCall(expected);
  if (call !== undefined)
    return `a filter that allows ${call}${expected.includes("noNewPrivileges") ? "; with process.noNewPrivileges it comes later, and need not" : ""}`;
  return code === "required" ? expected.replace(/^"[^"]+": /, "") : expected;
}

/** Where the section is to be read; undefined for none. */
export function specAddress(spec: string | undefined): string | undefined {
  return spec && `https://github.com/opencontainers/runtime-spec/blob/v1.3.0/${spec}`;
}
