// SPDX-License-Identifier: Apache-2.0

import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Word } from "../../lib/host.ts";
import { encode } from "../../lib/plan/encode.ts";
import type { Step } from "../../lib/plan/step.ts";
import { errno, host } from "./host.ts";

const CLONE_NEWNS = 0x20000;

/** What is told of a plan for the runtime alone. */
function traced(runtime: readonly Step[], names?: readonly Word[]) {
  const since = host.now();
  const own = runtime.flatMap(({ op, from }) => [op, from]);
  const plan = encode({ runtime, stage: [], init: [] });
  const tracing = { since, names: names ?? [runtime.length, ...own, 0, 0] };
  const outcome = host.execute(plan, { ...tracing, lines: false });
  const events = (outcome.events ?? "").split("\n").filter((line) => line !== "");
  return {
    outcome,
    lines: host.execute(plan, { ...tracing, lines: true }).lines ?? "",
    events: events.map((line) => JSON.parse(line)),
    since,
  };
}

const open = (path: string, from = "/linux/namespaces/0"): Step => ({
  ...{ op: "openNamespace", from, slot: 0, path, type: CLONE_NEWNS },
});

const hook = (path: string, args: readonly string[], env: readonly string[], optional = 0): Step => ({
  ...{ op: "runHook", from: "/hooks/poststop/0", path, args, env, timeout: 0, optional },
  state: '{"annotations":{"a":"private"},"pid":',
});

test("a plan is not traced unless it is asked for", () => {
  const { events, lines } = host.execute(encode({ runtime: [], stage: [], init: [] }));
  assert.equal([events, lines], [undefined, undefined]);
});

test("each step is an event with its time, its arguments and its result", () => {
  const { events, since } = traced([open("/proc/self/ns/mnt")]);
  assert.is(events.length, 1);
  const [{ ts, dur, args, ...event }] = events;
  assert.equal(event, { name: "openNamespace", cat: "runtime", pid: 1, tid: 2, ph: "X" });
  assert.equal(args, {
    ...{ result: "ok", step: 1, from: "/linux/namespaces/0" },
    ...{ slot: 0, path: "/proc/self/ns/mnt", type: CLONE_NEWNS },
  });
  assert.ok(ts >= 0 && dur > 0 && (ts + dur) * 1000 <= host.now() - since + 1000, `${ts} ${dur}`);
});

test("the step that fails says how, and those after it are not reached", () => {
  const { events, lines } = traced([open("/does/not/exist"), open("/proc/self/ns/mnt")]);
  const [failed, missing] = events;
  assert.is(failed.args.result, "failed");
  assert.equal([failed.args.syscall, failed.args.errno], ["open", errno.ENOENT]);
  assert.match(failed.args.detail, "/does/not/exist");
  assert.equal([missing.args.result, missing.ts, missing.ph], ["not reached", undefined, undefined]);
  assert.match(lines, /^ +\d+ µs +\d+ µs {2}runtime openNamespace \/does\/not\/exist .*\[failed: .*\]\n/);
  assert.match(
    lines,
    /\n +runtime openNamespace \/proc\/self\/ns\/mnt {2}\(\/linux\/namespaces\/0\) {2}\[not reached\]\n$/,
  );
});

test("a hook has a row of its own, with its exit status, and its environment by names only", () => {
  const { events, outcome } = traced([hook("/bin/sh", ["sh", "-c", "exit 3"], ["TOKEN=hidden", "EMPTY"], 1)]);
  assert.is(outcome.process, -1);
  const [step, own] = events;
  assert.equal([step.name, step.cat, own.name, own.cat], ["runHook", "runtime", "/bin/sh", "hooks"]);
  for (const { args } of events) {
    assert.equal([args.result, args.status, args.env], ["warning", 3, ["TOKEN=***", "EMPTY"]]);
    assert.is(args.state, undefined);
  }
  assert.not.match(outcome.events ?? "", "hidden");
  assert.not.match(outcome.events ?? "", "private");
});

test("a hook that a signal ends has 128 and its number", () => {
  const { events } = traced([hook("/bin/sh", ["sh", "-c", "kill -9 $$"], [])]);
  assert.equal([events[0].args.status, events[0].args.result], [137, "failed"]);
});

test("nothing in a name or a path leaves its line, or its string", () => {
  const path = '/a"b\\c\n\u0007\u007f\u0085\u202e\u2066</script>é日😀';
  const { events, lines, outcome } = traced([open(path, path)]);
  assert.equal([events[0].args.path, events[0].args.from], [path, path]);
  assert.is(lines.split("\n").length, 2);
  for (const text of [lines, outcome.events ?? ""])
    assert.not.match(text, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e\u2066]/);
});

test("numbers that a double would round are told as they are", () => {
  const { events } = traced([
    {
      op: "setScheduler",
      from: "",
      policy: -1,
      flags: 2n ** 63n,
      nice: 0,
      priority: 0,
      runtime: 7,
      deadline: 0,
      period: 0,
    },
  ]);
  assert.equal(
    [events[0].args.flags, events[0].args.runtime, events[0].args.policy],
    ["0x8000000000000000", 7, -1],
  );
});

test("passwords of mounts stay out, other options do not", () => {
  const data = ["username=u", "password=p", "vers=3"];
  const step: Step = { op: "remount", from: "", destination: "/", set: 0, clear: 0, super: [], data };
  const outcome = host.execute(encode({ runtime: [], stage: [], init: [step] }), {
    ...{ since: host.now(), lines: false, names: [0, 0, 1, "remount", ""] },
  });
  assert.equal(JSON.parse(outcome.events ?? "").args.data, ["username=u", "password=***", "vers=3"]);
});

test("names that do not go with the plan are no reason to fail", () => {
  const steps = [open("/proc/self/ns/mnt")];
  for (const names of [
    [],
    [0, 0, 0],
    [1],
    ["x"],
    [-1],
    [5, "a", "b"],
    [2 ** 40, "a", "b"],
    new Array(9).fill(1),
  ])
    assert.is(traced(steps, names).outcome.process, -1);
});

test.run();
