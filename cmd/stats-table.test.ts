// SPDX-License-Identifier: Apache-2.0

import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Usage } from "../lib/container/stats/usage.ts";
import { size, statsTable } from "./stats-table.ts";

const MiB = 1 << 20;

const web: Usage = {
  id: "web",
  status: "running",
  cpu: { percent: 134.567 },
  memory: { used: 498 * MiB, limit: 512 * MiB, percent: 97.27 },
  blockIo: { read: 123456789, written: 0, readRate: 2048, writeRate: 0 },
  pids: { current: 3, limit: 100 },
  pressure: { cpu: 11.4, memory: 0.4, io: 0 },
};

const unmeasured: Usage = {
  id: "unmeasured",
  status: "paused",
  cpu: { percent: null },
  memory: { used: null, limit: null, percent: null },
  blockIo: { read: null, written: null, readRate: null, writeRate: null },
  pids: { current: null, limit: null },
  pressure: { cpu: null, memory: null, io: null },
};

const plain = (rows: readonly Usage[], width = 0) => statsTable(rows, { width, colour: false });

test("a line for each container below a heading; what is not known is a dash", () => {
  assert.equal(plain([web, unmeasured]), [
    "ID              CPU        MEMORY    MEM%  READ/s  WRITE/s   READ  WRITTEN      PIDS  STALL C/M/IO",
    "web          134.6%   498M / 512M   97.3%    2.0K       0B   118M       0B   3 / 100       11/0/0%",
    "unmeasured   paused             -       -       -        -      -        -         -             -",
  ]);
});

test("no container is a heading alone", () => assert.is(plain([]).length, 1));

test("eighty columns hold all but totals", () => {
  const [heading = ""] = plain([web], 80);
  assert.is(heading.length, 80);
  for (const title of ["CPU", "MEMORY", "MEM%", "READ/s", "WRITE/s", "PIDS", "STALL"])
    assert.match(heading, title);
});

test("no line is wider than the terminal, and the name gives way only in part", () => {
  const long = { ...web, id: "0123456789abcdef".repeat(4) };
  for (let width = 10; width < 200; width++)
    for (const line of plain([long, web], width)) assert.ok(line.length <= width, `${width}: ${line}`);
  assert.match(plain([long], 60)[1] ?? "", /^0123456789\w*… /);
  assert.match(plain([long], 300)[1] ?? "", long.id);
});

test("only what is tight has a colour, and only when asked for", () => {
  const [heading = "", line = "", other = ""] = statsTable([web, unmeasured], { width: 0, colour: true });
  assert.match(heading, "\x1b[1mMEMORY\x1b[0m");
  assert.match(line, "\x1b[31m498M / 512M\x1b[0m"); // 97 percent
  assert.match(line, "\x1b[33m11/0/0%\x1b[0m");
  assert.is(line.split("\x1b[0m").length - 1, 3);
  assert.not.match(other, "\x1b");
  assert.not.match(plain([web]).join(""), "\x1b");
});

test("sizes have at most four characters and a unit", () => {
  for (const [bytes, wanted] of [
    [0, "0B"],
    [999, "999B"],
    [1000, "1.0K"],
    [1536, "1.5K"],
    [102348, "99.9K"],
    [102400, "100K"],
    [1023 * 1024, "1.0M"],
    [5 * 2 ** 40, "5.0T"],
    [2 ** 63, "8.0E"],
    [null, "-"],
  ] as const)
    assert.is(size(bytes), wanted, String(bytes));
});

test.run();
