// SPDX-License-Identifier: Apache-2.0

// exec: signals, terminals, and the sockets that get descriptors of the process.

import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync, readlinkSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { executeDocument, running } from "./joining.ts";
import { expectNoLeaks, snapshot } from "./leaks.ts";
import { Runtime } from "./runtime.ts";
import { newPath } from "./scratch.ts";
import { waitFor } from "./wait.ts";

const before = snapshot();
const runtime = new Runtime();

const end = (id: string) => runtime.ok("delete", "--force", id);

const whole = { cwd: "/", args: ["sh", "-c", "true"], env: ["PATH=/bin"] };

test("a signal that the runtime gets is the process's", async () => {
  const id = running(runtime);
  const script = "trap 'echo got; exit 5' TERM; echo ready; while :; do sleep 0.05; done";
  const { child, ended, out } = runtime.launch(["exec", id, "sh", "-c", script]);
  assert.ok(waitFor(() => out().includes("ready")));
  child.kill("SIGTERM");
  assert.equal(await ended, { status: 5, signal: null, out: "ready\ngot\n", err: "" });
  end(id);
});

const quote = (word: string) => `'${word.replaceAll("'", "'\\''")}'`;

test("with --tty it has a terminal of the container's, and the caller's is carried", () => {
  const id = running(runtime);
  const script =
    "tty; test -t 0 && test -t 1 && test -t 2 && echo all; read l; echo got $l; echo to > /dev/tty; exit 6";
  const words = [...runtime.host.command, "--root", runtime.root, "exec", "-t", id, "sh", "-c", script];
  const { status, stdout } = spawnSync(
    "script",
    ["-qec", words.map(quote).join(" "), newPath("typescript")],
    {
      input: "typed\n",
      encoding: "utf8",
      timeout: 20_000,
    },
  );
  // what is typed may be echoed anywhere
  for (const text of [/\/dev\/pts\/0\n/, /all\n/, /got typed\nto\n/])
    assert.match(stdout.replaceAll("\r", ""), text);
  assert.is(status, 6);
  end(id);
});

/** What the test's own agent says of the descriptor that came. */
async function delivered(
  flag: string,
  send: (socket: string) => void,
): Promise<{ name: string; fds: number }> {
  const socket = newPath("socket");
  const agent = spawn("build/conformance/warden", ["console", socket], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  let text = "";
  agent.stdout.on("data", (chunk) => {
    text += chunk;
  });
  const closed = new Promise((done) => agent.on("close", done));
  assert.ok(
    waitFor(() => existsSync(socket)),
    flag,
  );
  send(socket);
  // what came is told at once; then the agent reads the terminal, or fails to read what is none
  await Promise.race([closed, new Promise((done) => setTimeout(done, 500))]);
  agent.kill();
  await closed;
  return JSON.parse(text.split("\n").find((one) => one.startsWith("{")) ?? "{}");
}

test("detached, its terminal goes to the console socket", async () => {
  const id = running(runtime);
  const pidFile = newPath("pid");
  const flags = (socket: string) => ["--detach", "--console-socket", socket, "--pid-file", pidFile];
  const found = await delivered("--console-socket", (socket) => {
    const { status, err } = executeDocument(
      runtime,
      id,
      { ...whole, args: ["sleep", "1000"], terminal: true },
      flags(socket),
    );
    assert.equal({ status, err }, { status: 0, err: "" });
    assert.match(readlinkSync(`/proc/${readFileSync(pidFile, "utf8")}/fd/0`), /^\/dev\/pts\/\d/);
  });
  assert.equal(found, { name: "/dev/ptmx", fds: 1 });
  const { err } = executeDocument(runtime, id, { ...whole, terminal: true }, ["--detach"]);
  assert.match(err, /needs --console-socket/);
  assert.match(
    executeDocument(runtime, id, whole, ["--console-socket", "/x"]).err,
    /is for a process with a terminal/,
  );
  end(id);
});

test("--pidfd-socket gets a descriptor of the process, of create's as of exec's", async () => {
  const id = running(runtime);
  const found = await delivered(
    "exec",
    (socket) => void runtime.ok("exec", "--pidfd-socket", socket, id, "true"),
  );
  assert.equal(found, { name: "setns", fds: 1 });
  const created = await delivered("create", (socket) =>
    end(runtime.create(undefined, "--pidfd-socket", socket)),
  );
  assert.equal(created, { name: "standard", fds: 1 });
  const { status, err } = runtime.call(["exec", "--pidfd-socket", "/no/socket", id, "true"]);
  end(id);
  assert.is(status, 255);
  assert.match(err, /passPidfd/);
});

test("nothing is left behind", () => expectNoLeaks(before));

test.run();
