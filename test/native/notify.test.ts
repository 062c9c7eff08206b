// SPDX-License-Identifier: Apache-2.0

// What systemd passes to a service, and a service tells systemd: NOTIFY_SOCKET of sd_notify(3), and sockets of
// sd_listen_fds(3).

import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdirSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { makeBundle, shell } from "./bundle.ts";
import { newFolder } from "./files.ts";
import { expectNoLeaks, snapshot } from "./leaks.ts";
import { notifyProgram, telling } from "./notify-program.ts";
import { hosts, Runtime } from "./runtime.ts";
import { markVariable, newId, newPath } from "./scratch.ts";
import { waitFor } from "./wait.ts";

const before = snapshot();
const runtime = new Runtime(hosts[0]);

const plain = { PATH: process.env.PATH ?? "", RUNTS_TEST: markVariable.slice("RUNTS_TEST=".length) };

interface Manager {
  readonly env: Readonly<Record<string, string>>;
  /** what it was sent: the lines of a message, then how many descriptors came along */
  readonly heard: () => readonly string[];
  readonly child: ChildProcess;
}

/** What systemd is to a service of Type=notify. */
function startManager(address: string): Manager {
  const out = newPath("heard");
  const fd = openSync(out, "a");
  const child = spawn(notifyProgram(), ["manage", address], { stdio: ["ignore", fd, fd], env: plain });
  const lines = () => readFileSync(out, "utf8").split("\n").filter(Boolean);
  assert.ok(waitFor(() => lines()[0] === "bound"));
  return { env: { ...plain, NOTIFY_SOCKET: address }, heard: () => lines().slice(1), child };
}

async function managed(body: (manager: Manager) => Promise<void> | void, address = newPath("manager")) {
  const manager = startManager(address);
  try {
    await body(manager);
  } finally {
    const ended = new Promise((done) => manager.child.on("exit", done));
    manager.child.kill("SIGKILL");
    await ended;
  }
}

const until = "until [ -e /talk/go ]; do sleep 0.01; done;";

test("start waits until the program is ready, and tells the caller's manager, with the pid and a barrier", () =>
  managed(async ({ env, heard }) => {
    const talk = newFolder();
    const id = newId();
    const bundle = makeBundle(
      telling(`${until} /tools/notify send STATUS=busy 'STATUS=x\nREADY=1\nMAINPID=1'; sleep 1000`, talk),
    );
    const created = runtime.call(["create", "--bundle", bundle, id], { env });
    assert.equal({ status: created.status, err: created.err }, { status: 0, err: "" });
    const { child, ended } = runtime.launch(["start", id], { env });
    assert.ok(waitFor(() => runtime.state(id).status === "running"));
    // others may have the container meanwhile
    runtime.ok("pause", id);
    runtime.ok("resume", id);
    assert.is(child.exitCode, null);
    assert.equal(heard(), []);
    writeFileSync(`${talk}/go`, "");
    const { status, err } = await ended;
    assert.equal({ status, err }, { status: 0, err: "" });
    const { pid } = runtime.state(id);
    assert.ok(waitFor(() => heard().length === 2));
    assert.equal(heard(), [`READY=1 MAINPID=${pid} + 0`, "BARRIER=1+ 1"]);
    runtime.ok("delete", "--force", id);
  }));

test("run --detach does the same; the program runs as nobody in a user namespace", () =>
  managed(({ env, heard }) => {
    const id = newId();
    const bundle = makeBundle(
      telling("/tools/notify send READY=1; exec sleep 1000", newFolder(), (config) => {
        const mapping = [{ containerID: 0, hostID: 100000, size: 65536 }];
        config.linux.namespaces.push({ type: "user" });
        Object.assign(config.linux, { uidMappings: mapping, gidMappings: mapping });
        config.process.user = { uid: 65534, gid: 65534 };
        delete config.process.capabilities;
      }),
    );
    const { status, err } = runtime.call(["run", "--detach", "--bundle", bundle, id], { env });
    assert.equal({ status, err }, { status: 0, err: "" });
    assert.equal(heard(), [`READY=1 MAINPID=${runtime.state(id).pid} + 0`, "BARRIER=1+ 1"]);
    runtime.ok("delete", "--force", id);
  }));

test("run in the foreground tells of itself, which stays; the manager may have an abstract name", () =>
  managed(async ({ env, heard }) => {
    const id = newId();
    const bundle = makeBundle(telling("/tools/notify send READY=1 STOPPING=1 READY=1; exit 7"));
    const { child, ended } = runtime.launch(["run", "--bundle", bundle, id], { env });
    const { status } = await ended;
    assert.is(status, 7);
    assert.equal(heard(), [`READY=1 MAINPID=${child.pid} + 0`]);
  }, `@runts-test-${process.pid}`));

