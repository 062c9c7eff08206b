// SPDX-License-Identifier: Apache-2.0

import { table } from "../tables/table.ts";

/** What each rule looks for: the list of all that `validate` can tell. */
export const ruleTitles: Readonly<Record<string, string>> = table({
  // errors, as lib/errors.ts has them; the runtime's own rules give warnings of the same names
  syntax: "The document is not JSON",
  duplicate: "A name is twice in one object",
  type: "A value is of the wrong type",
  required: "Something is missing",
  enum: "A name is none of those that may stand there",
  range: "A value is out of its range",
  format: "A string is not of the form asked for",
  conflict: "A value does not go with another, or with the spec's prose",
  unsupported: "Valid, but not supported by this runtime",
  // warnings
  "misspelt-name": "A property that is not known is like one that is",
  "misplaced-name": "A property is known in another object",
  "newer-version": "The config is of a newer runtime-spec",
  "deprecated-hook": "prestart hooks are deprecated",
  "hidden-mount": "A later mount hides an earlier one",
  "masked-mount": "A masked path hides a mount",
  "relative-destination": "A mount's destination is not absolute",
  "host-view": "A mount shows what is the host's",
  "misspelt-option": "A mount option that is not known is like one that is",
  "tiny-tmpfs": "A tmpfs is smaller than a page",
  "command-line": "A whole command line stands for a program's name",
  "variable-twice": "An environment variable is set twice",
  "no-path": "A program is named without a path, and PATH is not set",
  "no-terminal": "A console size without a terminal",
  "cpu-shares": "CPU shares are out of the kernel's range",
  "cpu-quota": "A CPU quota is below what the kernel takes",
  "cpu-period": "A CPU period is out of the kernel's range",
  "tiny-memory": "A memory limit is too small to start anything",
  "memory-reservation": "A memory reservation is beyond the limit",
  "seccomp-start": "A seccomp profile refuses what programs need to start",
  "rootfs-missing": "The root file system is not there",
  "program-missing": "The program is not in the root file system",
  "source-missing": "The source of a bind mount is not there",
  "hook-missing": "The program of a hook is not there",
  "namespace-missing": "A namespace to join is not there",
});
