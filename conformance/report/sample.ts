// SPDX-License-Identifier: Apache-2.0

/** A small run with one of everything, for the tests of the reports. What is hostile in it was seen or said. */

import type { CaseResult, ClauseEntry, RunResult } from "../suite/result.ts";

export const hostile = `</script><img src=x onerror="alert('&')"> ]]> # \x1b[31m\0`;

const clause = (
  chapter: string,
  id: string,
  level: ClauseEntry["level"],
  untestable?: string,
): ClauseEntry => ({
  id,
  level,
  text: `The demand of ${id}.`,
  section: `config.md#${id.split(".")[0]}`,
  chapter,
  ...(untestable === undefined ? {} : { untestable }),
});

export const clauses: readonly ClauseEntry[] = [
  clause("Mounts", "mounts.order", "must"),
  clause("Mounts", "mounts.data", "should"),
  clause("Mounts", "mounts.hidden", "must", "cannot be seen | from outside"),
  clause("Hooks", "hooks.prestart", "must"),
  clause("Hooks", "hooks.warn", "may"),
];

const results: readonly CaseResult[] = [
  { name: "mounts/order/two", clauses: ["mounts.order"], outcome: "pass", milliseconds: 40.4 },
  {
    name: "mounts/data/size",
    clauses: ["mounts.data", "mounts.order"],
    outcome: "fail",
    failures: [
      { what: "size of /tmp", expected: '"64k"', seen: "nothing" },
      { what: hostile, expected: "an error", seen: "0" },
    ],
    leaks: ["process 12 /probe pause"],
    bundle: "/tmp/kept/it's",
    commands: ["create c1", "start c1"],
    said: "one\ntwo \x1b[31m",
    milliseconds: 1200,
  },
  {
    name: "hooks/prestart/fails",
    clauses: ["hooks.prestart"],
    outcome: "fail",
    failures: [{ what: "exit status", expected: "an error", seen: "0" }],
    foreseen: { reason: "hooks come later", issue: 4 },
    milliseconds: 30,
  },
  {
    name: "hooks/prestart/limits",
    clauses: ["hooks.prestart"],
    outcome: "skip",
    reason: "no controller # memory",
    milliseconds: 0,
  },
];

export const sample: RunResult = {
  format: 1,
  runtime: { name: "crun", command: "/usr/bin/my crun", version: "crun version 1.8.1" },
  host: {
    kernel: "6.18.5",
    architecture: "x86_64",
    privilege: "root",
    controllers: ["cpu", "pids"],
    modules: [],
  },
  started: "2026-01-20T10:00:00.123Z",
  milliseconds: 1350,
  level: "may",
  clauses: [...clauses],
  results: [...results],
  unforeseen: ["mounts/order/two"],
};

/** The same of another runtime, all of whose cases pass. */
export function passing(name: string, version: string, started = "2026-01-19T10:00:00Z"): RunResult {
  return {
    ...sample,
    runtime: { name, command: name, version },
    started,
    results: results.map(({ name: title, clauses: ids }) => ({
      name: title,
      clauses: ids,
      outcome: "pass",
      milliseconds: 10,
    })),
    unforeseen: [],
  };
}
