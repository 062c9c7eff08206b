// SPDX-License-Identifier: Apache-2.0

/** Properties that nobody knows, and values that are of no use. */

import { type Case, type Cases, observe, refuse } from "../../case.ts";
import { equal } from "../../expect.ts";
import { names } from "../../questions.ts";

const invalid = (pointer: string, value: unknown): Case =>
  refuse({ clauses: ["config.invalid-values"], change: { [pointer]: value } });

const unknown = (...pointers: readonly string[]): Case =>
  observe({
    clauses: ["config.unknown-properties"],
    change: Object.fromEntries(
      pointers.map((pointer) => [`${pointer}/conformanceNonsense`, { any: ["thing"] }]),
    ),
    ask: { names },
    expect: (seen) => equal("hostname", seen.names.hostname, "conformance"),
  });

export default {
  "unknown-at-the-top": unknown(""),
  "unknown-below": unknown(
    "/root",
    "/mounts/0",
    "/process",
    "/process/user",
    "/process/capabilities",
    "/linux",
    "/linux/namespaces/0",
    "/hooks",
  ),
  "hostname-number": invalid("/hostname", 5),
  "root-text": invalid("/root", "rootfs"),
  "root-path-number": invalid("/root/path", 5),
  "readonly-text": invalid("/root/readonly", "true"),
  "mounts-object": invalid("/mounts", {}),
  "mount-text": invalid("/mounts/-", "/proc"),
  "mount-options-text": invalid("/mounts/0/options", "nosuid"),
  "mount-option-number": invalid("/mounts/0/options", [5]),
  "mount-type-list": invalid("/mounts/0/type", ["proc"]),
  "process-list": invalid("/process", []),
  "linux-text": invalid("/linux", "yes"),
  "uid-negative": invalid("/process/user/uid", -1),
  "uid-beyond-32-bits": invalid("/process/user/uid", 4_294_967_296),
  "uid-fraction": invalid("/process/user/uid", 0.5),
} satisfies Cases;
