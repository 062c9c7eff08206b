// SPDX-License-Identifier: Apache-2.0

import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Usage } from "../lib/container/stats/usage.ts";
import { size } from "./stats-columns.ts";
import { hasUnicode, type Look, statsTable } from "./stats-table.ts";

const MiB = 1 << 20;

const web: Usage = {
  id: "web",
  status: "running",
  cpu: { percent: 134.567, limit: null },
  memory: { used: 498 * MiB, limit: 512 * MiB, percent: 97.27 },
  blockIo: { read: 123456789, written: 0, readRate: 2048, writeRate: 0 },
  pids: { current: 3, limit: 100 },
  pressure: { cpu: 11.4, memory: 0.4, io: 0 },
};

const unmeasured: Usage = {
  id: "unmeasured",
  status: "paused",
  cpu: { percent: null, limit: null },
  memory: { used: null, limit: null, percent: null },
  blockIo: { read: null, written: null, readRate: null, writeRate: null },
  pids: { current: null, limit: null },
  pressure: { cpu: null, memory: null, io: null },
};

const look: Look = { width: 0, colour: false, unicode: true, bars: false, processors: 2 };
const plain = (rows: readonly Usage[], width = 0) => statsTable(rows, { ...look, width });

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
  for (const bars of [false, true])
    for (let width = 10; width < 200; width++)
      for (const line of statsTable([long, web], { ...look, width, bars }))
        assert.ok(line.length <= width, `${width}: ${line}`);
  assert.match(plain([long], 60)[1] ?? "", /^0123456789\w*… /);
  assert.match(plain([long], 300)[1] ?? "", long.id);
});

test("what is tight has a colour, what is idle is faint, and only when asked for", () => {
  const [heading = "", line = "", other = ""] = statsTable([web, unmeasured], { ...look, colour: true });
  assert.match(heading, "\x1b[1mMEMORY\x1b[0m");
  assert.match(line, "\x1b[31m498M / 512M\x1b[0m"); // 97 percent
  assert.match(line, "\x1b[33m11/0/0%\x1b[0m");
  assert.match(line, " 134.6% ");
  assert.match(line, "\x1b[2m0B\x1b[0m");
  assert.match(other, "\x1b[2m-\x1b[0m");
  assert.not.match(other, "\x1b[3");
  assert.not.match(plain([web]).join(""), "\x1b");
});

test("the column that the lines are sorted by is marked", () => {
  const [heading = ""] = statsTable([web], { ...look, colour: true, order: "memory" });
  assert.match(heading, "\x1b[1;7mMEMORY\x1b[0m");
  assert.match(heading, "\x1b[1mCPU\x1b[0m");
});

test("a quota stands beside what is used of it", () => {
  const limited = { ...web, cpu: { percent: 48.32, limit: 50 } };
  const [, line = ""] = statsTable([limited], { ...look, colour: true });
  assert.match(line, "\x1b[31m48.3% / 50%\x1b[0m"); // 97 percent
  assert.match(plain([{ ...web, cpu: { percent: 1, limit: 12.5 } }])[1] ?? "", " 1.0% / 12.5% ");
});

/** The bars of the first container's line. */
function barsOf(usage: Usage, with_: Partial<Look> = {}): readonly string[] {
  const [, line = ""] = statsTable([usage], { ...look, bars: true, ...with_ });
  return line.match(/[█▏▎▍▌▋▊▉#·.]{8}/g) ?? [];
}

test("bars show the share of the quota, or of all processors, and of the memory limit", () => {
  assert.equal(barsOf(web), ["█████▍··", "███████▊"]);
  assert.equal(barsOf({ ...web, cpu: { percent: 50, limit: 50 } }), ["████████", "███████▊"]);
  assert.equal(barsOf(web, { processors: 16 }), ["▋·······", "███████▊"]);
  assert.equal(barsOf(web, { unicode: false }), ["#####...", "########"]);
  // what is there can be seen, what is more than all of it is all
  assert.equal(barsOf({ ...web, cpu: { percent: 0.1, limit: null } })[0], "▏·······");
  assert.equal(barsOf({ ...web, cpu: { percent: 250, limit: null } })[0], "████████");
  assert.equal(barsOf({ ...web, cpu: { percent: 0, limit: null } })[0], "········");
  assert.equal(barsOf(unmeasured), []);
});

test("there are bars from a hundred columns up, and never at the cost of rates", () => {
  const heading = (width: number) => statsTable([web], { ...look, bars: true, width });
  assert.is(barsOf(web, { width: 100 }).length, 2);
  assert.is(barsOf(web, { width: 80 }).length, 0);
  for (let width = 80; width < 200; width++) assert.match(heading(width)[0] ?? "", "READ/s");
});

test("without UTF-8 there is nothing but ASCII", () => {
  const long = { ...web, id: "0123456789abcdef".repeat(4) };
  for (const line of statsTable([long], { ...look, unicode: false, bars: true, width: 120 }))
    assert.match(line, /^[ -~]+$/);
  const locale = (env: Readonly<Record<string, string>>) => hasUnicode({ env: (name) => env[name] });
  assert.ok(locale({ LANG: "en_GB.UTF-8" }));
  assert.ok(locale({ LANG: "C", LC_ALL: "C.utf8" }));
  assert.not(locale({ LANG: "en_GB.UTF-8", LC_ALL: "C" }));
  assert.not(locale({ LANG: "en_GB.UTF-8", LC_CTYPE: "de_DE.ISO-8859-1" }));
  assert.not(locale({}));
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
