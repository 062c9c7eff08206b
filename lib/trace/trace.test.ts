// SPDX-License-Identifier: Apache-2.0

import { test } from "uvu";
import * as assert from "uvu/assert";
import { edited } from "../config/fixtures/edit.ts";
import { isConfig } from "../config/generated/guards.js";
import type { Config } from "../config/types.ts";
import type { Outcome } from "../host.ts";
import { conversation, type TraceEvent } from "./conversation.ts";
import { itemOf, matches } from "./page/model.ts";
import { around, ticks, tickText, within, zoomed } from "./page/view.ts";
import { tracePage } from "./page.ts";
import { perfettoTrace } from "./perfetto.ts";
import { type Recording, record, traceLines, traceText } from "./recording.ts";

const done: Outcome = {
  process: -1,
  step: 0,
  syscall: "",
  errno: 0,
  detail: "",
  pid: 7,
  exitStatus: -1,
  warnings: [],
};

type Told = Partial<Omit<TraceEvent, "args">> & { readonly args?: object };

/** A step of init at some time, unless told otherwise. */
const event = (name: string, { args, ...more }: Told = {}): TraceEvent => ({
  ...{ name, cat: "init", pid: 1, tid: 4, ph: "X", ts: 10, dur: 5, ...more },
  args: { result: "ok", ...args },
});

const hostile = "</script><script>alert(1)</script><!-- \u2028 \" \\ & ' `";

function config(): Config {
  const made = edited({
    "/process/env": ["PATH=/bin", "TOKEN=geheim"],
    "/process/args": [hostile],
    "/process/rlimits": [{ type: "RLIMIT_CORE", soft: 0, hard: 18446744073709551615n }],
    "/hooks": { poststop: [{ path: "/h", env: ["KEY=geheim", hostile] }] },
    "/mounts/-": { destination: "/x", type: "cifs", source: "//h/x", options: ["ro", "password=geheim"] },
  });
  if (!isConfig(made)) throw new Error("breaks the schema");
  return made;
}

/** A recording whose clock goes on by a millisecond with each look. */
function recording(events: readonly TraceEvent[], error = "", lines = false): Recording {
  let now = 5e6;
  const trace = record({ began: () => 5e6, now: () => (now += 1e6) }, "create", hostile, lines);
  trace.phase("config.json");
  trace.about("/bundle", config());
  trace.executed({
    ...done,
    events: events.map((one) => `${JSON.stringify(one)}\n`).join(""),
    lines: "a line\n",
  });
  trace.executed(done);
  return trace.finish(error);
}

test("lines of JSON: what it is of, the phases, the events, how it ended", () => {
  const lines = traceLines(recording([event("openProc")], "a reason"))
    .trimEnd()
    .split("\n");
  const [head, begin, phase, step, end, ...more] = lines.map((line) => JSON.parse(line));
  assert.equal([head.runts, head.command, head.id, head.bundle], ["trace", "create", hostile, "/bundle"]);
  assert.ok(!Number.isNaN(Date.parse(head.time)));
  assert.equal([begin.name, begin.ts, begin.dur], ["begin", 0, 1000]);
  assert.equal([phase.name, phase.cat, phase.ts, phase.dur], ["config.json", "command", 1000, 1000]);
  assert.equal(step, event("openProc"));
  assert.equal([end, more], [{ took: 2000, error: "a reason" }, []]);
});

test("as text the phases come first, and how it ended last", () => {
  const text = traceText(recording([], "a reason", true));
  assert.match(text, /^ +at +took {2}process step\n +0 µs +1000 µs {2}command begin\n/);
  assert.ok(text.endsWith(`a line\n   2000 µs  create ${hostile}: a reason\n`));
});

test("a wait belongs to the last of its signals that was begun before it ended", () => {
  const signal = (ts: number) =>
    event("signal", { cat: "runtime", tid: 2, ts, args: { to: "init", event: "start" } });
  const wait = event("wait", { ts: 0, dur: 30, args: { of: "runtime", event: "start" } });
  const [first, second, late] = [signal(5), signal(20), signal(40)];
  assert.equal(conversation([wait, first, second, late]), [{ event: "start", by: second, to: wait }]);
  assert.equal(conversation([{ ...wait, args: { ...wait.args, result: "stopped" } }, first]), []);
  assert.equal(conversation([{ ...wait, args: { ...wait.args, of: "stage" } }, first]), []);
});

test("what is said without a signal is heard, too", () => {
  const heard = event("wait", { cat: "runtime", ts: 0, dur: 30, args: { of: "init", event: "executed" } });
  const execve = event("execve");
  assert.equal(conversation([execve, heard]), [{ event: "executed", by: execve, to: heard }]);
});

