// SPDX-License-Identifier: Apache-2.0

import { act, type Case, type Cases } from "../../case.ts";
import { equal } from "../../expect.ts";
import { expectError } from "../../instruments/life.ts";
import { die, exit, type Question } from "../../questions.ts";
import { exitWords } from "../../stage/reaps.ts";

/** Without any pause in between: the end itself is enough for delete. */
const ends = (asked: Question<null>, expected: string): Case =>
  act({
    clauses: ["lifecycle.ends", "lifecycle.program", "lifecycle.destroyed"],
    run: async (stage) => {
      const { container } = stage;
      stage.ask({ asked });
      await container.create();
      await container.start();
      equal("the end of the process", exitWords(await container.ended()), expected);
      await container.delete();
      expectError("state", await container.try("state"), "the container has been deleted");
    },
  });

export default {
  success: ends(exit(0), "exit code 0"),
  failure: ends(exit(42), "exit code 42"),
  crash: ends(die(11), "ended by signal 11"),
} satisfies Cases;
