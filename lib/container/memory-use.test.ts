// SPDX-License-Identifier: Apache-2.0

import { test } from "uvu";
import * as assert from "uvu/assert";
import { encode, memoryHost } from "../config/fixtures/host.ts";
import { RuntsError } from "../errors.ts";
import { checkPresentUse } from "./memory-use.ts";

const host = memoryHost({ "/m/c/memory.current": encode("9007199254740993\n") });

function isRefused(memory: Parameters<typeof checkPresentUse>[2], folder = "/m/c"): boolean {
  try {
    checkPresentUse(host, folder, memory);
    return false;
  } catch (error) {
    return error instanceof RuntsError && error.facts.pointer === "/linux/resources/memory/limit";
  }
}

test("a limit below the present use is refused when asked to look, to the byte", () => {
  assert.ok(isRefused({ limit: 9007199254740992n, checkBeforeUpdate: true }));
  assert.not(isRefused({ limit: 9007199254740993n, checkBeforeUpdate: true }));
  assert.not(isRefused({ limit: 4096 }));
  assert.not(isRefused({ limit: -1, checkBeforeUpdate: true }));
});

test("a cgroup that is not there uses nothing", () => {
  assert.not(isRefused({ limit: 4096, checkBeforeUpdate: true }, "/m/new"));
});

test.run();