test("for Perfetto there are names of rows, whole events, and arrows that begin and end in them", () => {
  const wait = event("wait", { ts: 1, dur: 30, args: { of: "runtime", event: "start" } });
  const signal = event("signal", { cat: "runtime", tid: 2, ts: 20, args: { to: "init", event: "start" } });
  const { ts: _, dur: __, ph: ___, ...missing } = event("execve");
  const trace = JSON.parse(perfettoTrace(recording([wait, signal, missing])));
  assert.equal([trace.displayTimeUnit, trace.otherData.command], ["ms", "create"]);
  const events: Record<string, unknown>[] = trace.traceEvents;
  const of = (ph: string) => events.filter((one) => one.ph === ph);
  assert.equal(
    of("X").map(({ name }) => name),
    ["begin", "config.json", "wait", "signal"],
  );
  assert.equal(of("M").filter(({ name }) => name === "thread_name").length, 5);
  const [from, to] = [of("s")[0] ?? {}, of("f")[0] ?? {}];
  assert.equal([from.tid, to.tid, from.id === to.id, to.bp], [2, 4, true, "e"]);
  assert.ok(Number(from.ts) >= 20 && Number(from.ts) <= 25 && Number(to.ts) > 1 && Number(to.ts) < 31);
  assert.is(events.length, of("X").length + of("M").length + 2);
});

/** The data in a page. */
function dataOf(page: string) {
  const [, text] = /<script type="application\/json" id="trace">([^<]*)<\/script>/.exec(page) ?? [];
  return JSON.parse(text ?? "");
}

test("a page holds the trace, and nothing in it ends its element", () => {
  const page = tracePage(recording([event("execve", { args: { file: hostile } })], hostile));
  assert.is(page.match(/<script/g)?.length, 2);
  assert.is(page.match(/<\/script/g)?.length, 2);
  const { head, end, events, config: shown } = dataOf(page);
  assert.equal([head.id, end.error, shown.process.args], [hostile, hostile, [hostile]]);
  assert.equal(
    events.map(({ name }: TraceEvent) => name),
    ["begin", "config.json", "execve"],
  );
  assert.is(events[2].args.file, hostile);
});

test("a page asks nothing of the network, and runs nothing but its own script", () => {
  const page = tracePage(recording([]));
  const [, policy] = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page) ?? [];
  assert.match(policy ?? "", /^default-src 'none'; script-src 'sha256-[^']+'; style-src 'sha256-[^']+'$/);
  assert.not.match(page.replaceAll("http://www.w3.org/2000/svg", ""), /https?:|@import|url\((?!#)/);
});

test("a page holds no value of a variable and no password, and integers as they are", () => {
  const page = tracePage(recording([]));
  assert.not.match(page, "geheim");
  const { config: shown } = dataOf(page.replace("18446744073709551615", '"18446744073709551615"'));
  assert.equal(shown.process.env, ["PATH=***", "TOKEN=***"]);
  assert.is(shown.hooks.poststop[0].env[0], "KEY=***");
  assert.equal(shown.mounts.at(-1).options, ["ro", "password=***"]);
  assert.is(shown.process.rlimits[0].hard, "18446744073709551615");
});

test("a search finds steps by name, process, origin, result and arguments, whatever the case", () => {
  const item = itemOf(event("mountBind", { args: { from: "/mounts/3", source: "/srv/Data", set: 1 } }));
  for (const typed of ["", "mountb", "INIT", "/mounts/3", "data", "ok", "set=ro", "srv  init"])
    assert.ok(matches(item, typed), typed);
  for (const typed of ["mountc", "/mounts/4", "srv stage"]) assert.not.ok(matches(item, typed), typed);
});

test("zooming keeps what is under the pointer where it is, and stays in the whole", () => {
  assert.equal(zoomed({ from: 0, to: 100 }, 50, 0.5, 100), { from: 25, to: 75 });
  assert.equal(zoomed({ from: 25, to: 75 }, 25, 0.5, 100), { from: 25, to: 50 });
  assert.equal(zoomed({ from: 25, to: 75 }, 50, 100, 100), { from: 0, to: 100 });
  assert.equal(within({ from: 90, to: 130 }, 100), { from: 60, to: 100 });
  assert.equal(around(40, 40, 100), { from: 36, to: 44 });
});

test("the axis has round numbers, and as many digits as tell them apart", () => {
  assert.equal(ticks({ from: 0, to: 100 }, 5), [0, 20, 40, 60, 80, 100]);
  assert.equal(ticks({ from: 1234, to: 1238 }, 4), [1234, 1235, 1236, 1237, 1238]);
  assert.equal(
    [tickText(1234, 1), tickText(1200, 200), tickText(40, 20), tickText(2.5, 0.5)],
    ["1.234 ms", "1.2 ms", "40 µs", "2.5 µs"],
  );
});

test.run();
