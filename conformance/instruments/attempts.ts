// SPDX-License-Identifier: Apache-2.0

/** What options of a mount forbid, and how a process finds out: one row for each pair of opposites. */

import * as v from "valibot";
import type { Change, Need } from "../case.ts";
import { kernel, root } from "../needs.ts";
import { create, type Outcome, open, type Question, run } from "../questions.ts";

export interface Attempt {
  /** The option that forbids it, as mountinfo shows it, and the one that does not. */
  readonly restrict: string;
  readonly permit: string;
  /** An option that mount(8) would hand to the kernel along with these, to no effect on the attempt. */
  readonly beside: string;
  /** Tries it in a folder made by mountTree (sources.ts); "ok", or a word for what happened instead. */
  readonly ask: (folder: string) => Question<string>;
  readonly forbidden: string;
  readonly needs?: readonly Need[];
  readonly change?: Change;
}

const inWords = <Answer>(
  { ask, answer }: Question<Answer>,
  word: (answer: Answer) => string,
): Question<string> => ({
  ask,
  answer: v.pipe(answer, v.transform(word)),
});

const outcomeWord = ({ ok, errno }: Outcome) => (ok ? "ok" : (errno ?? "an error"));

/** Of the line that the program called as another user wrote. */
function effectiveUser({ output, errno }: { output: string | null; errno?: string | undefined }): string {
  if (errno !== undefined) return errno;
  const written = v.safeParse(
    v.object({ answer: v.object({ uid: v.tuple([v.number(), v.number()]) }) }),
    JSON.parse(output || "null"),
  );
  if (!written.success) return `no answer but ${output}`;
  const user = written.output.answer.uid[1];
  return user === 0 ? "ok" : `effective user ${user}`;
}

export const attempts: readonly Attempt[] = [
  {
    restrict: "ro",
    permit: "rw",
    beside: "nosuid",
    ask: (folder) => inWords(create(`${folder}/new`), outcomeWord),
    forbidden: "EROFS",
  },
  {
    restrict: "noexec",
    permit: "exec",
    beside: "nosuid",
    ask: (folder) =>
      inWords(run(`${folder}/program`, "identity"), ({ errno, exit }) =>
        exit === 0 ? "ok" : (errno ?? `exit code ${exit}`),
      ),
    forbidden: "EACCES",
  },
  {
    restrict: "nodev",
    permit: "dev",
    beside: "nosuid",
    ask: (folder) => inWords(open(`${folder}/null`, "r"), outcomeWord),
    forbidden: "EACCES",
    needs: [root],
  },
  {
    restrict: "nosuid",
    permit: "suid",
    beside: "nodev",
    ask: (folder) => inWords(run(`${folder}/suid`, "identity"), effectiveUser),
    forbidden: "effective user 1000",
    needs: [root],
    // Without new privileges no program can become another user, whatever its mount allows.
    change: { "/process/user": { uid: 1000, gid: 1000 }, "/process/noNewPrivileges": false },
  },
  {
    restrict: "nosymfollow",
    permit: "symfollow",
    beside: "nosuid",
    ask: (folder) => inWords(open(`${folder}/link`, "r"), outcomeWord),
    forbidden: "ELOOP",
    needs: [kernel(5, 10)],
  },
];