test("of several starts the one that wins is heard", () =>
  managed(async ({ env, heard }) => {
    const id = newId();
    const bundle = makeBundle(telling("sleep 0.2; /tools/notify send READY=1; exec sleep 1000"));
    assert.is(runtime.call(["create", "--bundle", bundle, id], { env }).status, 0);
    const starts = Array.from({ length: 6 }, () => runtime.launch(["start", id], { env }).ended);
    const ended = await Promise.all(starts);
    assert.is(ended.filter(({ status }) => status === 0).length, 1, ended.map(({ err }) => err).join(""));
    assert.equal(heard(), [`READY=1 MAINPID=${runtime.state(id).pid} + 0`, "BARRIER=1+ 1"]);
    runtime.ok("delete", "--force", id);
  }));

test("a program that ends before it is ready ends the wait, and so does who deletes it", () =>
  managed(async ({ env, heard }) => {
    const id = newId();
    const { status } = runtime.call(["run", "-d", "--bundle", makeBundle(telling("exit 3")), id], { env });
    assert.is(status, 0);
    runtime.ok("delete", "--force", id);
    const waiting = newId();
    const bundle = makeBundle(telling("sleep 1000"));
    assert.is(runtime.call(["create", "--bundle", bundle, waiting], { env }).status, 0);
    const { ended } = runtime.launch(["start", waiting], { env });
    assert.ok(waitFor(() => runtime.state(waiting).status === "running"));
    runtime.ok("delete", "--force", waiting);
    assert.is((await ended).status, 0);
    assert.equal(heard(), []);
  }));

test("without NOTIFY_SOCKET the program has none; with one, and none at create, start warns", () =>
  managed(({ env }) => {
    assert.is(runtime.inside("env | grep -c NOTIFY_SOCKET || ls -d /run/notify 2>&1 | grep -c such"), "0\n1");
    const id = runtime.create(shell("sleep 1000"));
    const { status, err } = runtime.call(["start", id], { env });
    assert.is(status, 0);
    assert.match(err, /NOTIFY_SOCKET: the container was created without one/);
    runtime.ok("delete", "--force", id);
  }));

test("a manager that is not there is a warning", () => {
  const env = { ...plain, NOTIFY_SOCKET: "/no/such/socket" };
  const id = newId();
  const bundle = makeBundle(telling("/tools/notify send READY=1; exec sleep 1000"));
  assert.is(runtime.call(["create", "--bundle", bundle, id], { env }).status, 0);
  const { status, err } = runtime.call(["start", id], { env });
  assert.is(status, 0);
  assert.match(err, /NOTIFY_SOCKET \/no\/such\/socket: connect: No such file or directory/);
  runtime.ok("delete", "--force", id);
});

test("whatever a container with all rights puts into the folder, it is deleted", () => {
  const env = { ...plain, NOTIFY_SOCKET: "/no/such/socket" };
  const id = newId();
  assert.is(runtime.call(["create", "--bundle", makeBundle(telling("true")), id], { env }).status, 0);
  const folder = `${runtime.root}/${id}/notify`;
  mkdirSync(`${folder}/a/b/c`, { recursive: true });
  writeFileSync(`${folder}/a/b/file`, "");
  execFileSync("ln", ["-s", "/etc", `${folder}/a/link`]);
  runtime.ok("delete", "--force", id);
  assert.ok(readFileSync("/etc/passwd").length > 0);
});

test("a socket that systemd-socket-activate listens on is handed to the container's program", async () => {
  const path = newPath("activated");
  const script =
    "echo $LISTEN_FDS $LISTEN_PID $$; readlink /proc/self/fd/3; ls /proc/self/fd/4 2>&1 | grep -c such";
  const { ended } = runtime.launch(["run", "--bundle", makeBundle(shell(script)), newId()], {
    through: ["systemd-socket-activate", "-l", path],
  });
  assert.ok(waitFor(() => readFileSync("/proc/net/unix", "utf8").includes(path), 20_000));
  const { createConnection } = await import("node:net");
  const connection = createConnection(path);
  connection.on("error", () => {}); // nobody accepts it
  const { status, out } = await ended;
  connection.destroy();
  assert.is(status, 0);
  assert.match(out, /^1 1 1\nsocket:\[\d+\]\n1\n$/);
});

test("sockets that are meant for another process are not taken", () => {
  const env = { ...plain, LISTEN_FDS: "3", LISTEN_PID: "1" };
  const { status, out, err } = runtime.run(shell("echo =$LISTEN_FDS="), { env });
  assert.equal({ status, out, err }, { status: 0, out: "==\n", err: "" });
});

test("nothing is left behind", () => expectNoLeaks(before));

test.run();
