// SPDX-License-Identifier: Apache-2.0

// events and stats as far as no controller is needed: the processor's time and pressure are always counted.

import { spawnSync } from "node:child_process";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { shell } from "./bundle.ts";
import { expectNoLeaks, snapshot } from "./leaks.ts";
import { hosts, missingHost, Runtime } from "./runtime.ts";
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
  await new Promise((done) => setTimeout(done, 200));
  runtime.ok("delete", "--force", id);
  const { status, out, err } = await events.ended;
  assert.equal([status, out], [0, ""]);
  assert.match(err, /has no memory controller/);
});

test("events ends when the container is deleted while it is paused, and no notice came of that", () =>
  whileRunning(async (id) => {
    runtime.ok("pause", id);
    const events = runtime.launch(["events", "--interval", "1m", id]);
    await new Promise((done) => setTimeout(done, 200));
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
      assert.is(objects(runtime.ok("stats", "--json", "--no-stream", "--interval", "1ms", one)).length, 1);
    }, "while :; do :; done"),
  ));

test("stats goes on until the containers asked for have ended", async () => {
  const id = runtime.create();
  const stats = runtime.launch(["stats", "--interval", "50ms", id]);
  assert.ok(waitFor(() => /^ID .*\n.* created /m.test(stats.out())));
  runtime.ok("delete", "--force", id);
  assert.is((await stats.ended).status, 0);
});

/** What runts stats shows at a terminal, where keys are typed after a while; then what stty says of it. */
function atTerminal(keys: string): string {
  const command = [...runtime.host.command, "--root", runtime.root, "stats", "--interval", "100ms"].join(" ");
  const inner = `stty cols 90 rows 20; ${command}; echo status $?; stty -a`;
  const script = `(sleep 0.6; printf '${keys}'; sleep 0.6) | script -qec "${inner}" ${newPath("typescript")}`;
  const env = { ...process.env, TERM: "xterm", NO_COLOR: "1" };
  return spawnSync("sh", ["-c", script], { encoding: "utf8", timeout: 20_000, env }).stdout;
}

test("at a terminal the table is drawn on the other screen until a key, and stays when that is left", () =>
  whileRunning((id) => {
    for (const key of ["q", "\\003"]) {
      const shown = atTerminal(key);
      assert.ok(shown.includes("\x1b[?1049h\x1b[?25l\x1b[H1 container, q quits\x1b[K\r\n"), shown);
      assert.ok(shown.split("\x1b[H").length > 3, "drawn again and again");
      const [, after = ""] = shown.split("\x1b[?25h\x1b[?1049l");
      assert.match(after, new RegExp(`^ID .*\\r\n${id} .*\\r\nstatus 0\\r\n`));
      for (const setting of ["isig", "icanon", "echo"]) assert.match(after, new RegExp(`\\s${setting}\\s`));
    }
  }));

test("at a terminal the table is drawn on the other screen, and stays when that is left", () =>
  whileRunning((id) => {
    const shown = atTerminal("q");
    assert.match(shown, "\x1b[?1049h\x1b[?25l");
    assert.ok(shown.split("\x1b[H").length > 2, "drawn again and again");
    assert.match(shown, /1 container, q quits/);
    const after = shown.slice(shown.lastIndexOf("\x1b[?25h\x1b[?1049l"));
    assert.match(after, id);
    assert.not.match(after, "q quits");
  }));

test("nothing is left behind", () => expectNoLeaks(before));

test.run();
