// SPDX-License-Identifier: Apache-2.0

// What --trace tells of whole commands; docs/debugging.md.

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Change, combine, makeBundle, shell } from "./bundle.ts";
import { newScript } from "./files.ts";
import { expectNoLeaks, snapshot } from "./leaks.ts";
import { hosts, Runtime } from "./runtime.ts";
import { newId, newPath } from "./scratch.ts";

const before = snapshot();
const runtime = new Runtime();

interface Event {
  readonly name: string;
  readonly cat: string;
  readonly ts?: number;
  readonly dur?: number;
  readonly args: { readonly result: string; readonly [name: string]: unknown };
}

/** A trace in lines of JSON: what it is of, its events, how the command ended. */
function readTrace(file: string) {
  const [head, ...rest] = readFileSync(file, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  const end: { took: number; error: string } = rest.pop();
  const events: readonly Event[] = rest;
  return { head, events, end };
}

const named = (events: readonly Event[], name: string) => events.filter((event) => event.name === name);

/** The trace of a command that may fail. */
function traceOf(host: Runtime, ...args: readonly string[]) {
  const file = `${newPath("trace")}.jsonl`;
  const [command = "", ...rest] = args;
  const result = host.call([command, `--trace=${file}`, ...rest]);
  return { ...readTrace(file), result };
}

const secret: Change = (config) => {
  config.process.env.push("TOKEN=hidden-value");
};

for (const host of hosts) {
  const own = new Runtime(host);

  test(`${host.name}: run tells every step of every process up to the program's end`, () => {
    const id = newId();
    const bundle = makeBundle(combine(shell("exit 3"), secret));
    const { head, events, end, result } = traceOf(own, "run", "--bundle", bundle, id);
    assert.equal([result.status, result.err], [3, ""]);
    assert.equal([head.runts, head.command, head.id, head.bundle], ["trace", "run", id, bundle]);
    assert.is(end.error, "");
    for (const { name, args } of events) assert.is(args.result, "ok", `${name}: ${JSON.stringify(args)}`);
    const phases = events.filter(({ cat }) => cat === "command").map(({ name }) => name);
    assert.equal(phases, ["begin", "config.json", "host", "plan", "steps", "clean-up"]);
    for (const name of ["makeState", "cloneInit", "pivotRoot", "execve", "superviseInit", "removeState"])
      assert.is(named(events, name).length, 1, name);
    assert.is(named(events, "program")[0]?.args.status, 3);
    for (const { name, ts = -1, dur = -1 } of events)
      assert.ok(ts >= 0 && dur >= 0 && ts + dur <= end.took + 0.002, `${name}: ${ts} ${dur} ${end.took}`);
  });

  test(`${host.name}: a create that fails has the failing step marked, and what was undone`, () => {
    const bundle = makeBundle((config) => {
      config.mounts.push({ destination: "/x", type: "tmpfs", source: "tmpfs", options: ["size=banana"] });
    });
    const { events, end, result } = traceOf(own, "create", "--bundle", bundle, newId());
    assert.is(result.status, 1);
    assert.match(result.err, "banana");
    assert.ok(end.error !== "" && result.err.startsWith(`runts: ${end.error}`), end.error);
    const failed = events.filter(({ args }) => args.result === "failed");
    assert.is(failed.length, 1);
    assert.equal([failed[0]?.name, failed[0]?.cat], ["mountFilesystem", "init"]);
    assert.equal([failed[0]?.args.syscall, failed[0]?.args.errno], ["fsconfig", 22]);
    assert.match(String(failed[0]?.args.from), /^\/mounts\/\d+$/);
    assert.is(named(events, "pivotRoot")[0]?.args.result, "not reached");
    assert.is(named(events, "execve")[0]?.args.result, "not reached");
    // the runtime's last step heard of it
    assert.equal(
      events.filter(({ args }) => args.result === "stopped").map((event) => event.cat),
      ["runtime"],
    );
    assert.is(named(events, "removeState")[0]?.args.result, "ok");
  });
}

test("a config that is refused leaves a trace of what came before", () => {
  const bundle = makeBundle();
  writeFileSync(`${bundle}/config.json`, "{}");
  const { events, end } = traceOf(runtime, "create", "--bundle", bundle, newId());
  assert.equal(
    events.map(({ name }) => name),
    ["begin", "config.json"],
  );
  assert.match(end.error, "invalid config.json");
});

test("create tells up to the waiting init, and start the rest, with its hooks", () => {
  const [id, kept] = [newId(), newPath("kept")];
  const hook = newScript(`#!/bin/sh\ncat > ${kept}\n`);
  const bundle = makeBundle((config) => {
    config.process.args = ["sleep", "1000"];
    config.hooks = {
      createRuntime: [{ path: hook }],
      poststart: [{ path: "/bin/sh", args: ["sh", "-c", "true"] }],
    };
  });
  const created = traceOf(runtime, "create", "--bundle", bundle, id);
  assert.is(created.end.error, "");
  assert.equal(
    named(created.events, hook).map(({ cat, args }) => [cat, args.status]),
    [["hooks", 0]],
  );
  assert.ok(existsSync(kept));
  assert.is(named(created.events, "execve")[0]?.args.result, "later");
  const started = traceOf(runtime, "start", id);
  assert.equal([started.result.status, started.end.error], [0, ""]);
  const [execve] = named(started.events, "execve");
  assert.equal([execve?.cat, execve?.args.result, execve?.args.from], ["init", "ok", "/process/args"]);
  assert.is(execve?.args.step, named(created.events, "execve")[0]?.args.step);
  assert.equal(
    named(started.events, "/bin/sh").map(({ cat, args }) => [cat, args.status]),
    [["hooks", 0]],
  );
  runtime.ok("delete", "--force", id);
});

test("a start that fails tells which step of init it was", () => {
  const id = runtime.create((config) => {
    config.hooks = { startContainer: [{ path: "/bin/sh", args: ["sh", "-c", "echo why; exit 7"] }] };
  });
  const { events } = traceOf(runtime, "start", id);
  const [hook] = named(events, "runHook");
  assert.equal([hook?.cat, hook?.args.result, hook?.args.status], ["init", "failed", 7]);
  assert.match(String(hook?.args.detail), "why");
  assert.is(named(events, "execve")[0]?.args.result, "not reached");
});

test("exec tells what stage and init do in the container, and no value of the environment", () => {
  const id = runtime.create(combine(shell("sleep 1000"), secret));
  runtime.ok("start", id);
  const file = `${newPath("trace")}.jsonl`;
  runtime.ok("exec", `--trace=${file}`, "--env", "MORE=hidden-too", id, "true");
  const { events } = readTrace(file);
  for (const [name, cat] of [
    ["joinProcess", "stage"],
    ["execve", "init"],
    ["superviseInit", "runtime"],
  ])
    assert.is(named(events, name ?? "")[0]?.cat, cat);
  const env = named(events, "execve")[0]?.args.env;
  assert.ok(Array.isArray(env) && env.includes("TOKEN=***") && env.includes("MORE=***"), String(env));
  assert.not.match(readFileSync(file, "utf8"), "hidden");
  runtime.ok("delete", "--force", id);
});

test("without a file the trace is text on standard error, and with one it is added to what is there", () => {
  const { err } = runtime.run(shell("true"), {}, "--trace");
  assert.match(err, /^ +at +took {2}process step\n +0 µs .* command begin\n/);
  assert.match(err, /\n +\d+ µs +\d+ µs {2}init {4}execve sh {2}\(\/process\/args\)\n/);
  const file = newPath("trace.txt");
  for (const _ of [1, 2]) assert.is(runtime.run(shell("true"), {}, `--trace=${file}`).err, "");
  assert.is(readFileSync(file, "utf8").split("process step").length, 3);
});

test("a trace that cannot be written is told before anything is done", () => {
  const id = newId();
  const said = runtime.fails("create", "--trace=/does/not/exist/t", "--bundle", makeBundle(), id);
  assert.match(said, "/does/not/exist/t");
  assert.match(runtime.fails("state", id), "does not exist");
});

test("the program gets neither the memory of the trace nor its descriptor", () => {
  const { out } = runtime.run(
    shell("ls -l /proc/self/fd; cat /proc/self/maps"),
    {},
    `--trace=${newPath("t")}`,
  );
  assert.match(out, "[stack]");
  assert.not.match(out, "runts-trace");
});

test("nothing is left behind", () => expectNoLeaks(before));

test.run();
