// SPDX-License-Identifier: Apache-2.0

import { test } from "uvu";
import * as assert from "uvu/assert";
import { limitsConfig, podmanConfig, specConfig } from "../config/fixtures/edit.ts";
import { brief, findingsOf } from "./fixtures/inspected.ts";

test("every mount that no plan can be made of is told, at its own place", () => {
  const findings = findingsOf({
    "/mounts": [
      { destination: "/proc/self", type: "tmpfs" },
      { destination: "/ok", type: "tmpfs" },
      { destination: "/", type: "tmpfs" },
      { destination: "/b", source: "/x", options: ["bind", "size=5"] },
    ],
  });
  assert.equal(brief(findings.filter(({ severity }) => severity === "error")), [
    "conflict /mounts/0/destination",
    "conflict /mounts/2/destination",
    "conflict /mounts/3/options",
  ]);
});

test("a right config has none", () => {
  for (const config of [specConfig, podmanConfig, limitsConfig])
    assert.equal(brief(findingsOf({}, config)), []);
});

test.run();
