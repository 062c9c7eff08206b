// SPDX-License-Identifier: Apache-2.0

import { test } from "uvu";
import * as assert from "uvu/assert";
import { faultsOf, warningsOf } from "../fixtures/edit.ts";

const infinity = 18446744073709551615n;

test("a soft limit is at most the hard one, whether number or bigint", () => {
  const limit = (soft: number | bigint, hard: number | bigint) =>
    faultsOf({ "/process/rlimits": [{ type: "RLIMIT_CORE", soft, hard }] });
  assert.equal(limit(1, 1), []);
  assert.equal(limit(infinity, infinity), []);
  assert.equal(limit(1, infinity), []);
  assert.equal(limit(2, 1), ["range /process/rlimits/0/soft"]);
  assert.equal(limit(infinity, 1), ["range /process/rlimits/0/soft"]);
});

test("a resource limited twice is a fault at the second", () => {
  const core = { type: "RLIMIT_CORE", soft: 0, hard: 0 };
  const cpu = { type: "RLIMIT_CPU", soft: 0, hard: 0 };
  assert.equal(faultsOf({ "/process/rlimits": [core, cpu] }), []);
  assert.equal(faultsOf({ "/process/rlimits": [core, cpu, core] }), ["conflict /process/rlimits/2/type"]);
});

test("the id that means none is refused", () => {
  const none = 4294967295;
  assert.equal(faultsOf({ "/process/user": { uid: none - 1, gid: none - 1, additionalGids: [0] } }), []);
  assert.equal(faultsOf({ "/process/user": { uid: none, gid: none, additionalGids: [1, none] } }), [
    "range /process/user/uid",
    "range /process/user/gid",
    "range /process/user/additionalGids/1",
  ]);
});

test("an environment entry without a value is refused, one without a name is warned about", () => {
  assert.equal(warningsOf({ "/process/env": ["A=", "B=c=d"] }), []);
  assert.equal(faultsOf({ "/process/env": ["A", "B=", "=C"] }), ["format /process/env/0"]);
  assert.equal(warningsOf({ "/process/env": ["B=", "=C"] }), ["format /process/env/1"]);
});

test("lists of processors are refused where no kernel could heed them", () => {
  const found = (initial: string, final: string) =>
    faultsOf({ "/process/execCPUAffinity": { initial, final } });
  assert.equal(found("0-3,7", ""), []);
  assert.equal(found("", "8191"), []);
  assert.equal(found("3-0", "0-8192"), [
    "format /process/execCPUAffinity/initial",
    "range /process/execCPUAffinity/final",
  ]);
});

test("groups that are asked for and not given are warned about", () => {
  const warned = (value: string, additionalGids: number[]) =>
    warningsOf({
      "/annotations": { "run.oci.keep_original_groups": value },
      "/process/user": { uid: 0, gid: 0, additionalGids },
    });
  assert.equal(warned("1", [5]), ["conflict /process/user/additionalGids"]);
  assert.equal(warned("1", []), []);
  assert.equal(warned("0", [5]), []);
});

test.run();
