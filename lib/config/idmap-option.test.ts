// SPDX-License-Identifier: Apache-2.0

import { test } from "uvu";
import * as assert from "uvu/assert";
import { parseIdmapOption } from "./idmap-option.ts";

const none = { uids: [], gids: [] };
const range = (containerID: number, hostID: number, size: number) => ({ containerID, hostID, size });

test("ranges of users and of groups", () => {
  assert.equal(parseIdmapOption("uids=0-1-10#10-11-10;gids=0-100-10", none), {
    uids: [range(0, 1, 10), range(10, 11, 10)],
    gids: [range(0, 100, 10)],
  });
});

test("one kind stands for both", () => {
  assert.equal(parseIdmapOption("gids=5-6-7", none), { uids: [range(5, 6, 7)], gids: [range(5, 6, 7)] });
});

test("ids of the container's user namespace become the host's", () => {
  const uids = [range(0, 0, 1), range(1, 2, 1000)];
  assert.equal(parseIdmapOption("uids=@1-3-10", { uids, gids: [] })?.uids, [range(1, 4, 10)]);
  // no mapping covers it
  assert.equal(parseIdmapOption("uids=@1-5000-10", { uids, gids: [] })?.uids, [range(1, 5000, 10)]);
});

test("anything else is nothing", () => {
  for (const text of [
    "",
    "uids",
    "uids=",
    "uids=0-1",
    "uids=0-1-0",
    "uids=0-1--1",
    "uids=0-1-10;uids=0-1-10",
    "ids=0-1-10",
    "uids=0-1-10;",
    "uids=0-1-10#",
    "uids=0 1 10",
    "uids=0-1-99999999999",
  ])
    assert.is(parseIdmapOption(text, none), undefined, text);
});

test.run();
