// SPDX-License-Identifier: Apache-2.0

// events and stats as far as no controller is needed: the processor's time and pressure are always counted.

import { spawnSync } from "node:child_process";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { shell } from "./bundle.ts";
import { newScript } from "./files.ts";
import { cgroupMount, expectNoLeaks, snapshot } from "./leaks.ts";
import { hasOpened, hosts, missingHost, Runtime } from "./runtime.ts";
import { newPath } from "./scratch.ts";
import { waitFor } from "./wait.ts";

const before = snapshot();
const runtime = new Runtime();

/** A running container, while `use` runs. */
async function whileRunning(
  use: (id: string) => void | Promise<void>,
  script = "while :; do sleep 0.01; done",
  on: Runtime = runtime,
): Promise<void> {
  const id = on.create(shell(script));
  on.ok("start", id);
  try {
    await use(id);
  } finally {
    on.ok("delete", "--force", id);
  }
}

const objects = (out: string) =>
  out
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));

for (const host of hosts)
  test(`stats are told at each interval until the container ends (${host.name})`, async () => {
    const on = new Runtime(host);
    const id = on.create(shell("exec sleep 1000"));
    on.ok("start", id);
    const events = on.launch(["events", "--interval", "50ms", id]);
    assert.ok(waitFor(() => events.out().split("\n").length > 3));
    const killed = Date.now();
    on.ok("kill", id, "KILL");
    const { status, out } = await events.ended;
    assert.is(status, 0);
    assert.ok(Date.now() - killed < 1500);
    for (const { type, id: told } of objects(out)) assert.equal([type, told], ["stats", id]);
    on.ok("delete", id);
  });
if (missingHost) test.skip(`both hosts tell stats # ${missingHost}`);

test("without a memory controller that is said, and everything else is told", async () => {
  const id = runtime.create(shell("exec sleep 1000"));
  const events = runtime.launch(["events", id]);
  assert.ok(hasOpened(events, `${cgroupMount}/runts-${id}/cgroup.events`));
  runtime.ok("delete", "--force", id);
  const { status, out, err } = await events.ended;
  assert.equal([status, out], [0, ""]);
  assert.match(err, /has no memory controller/);
});

test("events ends when the container is deleted while it is paused, and no notice came of that", () =>
  whileRunning(async (id) => {
    runtime.ok("pause", id);
    const events = runtime.launch(["events", "--interval", "1m", id]);
    assert.ok(hasOpened(events, `${cgroupMount}/runts-${id}/cgroup.events`));
    runtime.ok("delete", "--force", id);
    assert.is((await events.ended).status, 0);
  }));

test("--stats shows them once: created, running and paused; the processor's time grows", () => {
  const id = runtime.create(shell("while :; do :; done"));
  const look = () => objects(runtime.ok("events", "--stats", id));
  assert.is(look()[0].data.pids.current, 1);
  runtime.ok("start", id);
  const [{ type, data: first }, ...rest] = look();
  assert.equal([type, rest], ["stats", []]);
  assert.equal(Object.keys(first), [
    ...["cpu", "cpuset", "memory", "pids", "blkio", "hugetlb", "intel_rdt", "network_interfaces"],
  ]);
  assert.ok(waitFor(() => look()[0].data.cpu.usage.total > first.cpu.usage.total + 1e7));
  runtime.ok("pause", id);
  assert.is(look()[0].data.pids.current, 1);
  runtime.ok("kill", id, "KILL");
  assert.ok(waitFor(() => runtime.state(id).status === "stopped"));
  assert.match(runtime.fails("events", "--stats", id), /cannot watch container .* it is stopped/);
  assert.match(runtime.fails("events", id), /it is stopped/);
  assert.match(runtime.fails("stats", id), /it is stopped/);
  runtime.ok("delete", id);
});

test("what is asked wrongly is refused before anything is told", () =>
  whileRunning((id) => {
    assert.match(runtime.fails("events", "--interval", "5", id), /--interval: expected a time/);
    assert.match(runtime.fails("events", "--interval", "0s", id), /--interval: expected a time/);
    assert.match(runtime.fails("events", "--memory-pressure", "3s", id), /from 1us to 2s/);
    assert.match(runtime.fails("events", "no-such"), /does not exist/);
    assert.match(runtime.fails("stats", id, "no-such"), /"no-such" does not exist/);
    assert.match(runtime.fails("stats", "--sort", "size", id), /--sort: expected name, cpu, memory/);
  }));

test("stats as JSON: an object for each container, with rates", () =>
  whileRunning((one) =>
    whileRunning((other) => {
      const found = objects(runtime.ok("stats", "--json", "--no-stream", "--interval", "200ms"));
      assert.equal(
        found.map(({ id, status }) => [id, status]).sort(),
        [
          [one, "running"],
          [other, "running"],
        ].sort(),
      );
      const busy = found.find(({ id }) => id === other);
      assert.ok(busy.cpu.percent > 5, `${busy.cpu.percent} percent`);
      assert.equal(busy.memory, { used: null, limit: null, percent: null });
      assert.is(busy.cpu.limit, null);
      const sorted = objects(
        runtime.ok("stats", "--json", "--no-stream", "--interval", "300ms", "--sort", "cpu"),
      );
      assert.equal(
        sorted.map(({ id }) => id),
        [other, one],
      );
      assert.is(objects(runtime.ok("stats", "--json", "--no-stream", "--interval", "1ms", one)).length, 1);
    }, "while :; do :; done"),
  ));

