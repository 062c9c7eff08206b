// SPDX-License-Identifier: Apache-2.0

import { test } from "uvu";
import * as assert from "uvu/assert";
import { usageNamed } from "./fixtures/usage.ts";
import { pressed, screenLines, type View } from "./stats-view.ts";

const MiB = 2 ** 20;
const machine = { processors: 2, memory: 3 * 2 ** 30 };
const look = { colour: false, unicode: true };
const screen = { columns: 80, rows: 10 };
const view: View = { order: "name", reversed: false, first: 0 };

const busy = (id: string, percent: number) =>
  usageNamed(id, {
    cpu: { percent, limit: null },
    memory: { used: percent * MiB, limit: null, percent: null },
    pids: { current: 2, limit: null },
  });

const many = Array.from({ length: 50 }, (_, i) => busy(`c${String(i).padStart(2, "0")}`, i));

/** The names that are drawn. */
const names = (lines: readonly string[]) => lines.flatMap((line) => /^(c\d\d)\b/.exec(line)?.[1] ?? []);

test("above is what all use of what the machine has, below are the keys", () => {
  const lines = screenLines([busy("c01", 150), busy("c02", 3)], view, machine, screen, look);
  assert.is(lines[0], "2 containers, CPU 153.0% of 200%, memory 153M of 3.0G, 4 processes");
  assert.match(lines[1] ?? "", /^ID /);
  assert.equal(names(lines), ["c01", "c02"]);
  assert.is(lines.length, 10);
  assert.match(lines[9] ?? "", /^q quit {2}sort: n name, c cpu/);
});

test("what is not known is not summed up", () => {
  assert.is(screenLines([usageNamed("c01")], view, machine, screen, look)[0], "1 container");
  const one = usageNamed("c01", { pids: { current: 1, limit: null } });
  assert.is(screenLines([one], view, machine, screen, look)[0], "1 container, 1 process");
});

test("that there is nothing to see is said", () => {
  const lines = screenLines([], view, machine, screen, look);
  assert.is(lines[0], "0 containers");
  assert.is(lines[2], "no container is running");
});

test("no screen is too small, and no line too long", () => {
  for (const colour of [false, true])
    for (const columns of [0, 1, 5, 20, 40, 80, 200])
      for (const rows of [0, 1, 2, 3, 4, 5, 100]) {
        const lines = screenLines(many, view, machine, { columns, rows }, { colour, unicode: true });
        assert.ok(lines.length <= Math.max(rows, 1), `${lines.length} of ${rows}`);
        for (const line of lines) {
          const text = line.replaceAll(/\x1b\[[\d;]*m/g, "");
          assert.ok(columns === 0 || text.length <= Math.max(columns, 12), `${columns}: ${text}`);
        }
      }
});

test("letters sort, r turns round, arrows and the keys beside them move", () => {
  const after = (keys: string, from = view) => pressed(from, keys, screen, many.length);
  assert.equal(after(""), view);
  assert.equal(after("c"), { order: "cpu", reversed: false, first: 0 });
  assert.equal(after("cr"), { order: "cpu", reversed: true, first: 0 });
  assert.equal(after("\x1b[B\x1bOB"), { ...view, first: 2 });
  assert.equal(after("\x1b[A"), view);
  assert.equal(after("\x1b[6~"), { ...view, first: 7 });
  assert.equal(after("\x1b[6~\x1b[5~"), view);
  assert.equal(after("\x1b[F"), { ...view, first: 43 });
  assert.equal(after("\x1b[F\x1b[B"), { ...view, first: 43 });
  assert.equal(after("\x1b[F\x1b[H"), view);
  assert.equal(after("m", { order: "cpu", reversed: true, first: 9 }), {
    order: "memory",
    reversed: false,
    first: 0,
  });
  assert.equal(after("x\x1b["), view);
  for (const key of ["q", "Q", "\x03", "\x04", "\x1b[Bq"]) assert.is(after(key), undefined);
});

test("a part of many is drawn, and which is told", () => {
  const lines = screenLines(many, { ...view, first: 5 }, machine, screen, look);
  assert.equal(names(lines), ["c05", "c06", "c07", "c08", "c09", "c10", "c11"]);
  assert.match(lines[9] ?? "", /^6-12 of 50 \(↑↓\) {2}q quit/);
  const highest = screenLines(many, { order: "cpu", reversed: false, first: 0 }, machine, screen, look);
  assert.is(names(highest)[0], "c49");
});

test("when containers end, the last of those that are left stay in sight", () => {
  const lines = screenLines(many.slice(0, 9), { ...view, first: 40 }, machine, screen, look);
  assert.is(names(lines).length, 7);
  assert.match(lines[9] ?? "", /^3-9 of 9 /);
});

test.run();
