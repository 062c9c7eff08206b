// SPDX-License-Identifier: Apache-2.0

import { test } from "uvu";
import * as assert from "uvu/assert";
import { faultsOf } from "../fixtures/edit.ts";

test("a personality has no flags, for the spec defines none", () => {
  const found = (flags: string[]) => faultsOf({ "/linux/personality": { domain: "LINUX32", flags } });
  assert.equal(found([]), []);
  assert.equal(found(["ADDR_NO_RANDOMIZE"]), ["unsupported /linux/personality/flags/0"]);
});

test.run();
