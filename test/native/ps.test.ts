// SPDX-License-Identifier: Apache-2.0

// ps: the container's processes, by its cgroups.

import { mkdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { shell } from "./bundle.ts";
import { cgroupMount, expectNoLeaks, snapshot } from "./leaks.ts";
import { hosts, missingHost, Runtime } from "./runtime.ts";
import { waitFor } from "./wait.ts";

const before = snapshot();
const runtime = new Runtime();

function whileRunning(use: (id: string, pid: number) => void, script = "exec sleep 1000"): void {
  const id = runtime.create(shell(script));
  runtime.ok("start", id);
  try {
    use(id, runtime.state(id).pid);
  } finally {
    runtime.ok("delete", "--force", id);
  }
}

const procs = (id: string) => readFileSync(`${cgroupMount}/runts-${id}/cgroup.procs`, "utf8");

test("json is the pids on one line, those of cgroups below as well", () =>
  whileRunning((id, pid) => {
    assert.ok(waitFor(() => procs(id).split("\n").length === 3)); // two processes
    const [first = "", second = ""] = procs(id).split("\n");
    const below = `${cgroupMount}/runts-${id}/below`;
    mkdirSync(below);
    writeFileSync(`${below}/cgroup.procs`, first === `${pid}` ? second : first);
    const pids = [Number(first), Number(second)].sort((a, b) => a - b);
    for (const flag of [["--format", "json"], ["-f", "json"], ["-f=json"]])
      assert.is(runtime.ok("ps", ...flag, id), `${JSON.stringify(pids)}\n`);
    assert.equal(runtime.ok("ps", id).trimEnd().split("\n").length, 3);
    runtime.ok("kill", id, "KILL");
    assert.ok(waitFor(() => runtime.ok("ps", "-f", "json", id) === "[]\n"));
    rmdirSync(below);
  }, "sleep 1000 & wait"));

for (const host of hosts)
  test(`the table is ps(1)'s own, with its arguments, and the container's lines only (${host.name})`, () => {
    const on = new Runtime(host);
    const id = on.create(shell("exec sleep 1000"));
    on.ok("start", id);
    const { pid } = on.state(id);
    const [heading = "", ...rows] = on.ok("ps", id).trimEnd().split("\n");
    assert.match(heading, /^UID +PID +PPID/);
    assert.is(rows.length, 1);
    assert.match(rows[0] ?? "", new RegExp(`^root +${pid} .*sleep 1000$`));
    assert.match(on.ok("ps", id, "-o", "pid,cmd", "-e"), new RegExp(`^ +PID CMD\n *${pid} sleep 1000\n$`));
    assert.match(on.ok("ps", id, "aux"), /^USER .*\n.*sleep 1000\n$/);
    on.ok("delete", "--force", id);
  });
if (missingHost) test.skip(`both hosts run ps # ${missingHost}`);

test("neither form needs PATH", () =>
  whileRunning((id, pid) => {
    const json = runtime.call(["ps", "--format", "json", id], { env: {} });
    assert.equal(json, { status: 0, signal: null, out: `[${pid}]\n`, err: "" });
    const table = runtime.call(["ps", id], { env: {} });
    assert.is(table.err, "");
    assert.match(table.out, "sleep 1000");
  }));

test("a created container has its one process; one that has ended has none", () => {
  const id = runtime.create();
  assert.is(runtime.ok("ps", "-f", "json", id), `[${runtime.state(id).pid}]\n`);
  runtime.ok("kill", id, "KILL");
  assert.ok(waitFor(() => runtime.state(id).status === "stopped"));
  assert.is(runtime.ok("ps", "-f", "json", id), "[]\n");
  assert.is(runtime.ok("ps", id).split("\n").length, 2); // the heading
  runtime.ok("delete", id);
  assert.match(runtime.fails("ps", id), /does not exist/);
});

test("what ps says against its arguments is told, and its output needs the pid", () =>
  whileRunning((id) => {
    assert.match(
      runtime.fails("ps", id, "--no-such-option"),
      /^runts: ps: exit status 1: error: unknown gnu long option/,
    );
    assert.match(runtime.fails("ps", id, "-e", "-o", "cmd"), /no column PID/);
    assert.match(runtime.fails("ps", "-f", "yaml", id), /--format: expected table, json/);
  }));

test("nothing is left behind", () => expectNoLeaks(before));

test.run();
