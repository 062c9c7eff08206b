// SPDX-License-Identifier: Apache-2.0

import { test } from "uvu";
import * as assert from "uvu/assert";
import { recordingHost } from "../cmd/fixtures/host.ts";
import { openLog, shorten } from "./log.ts";

test("warnings of a JSON log go with the error, so that a failure is one object", () => {
  const { host, appended } = recordingHost([]);
  const log = openLog(host, "/log", "json");
  log.warn("first");
  log.error('second "quoted"\nline');
  log.close();
  const { level, msg, warnings } = JSON.parse(appended["/log"] ?? "");
  assert.equal([level, msg, warnings], ["error", 'second "quoted"\nline', ["first"]]);
  assert.is((appended["/log"] ?? "").split("\n").length, 2);
});

test("warnings of what succeeds are lines of their own", () => {
  const { host, appended, written } = recordingHost([]);
  const log = openLog(host, "/log", "json");
  log.warn("first");
  log.close();
  assert.match(appended["/log"] ?? "", /^\{"level":"warning","msg":"first","time":"[^"]+"\}\n$/);
  assert.is(written[2], "");
});

test("a text log has lines of names and values", () => {
  const { host, appended } = recordingHost([]);
  const log = openLog(host, "/log", "text");
  log.warn("a\nb");
  log.error("c");
  assert.match(
    appended["/log"] ?? "",
    /^time="[^"]+" level=warning msg="a\\nb"\ntime="[^"]+" level=error msg="c"\n$/,
  );
});

test("without a log file a person reads the program's name on standard error", () => {
  const { host, written } = recordingHost([]);
  const log = openLog(host, undefined, "json");
  log.warn("a");
  log.error("b");
  assert.is(written[2], "runts: warning: a\nrunts: b\n");
});

test("what is longer than conmon reads is cut between characters", () => {
  assert.is(shorten("short", 100), "short");
  assert.is(shorten("ääää", 8), "ääää");
  assert.is(shorten("äääää", 8), "ää…");
  assert.is(shorten("a".repeat(9000), 8190).length, 8188);
});

test.run();
