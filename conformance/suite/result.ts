// SPDX-License-Identifier: Apache-2.0

/** The shape of what a run of the suite found: what --report writes as JSON and every report is made from. */

import * as v from "valibot";

const level = v.picklist(["must", "should", "may"]);

const failure = v.object({
  /** what was looked at */
  what: v.string(),
  expected: v.string(),
  seen: v.string(),
});

export const caseResult = v.object({
  /** chapter/property/case */
  name: v.string(),
  /** ids, the main one first */
  clauses: v.array(v.string()),
  outcome: v.picklist(["pass", "fail", "skip"]),
  /** why it was skipped: what the host lacks */
  reason: v.optional(v.string()),
  failures: v.optional(v.array(failure)),
  /** what was left behind: "process 12 /probe pause", "mount /x", "cgroup /y", "state z" */
  leaks: v.optional(v.array(v.string())),
  /** of a failure that the list of expected ones names */
  foreseen: v.optional(v.object({ reason: v.string(), issue: v.optional(v.number()) })),
  /** where the bundle of a failed case was kept */
  bundle: v.optional(v.string()),
  /** the commands that the case gave the runtime, in order */
  commands: v.optional(v.array(v.string())),
  /** what the runtime said, shortened */
  said: v.optional(v.string()),
  milliseconds: v.number(),
});
export type CaseResult = v.InferOutput<typeof caseResult>;

export const clauseEntry = v.object({
  id: v.string(),
  level,
  text: v.string(),
  section: v.string(),
  chapter: v.string(),
  untestable: v.optional(v.string()),
});
export type ClauseEntry = v.InferOutput<typeof clauseEntry>;

export const runResult = v.object({
  format: v.literal(1),
  runtime: v.object({
    /** as shown: crun, runc, runts */
    name: v.string(),
    /** the command as given */
    command: v.string(),
    /** first line of --version */
    version: v.string(),
  }),
  host: v.object({
    kernel: v.string(),
    architecture: v.string(),
    /** "root" or "user namespace" */
    privilege: v.string(),
    controllers: v.array(v.string()),
    modules: v.array(v.string()),
  }),
  /** ISO 8601 */
  started: v.string(),
  milliseconds: v.number(),
  level,
  only: v.optional(v.string()),
  /** the whole catalogue, in its order, whatever was run */
  clauses: v.array(clauseEntry),
  /** in the order of the cases, not of their ends */
  results: v.array(caseResult),
  /** lines of the list of expected failures that did not come true */
  unforeseen: v.array(v.string()),
});
export type RunResult = v.InferOutput<typeof runResult>;
