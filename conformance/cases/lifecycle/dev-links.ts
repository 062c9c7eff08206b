// SPDX-License-Identifier: Apache-2.0

import { type Case, type Cases, observe } from "../../case.ts";
import type { ClauseId } from "../../catalogue/index.ts";
import { equal } from "../../expect.ts";
import { lstat, stat } from "../../questions.ts";

const link = (clause: ClauseId, path: string, target: string): Case =>
  observe({
    clauses: [clause],
    ask: { link: lstat(path), target: stat(target) },
    expect: (seen) => {
      equal(`whether ${target} exists`, seen.target !== null, true);
      equal(path, { type: seen.link?.type, target: seen.link?.target }, { type: "symlink", target });
    },
  });

export default {
  fd: link("lifecycle.dev-fd", "/dev/fd", "/proc/self/fd"),
  stdin: link("lifecycle.dev-stdin", "/dev/stdin", "/proc/self/fd/0"),
  stdout: link("lifecycle.dev-stdout", "/dev/stdout", "/proc/self/fd/1"),
  stderr: link("lifecycle.dev-stderr", "/dev/stderr", "/proc/self/fd/2"),
} satisfies Cases;
