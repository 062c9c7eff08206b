// SPDX-License-Identifier: Apache-2.0

import { test } from "uvu";
import * as assert from "uvu/assert";
import { story } from "./story.ts";

test("step, place with its line, cause, and each remedy on a line", () => {
  const text = story({
    step: { name: "init: mountBind", syscall: "open_tree", errno: 2 },
    places: [
      { file: "/b/config.json", pointer: "/mounts/7", line: 12, column: 5, text: '    "source": "/x",' },
    ],
    why: "/x does not exist",
    remedies: ["make it", "correct the path"],
  });
  assert.is(
    text,
    `  step    init: mountBind: open_tree: ENOENT
  config  /b/config.json:12:5: /mounts/7
          12 | "source": "/x",
  cause   /x does not exist
  try     make it
          correct the path
`,
  );
});

test("what is not known is left out", () => {
  assert.is(story({ places: [], remedies: [] }), "");
  assert.is(
    story({ step: { name: "kill", syscall: "", errno: 0 }, places: [], remedies: ["x"] }),
    "  try     x\n",
  );
});

test.run();
