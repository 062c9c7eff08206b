// SPDX-License-Identifier: Apache-2.0

import { test } from "uvu";
import * as assert from "uvu/assert";
import { recordingHost } from "../../../cmd/fixtures/host.ts";
import { encode } from "../../config/fixtures/host.ts";
import { treeOf } from "./tree.ts";

test("processes that are not below the first one are told by number and name", () => {
  const stats = {
    7: "7 (sh) S 1 7",
    8: "8 (sleep) S 7 7",
    9: "9 (a) R 1) S 8 9",
    20: "20 (my sh) S 1 20",
    21: "21 (x) S 20 20",
  };
  const files = Object.fromEntries(
    Object.entries(stats).map(([pid, text]) => [`/proc/${pid}/stat`, encode(text)]),
  );
  const { host } = recordingHost([], { files });
  assert.equal(treeOf(host, [7, 8, 9, 20, 21, 33]), {
    inside: [7, 8, 9],
    beside: ["20 (my sh)", "21 (x)"],
  });
  assert.equal(treeOf(host, [7]), { inside: [7], beside: [] });
});

test.run();
