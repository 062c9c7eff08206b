// SPDX-License-Identifier: Apache-2.0

import type { Json } from "./host.ts";

/** Structured errors. They carry facts; `lib/wording.ts` alone makes sentences of them. */

export type FaultCode =
  | "syntax" // not JSON
  | "duplicate" // a name twice in one object
  | "type"
  | "required"
  | "enum"
  | "range"
  | "format" // a string not of the form asked for
  | "conflict" // against another field, or against the spec's prose
  | "unsupported"; // valid, but not built yet

/** One thing wrong with a document. */
export interface Fault {
  readonly code: FaultCode;
  /** JSON pointer (RFC 6901) of the value; of the parent when the value is missing */
  readonly pointer: string;
  /** what is allowed, as a phrase: "an integer from 0 to 4294967295" */
  readonly expected: string;
  /** the value found, as JSON, shortened */
  readonly found?: string;
  /** section of the runtime-spec: "config.md#mounts" */
  readonly spec?: string;
  /** 1-based; from the document's text */
  readonly line?: number;
  readonly column?: number;
}

export type ErrorCode =
  | "usage"
  | "invalid" // a document with faults
  | "bad-id"
  | "exists"
  | "not-found"
  | "status" // the operation does not go with the container's status
  | "step" // a step of a plan failed
  | "system" // a system call outside a plan failed
  | "executable" // args[0] cannot be executed
  | "state"; // the runtime's own record is damaged

/** Where something was done, for `lib/container/diagnosis` to look around there afterwards. */
export interface Scene {
  readonly bundle: string;
  /** the configuration by the name the caller knows it by: as a rule the bundle's config.json */
  readonly config: string;
  /** the copy of it on record, where that is what counts */
  readonly copy?: string;
  /** folder through which a running container's files are reached, with all of its mounts */
  readonly root?: string;
  /** the process that exec was to run */
  readonly process?: Json;
  /** what that was read from; "" when it was not read */
  readonly processText?: string;
}

export interface ErrorFacts {
  readonly id?: string;
  readonly file?: string;
  readonly faults?: readonly Fault[];
  readonly pointer?: string;
  /** what the pointer leads into; config.json unless given */
  readonly document?: string;
  /** process and name of the plan's step: "init: mount" */
  readonly step?: string;
  readonly syscall?: string;
  readonly errno?: number;
  readonly detail?: string;
  readonly scene?: Scene;
  /** what it comes from, a phrase; found by `lib/container/diagnosis` */
  readonly why?: string;
}

export class RuntsError extends Error {
  readonly code: ErrorCode;
  readonly facts: ErrorFacts;

  constructor(code: ErrorCode, facts: ErrorFacts = {}, cause?: unknown) {
    super(code, cause === undefined ? undefined : { cause });
    this.name = "RuntsError";
    this.code = code;
    this.facts = facts;
  }
}

/** The error with where it happened, unless it knows already. */
export function inScene(error: unknown, scene: Scene): unknown {
  if (!(error instanceof RuntsError) || error.facts.scene) return error;
  return new RuntsError(error.code, { ...error.facts, scene }, error.cause);
}

/** Whether its line alone leaves open what it comes from, so that `lib/container/diagnosis` is to look for that. */
export const leavesOpen = (error: unknown): boolean =>
  error instanceof RuntsError && (error.code === "step" || error.code === "executable");
