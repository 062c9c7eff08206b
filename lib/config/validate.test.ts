// SPDX-License-Identifier: Apache-2.0

import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Json } from "../host.ts";
import { brief, edited, podmanConfig, specConfig } from "./fixtures/edit.ts";
import { accept, validate } from "./validate.ts";

const faultsOf = async (value: Json) => (await validate(value)).faults;

test("a right config is accepted as it is", async () => {
  assert.is(accept(podmanConfig, "")?.config, podmanConfig);
  const { config, faults, warnings } = await validate(podmanConfig);
  assert.is(config, podmanConfig);
  assert.equal([faults, warnings], [[], []]);
});

test("a fault says what was found, what is allowed and where the spec says so", async () => {
  assert.equal(await faultsOf(edited({ "/process/user/uid": -1 })), [
    {
      code: "range",
      pointer: "/process/user/uid",
      expected: "an integer from 0 to 4294967295",
      found: "-1",
      spec: "config.md#posix-platform-user",
    },
  ]);
});

test("a missing member is a fault of its parent, which names it", async () => {
  const [fault] = await faultsOf(edited({ "/process/cwd": undefined }));
  assert.equal(fault, {
    code: "required",
    pointer: "/process",
    expected: '"cwd": an absolute path',
    spec: "config.md#process",
  });
});

test("each kind of violation has its code", async () => {
  const cases: [string, Json | undefined, string][] = [
    ["/process/args", [], "range /process/args"],
    ["/process/args", "sh", "type /process/args"],
    ["/process/args/0", 1, "type /process/args/0"],
    ["/process/cwd", "tmp", "format /process/cwd"],
    ["/process/rlimits/0/type", "RLIMIT_X", "enum /process/rlimits/0/type"],
    ["/process/rlimits/0/type", 1, "type /process/rlimits/0/type"],
    ["/process/rlimits/0/hard", 2n ** 64n, "range /process/rlimits/0/hard"],
    ["/process/rlimits/0/hard", 1.5, "type /process/rlimits/0/hard"],
    ["/root", undefined, "required "],
    ["/ociVersion", "1.0", "format /ociVersion"],
    ["/annotations", { "": "x" }, "format /annotations/"],
    ["/hostname", "a".repeat(65), "range /hostname"],
    ["/linux/devices", [{ type: "c", path: "/c", major: 1 }], "required /linux/devices/0"],
    ["/linux/resources/rdma", { a: {} }, "required /linux/resources/rdma/a"],
    ["/linux/timeOffsets", { realtime: {} }, "format /linux/timeOffsets/realtime"],
    ["/mounts/0/uidMappings", [], "required /mounts/0"],
  ];
  for (const [pointer, value, expected] of cases)
    assert.equal(brief(await faultsOf(edited({ [pointer]: value }))), [expected], pointer);
});

test("schema, rules and what is unsupported are told together", async () => {
  const faults = await faultsOf(
    edited({
      "/process/cwd": "tmp",
      "/process/rlimits/0/soft": 9999,
      "/linux/sysctl": { "kernel.panic": "1" },
      "/linux/resources/network": { classID: 1 },
      "/linux/readonlyPaths/0": 7,
    }),
  );
  assert.equal(brief(faults).sort(), [
    "conflict /linux/sysctl/kernel.panic",
    "format /process/cwd",
    "range /process/rlimits/0/soft",
    "type /linux/readonlyPaths/0",
    "unsupported /linux/resources/network",
  ]);
});

test("the rules see the rest of a broken list, and point into the whole one", async () => {
  const limit = (type: Json, soft: number, hard: number): Json => ({ type, soft, hard });
  const rlimits = [
    limit("RLIMIT_X", 1, 1),
    limit("RLIMIT_CPU", 1, 1),
    limit(1, 1, 1),
    limit("RLIMIT_CORE", 2, 1),
  ];
  assert.equal(brief(await faultsOf(edited({ "/process/rlimits": rlimits }))), [
    "enum /process/rlimits/0/type",
    "type /process/rlimits/2/type",
    "range /process/rlimits/3/soft",
  ]);
});

test("even a config without its required parts is looked through", async () => {
  const broken = edited({
    "/ociVersion": undefined,
    "/root": undefined,
    "/linux/resources/network": { classID: 1 },
  });
  assert.equal(brief(await faultsOf(broken)), [
    "required ",
    "required ",
    "unsupported /linux/resources/network",
  ]);
  for (const value of [null, 1, "x", [], 1n])
    assert.equal(brief(await faultsOf(value)), ["type "], typeof value);
});

test("a string with NUL is refused, except where the kernel never sees it", async () => {
  assert.equal(brief(await faultsOf(edited({ "/process/args/0": "a\0b" }))), ["format /process/args/0"]);
  assert.equal(await faultsOf(edited({ "/annotations": { a: "\0" } })), []);
  assert.is(accept(edited({ "/process/args/0": "a\0b" }), '"a\\u0000b"'), undefined);
});

test("a long value is shortened", async () => {
  const [fault] = await faultsOf(edited({ "/hostname": "a".repeat(500) }));
  assert.is(fault?.found?.length, 60);
});

test("a bigint is shown as the integer it is", async () => {
  const [fault] = await faultsOf(edited({ "/process/rlimits/0/hard": 2n ** 64n }));
  assert.is(fault?.found, "18446744073709551616");
});

test("warnings do not refuse, and have places too", async () => {
  const value = edited({ "/process/env/0": "=X" });
  const { config, warnings } = await validate(value, { text: JSON.stringify(value, null, 1) });
  assert.is(config, value);
  assert.equal(
    warnings.map(({ pointer, found, line }) => [pointer, found, line !== undefined]),
    [["/process/env/0", `"=X"`, true]],
  );
});

test("every single broken field of a config gives at least one fault, at it or above it", async () => {
  for (const pointer of [
    "/mounts/1/options/2",
    "/linux/namespaces/3/type",
    "/process/user",
    "/hostname",
    "/root/path",
  ]) {
    const faults = await faultsOf(edited({ [pointer]: 3.5 }, specConfig));
    assert.ok(
      faults.some((fault) => pointer.startsWith(fault.pointer)),
      pointer,
    );
  }
});

test.run();
