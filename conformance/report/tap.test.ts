// SPDX-License-Identifier: Apache-2.0

import { test } from "uvu";
import * as assert from "uvu/assert";
import { sample } from "./sample.ts";
import { tap } from "./tap.ts";

test("TAP 13, with what is known of failures below them", () => {
  assert.is(
    tap(sample),
    `TAP version 13
1..4
# crun: crun version 1.8.1
ok 1 - mounts/order/two
not ok 2 - mounts/data/size
  ---
  clauses:
    - "mounts.data"
    - "mounts.order"
  level: should
  demand: "The demand of mounts.data."
  section: "config.md#mounts"
  failures:
    - what: "size of /tmp"
      expected: "\\"64k\\""
      seen: "nothing"
    - what: "</script><img src=x onerror=\\"alert('&')\\"> ]]> # \\u001b[31m\\u0000"
      expected: "an error"
      seen: "0"
  leaks:
    - "process 12 /probe pause"
  said: "one\\ntwo \\u001b[31m"
  bundle: "/tmp/kept/it's"
  duration_ms: 1200
  ...
not ok 3 - hooks/prestart/fails # TODO hooks come later (issue 4)
  ---
  clauses:
    - "hooks.prestart"
  level: must
  demand: "The demand of hooks.prestart."
  section: "config.md#hooks"
  failures:
    - what: "exit status"
      expected: "an error"
      seen: "0"
  duration_ms: 30
  ...
ok 4 - hooks/prestart/limits # SKIP no controller \\# memory
`,
  );
});

test("nothing that was run is a plan of nothing", () => {
  assert.is(tap({ ...sample, results: [] }), "TAP version 13\n1..0\n# crun: crun version 1.8.1\n");
});

test.run();
