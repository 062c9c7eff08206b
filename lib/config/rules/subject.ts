// SPDX-License-Identifier: Apache-2.0

import type { Fault, FaultCode } from "../../errors.ts";
import type { Config, Linux, Namespace, NamespaceType, Process } from "../types.ts";

/** What every rule reads: a config that obeys the schema, and what several rules ask of it. */
export interface Subject {
  readonly config: Config;
  readonly linux: Linux;
  readonly process: Process | undefined;
  readonly namespaces: Readonly<Partial<Record<NamespaceType, Namespace>>>;
  readonly faults: Fault[];
  readonly warnings: Fault[];
}

/** Looks at one family of fields and adds to the subject's faults and warnings. */
export type Rule = (subject: Subject) => void;

export function subjectOf(config: Config): Subject {
  const linux = config.linux ?? {};
  const namespaces: Partial<Record<NamespaceType, Namespace>> = {};
  for (const namespace of linux.namespaces ?? []) namespaces[namespace.type] ??= namespace;
  return { config, linux, process: config.process, namespaces, faults: [], warnings: [] };
}

/**
 * Place in the text, section of the spec and the value found are added on the error path; `found` is for a
 * fault of the name, not the value.
 */
export function fault(
  subject: Subject,
  code: FaultCode,
  pointer: string,
  expected: string,
  found?: string,
): void {
  subject.faults.push({ code, pointer, expected, ...(found !== undefined && { found }) });
}

/** What the spec wants said, but not refused. */
export function warning(
  subject: Subject,
  code: FaultCode,
  pointer: string,
  expected: string,
  found?: string,
): void {
  subject.warnings.push({ code, pointer, expected, ...(found !== undefined && { found }) });
}
