// SPDX-License-Identifier: Apache-2.0
// A command line under a terminal: script(1) gives it one.

import { execute } from "../podman/podman.js";

export function quote(word) {
  return `'${word.replaceAll("'", "'\\''")}'`;
}

/** Its output is what the terminal showed, its exit code the command's. */
export function script(line) {
  return execute("script", ["-qec", line, "/dev/null"]);
}