for (const host of hosts)
  test(`when nobody reads any more, that is the end and no error (${host.name})`, () =>
    whileRunning((id) => {
      const call = `${host.command.join(" ")} --root ${runtime.root}`;
      for (const command of [`stats --interval 20ms ${id}`, `events --interval 20ms ${id}`]) {
        const script = `{ ${call} ${command}; echo status $? >&2; } | head -n 1`;
        const { stdout, stderr } = spawnSync("sh", ["-c", script], { encoding: "utf8", timeout: 20_000 });
        assert.is(stdout.split("\n").length, 2);
        assert.match(stderr.replace(/^runts: warning.*\n/, ""), /^status 0\n$/);
      }
    }));

test("stats goes on until the containers asked for have ended", async () => {
  const id = runtime.create();
  const stats = runtime.launch(["stats", "--interval", "50ms", id]);
  assert.ok(waitFor(() => /^ID .*\n.* created /m.test(stats.out())));
  runtime.ok("delete", "--force", id);
  assert.is((await stats.ended).status, 0);
});

test("containers that come and go while stats runs appear and disappear", () =>
  whileRunning(async (id) => {
    const stats = runtime.launch(["stats", "--json", "--interval", "50ms"]);
    const shown = () => objects(stats.out().slice(0, stats.out().lastIndexOf("\n"))).map((one) => one.id);
    assert.ok(waitFor(() => stats.out().includes(id)));
    const other = runtime.create();
    assert.ok(waitFor(() => shown().includes(other)));
    runtime.ok("delete", "--force", other);
    assert.ok(waitFor(() => JSON.stringify(shown().slice(-3)) === JSON.stringify([id, id, id])));
    stats.child.kill("SIGTERM");
    assert.is((await stats.ended).signal, "SIGTERM");
  }));

/**
 * What `runts stats` shows at a terminal until `end`, a line of shell that knows its $pid and types what it prints;
 * then its exit status and what stty says.
 */
function atTerminal(end: string, host = runtime.host, size = "cols 90 rows 20"): string {
  const words = [...host.command, "--root", runtime.root, "stats", "--interval", "100ms"];
  const [pidFile, typescript] = [newPath("pid"), newPath("typescript")];
  const inner = newScript(`#!/bin/sh
stty ${size}
sh -c 'echo $$ > ${pidFile}; exec ${words.join(" ")}'
echo status $?
stty -a
`);
  // once it has been drawn a few times
  const script = `(until [ "$(grep -c 'q quit' ${typescript})" -gt 3 ]; do sleep 0.05; done 2>/dev/null
pid=$(cat ${pidFile}); ${end}; sleep 0.5) | script -qefc ${inner} ${typescript}`;
  const env = { ...process.env, TERM: "xterm", NO_COLOR: "1" };
  return spawnSync("sh", ["-c", script], { encoding: "utf8", timeout: 20_000, env }).stdout;
}

const [enter, leave] = ["\x1b[?1049h\x1b[?25l", "\x1b[?25h\x1b[?1049l"];

function expectUsable(after: string): void {
  for (const setting of ["isig", "icanon", "echo"]) assert.match(after, new RegExp(`\\s${setting}\\s`));
}

for (const host of hosts)
  test(`at a terminal the table is drawn on the other screen until a key, and then stays (${host.name})`, () =>
    whileRunning((id) => {
      for (const key of ["printf q", "printf '\\003'"]) {
        const shown = atTerminal(key, host);
        assert.ok(shown.includes(`${enter}\x1b[H1 container, `), shown);
        assert.match(shown, /\x1b\[H1 container, CPU [\d.]+% of \d+%, \d+ process(es)?\x1b\[K\r\n/);
        const [, after = ""] = shown.split(leave);
        assert.match(after, new RegExp(`^ID .*\\r\n${id} .*\\r\nstatus 0\\r\n`));
        expectUsable(after);
      }
    }));
if (missingHost) test.skip(`both hosts draw # ${missingHost}`);

test("keys sort the table and move it, a new size is drawn at once, and what stays is in that order", () =>
  whileRunning(
    (idle) =>
      whileRunning((busy) => {
        const shell =
          "stty cols 70 rows 4 < /proc/$pid/fd/0; sleep 0.5; printf c; sleep 0.5; printf '\\033[B'; sleep 1; printf q";
        const shown = atTerminal(shell);
        const [drawn = "", after = ""] = shown.split(leave);
        const frames = drawn.split("\x1b[H").map((frame) => frame.replaceAll("\x1b[K", ""));
        assert.ok(
          frames.some((frame) => frame.includes(`\r\n${busy} `) && frame.includes("\r\n1-1 of 2 (")),
          shown,
        );
        assert.ok(frames.at(-1)?.includes(`\r\n${idle} `), shown);
        assert.match(frames.at(-1) ?? "", /\r\n2-2 of 2 \(/);
        assert.match(after, new RegExp(`^ID .*\\r\n${busy} .*\\r\n${idle} `));
      }, "while :; do :; done"),
    "exec sleep 1000",
  ));

test("a signal that ends stats gives the terminal back", () =>
  whileRunning(() => {
    const shown = atTerminal("kill -TERM $pid");
    assert.ok(shown.includes(enter), shown);
    const [, after = ""] = shown.split(leave);
    assert.match(after, /status 143\r\n/);
    expectUsable(after);
  }));

test("nothing is left behind", () => expectNoLeaks(before));

test.run();
