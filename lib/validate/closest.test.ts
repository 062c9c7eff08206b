// SPDX-License-Identifier: Apache-2.0

import { test } from "uvu";
import * as assert from "uvu/assert";
import { closest } from "./closest.ts";

const words = ["RLIMIT_NOFILE", "RLIMIT_CPU", "readonly", "mount", "SCMP_ACT_ALLOW"];

test("a slip of a few letters, another case and a missing beginning lead to the word meant", () => {
  assert.is(closest("RLIMIT_NOFIL", words), "RLIMIT_NOFILE");
  assert.is(closest("readOnly", words), "readonly");
  assert.is(closest("ReadOnyl", words), "readonly");
  assert.is(closest("nofile", words), "RLIMIT_NOFILE");
  assert.is(closest("ALLOW", words), "SCMP_ACT_ALLOW");
  assert.is(closest("mounts", words), "mount");
});

test("what is like nothing has no word that was meant", () => {
  for (const word of ["", "x", "memory", "com.example.vendor", "RLIMIT_BOGUSLY"])
    assert.is(closest(word, words), undefined, word);
  assert.is(closest("mount", []), undefined);
});

test.run();
