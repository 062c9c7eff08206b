// SPDX-License-Identifier: Apache-2.0

import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Config, Linux } from "../../config/types.ts";
import { RuntsError } from "../../errors.ts";
import { lastErrors } from "./log.ts";
import { checkRestorable } from "./program.ts";

const mount = { type: "mount" } as const;

function refusal(linux: Linux, more: Pick<Config, "mounts"> = {}): string | undefined {
  try {
    checkRestorable({
      ociVersion: "1.3.0",
      root: { path: "rootfs" },
      linux: { namespaces: [mount], ...linux },
      ...more,
    });
    return undefined;
  } catch (error) {
    return error instanceof RuntsError ? error.facts.pointer : String(error);
  }
}

test("what criu would lose is refused by name", () => {
  assert.is(refusal({}), undefined);
  assert.is(refusal({ namespaces: [] }), "/linux/namespaces");
  assert.is(refusal({ namespaces: [mount, { type: "user" }] }), "/linux/namespaces/1");
  assert.is(refusal({ namespaces: [mount, { type: "cgroup", path: "/x" }] }), "/linux/namespaces/1/path");
  assert.is(refusal({ namespaces: [mount, { type: "network", path: "/x" }] }), undefined);
  assert.is(refusal({ intelRdt: {} }), "/linux/intelRdt");
  const mapped = { destination: "/a", source: "/b", options: ["bind", "idmap"] };
  assert.is(refusal({}, { mounts: [mapped] }), "/mounts/0");
});

test("of a page server that does not answer criu says so without the word", () => {
  const log = "(00.1) Can't connect to server ::1:27\n(00.2) Error (criu/cr-dump.c:1): Dumping FAILED.\n";
  assert.equal(lastErrors(log), [
    "Can't connect to server ::1:27",
    "Error (criu/cr-dump.c:1): Dumping FAILED.",
  ]);
});

test("the last errors of a log are told without their times", () => {
  const log = [
    "(00.000012) fine",
    "(00.100000) Error (criu/x.c:1): early",
    ...Array.from({ length: 6 }, (_, i) => `(00.2)     ${i}: Error (criu/y.c:${i}): late`),
    "",
  ].join("\n");
  assert.equal(
    lastErrors(log),
    Array.from({ length: 6 }, (_, i) => `Error (criu/y.c:${i}): late`),
  );
});

test.run();
