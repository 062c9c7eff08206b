// SPDX-License-Identifier: Apache-2.0

import { act, type Cases, observe, refuse } from "../../case.ts";
import { contains, equal, holds } from "../../expect.ts";
import { environment } from "../../questions.ts";
import { collectAnswers } from "../../stage/answers.ts";

const entries = [
  "PATH=/usr/bin:/bin",
  "EMPTY=",
  "EQUALS=a=b=c=",
  "BLANKS=  two  words ",
  "LINES=one\ntwo\n",
  "QUOTES='\"`$HOME\\",
  "TEXT=příliš 猫",
  "lower.dotted-name=1",
  `LONG=${"x".repeat(32768)}`,
];

const malformed = (entry: string) =>
  refuse({ clauses: ["process.env-form"], at: "either", change: { "/process/env": [entry] } });

const own = (env: readonly string[] | undefined) =>
  act({
    clauses: ["process.env-own"],
    change: { "/process/env": env },
    run: async (stage) => {
      const { container } = stage;
      const asked = { environment } as const;
      stage.ask(asked);
      const marked = { ...process.env, XDG_RUNTIME_DIR: stage.place.scratch, CONFORMANCE_MARK: "runtime" };
      await container.create([], { env: marked });
      await stage.runtime.call(["start", container.id], { env: marked });
      await container.ended();
      const seen = collectAnswers(asked, container.lines, container.end).environment;
      const mark = seen.filter((entry) => entry.startsWith("CONFORMANCE_MARK="));
      equal("what comes from the runtime's environment", mark, []);
    },
  });

export default {
  unchanged: observe({
    clauses: ["process.env"],
    change: { "/process/env": entries },
    ask: { environment },
    expect: (seen) => {
      for (const entry of entries) contains("the environment", seen.environment, entry);
      const names = seen.environment.map((entry) => entry.slice(0, entry.indexOf("=")));
      holds("the names in it", names, "each once", new Set(names).size === names.length);
    },
  }),
  own: own(["A=1"]),
  "own-without-env": own(undefined),
  "no-value": malformed("NAME"),
  "null-byte": malformed("NAME=a\0b"),
} satisfies Cases;
