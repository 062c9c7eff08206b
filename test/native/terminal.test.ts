// SPDX-License-Identifier: Apache-2.0

// Terminals and descriptors: the foreground terminal, the console socket, what is open in the program.

import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, readlinkSync, statSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Change, makeBundle } from "./bundle.ts";
import { expectNoLeaks, snapshot } from "./leaks.ts";
import { Runtime } from "./runtime.ts";
import { newId, newPath } from "./scratch.ts";

const before = snapshot();
const runtime = new Runtime();

const onTerminal =
  (script: string): Change =>
  ({ process }) => {
    process.terminal = true;
    process.args = ["sh", "-c", script];
  };

const quote = (word: string) => `'${word.replaceAll("'", "'\\''")}'`;

/** Runs a container under script(1), which gives it a terminal; what was to be seen there. */
function atTerminal(change: Change, input = ""): { status: number | null; out: string } {
  const words = [
    ...runtime.host.command,
    "--root",
    runtime.root,
    "run",
    "--bundle",
    makeBundle(change),
    newId(),
  ];
  const typescript = newPath("typescript");
  const { status, stdout } = spawnSync("script", ["-qec", words.map(quote).join(" "), typescript], {
    input,
    encoding: "utf8",
    timeout: 20_000,
  });
  return { status, out: stdout.replaceAll("\r", "") };
}

test("run at a terminal gives the container one, and its exit status", () => {
  const { status, out } = atTerminal(
    onTerminal("tty; test -t 0 && test -t 1 && test -t 2 && echo all; exit 5"),
  );
  assert.match(out, /\/dev\/(console|pts\/0)\n/);
  assert.match(out, /all\n/);
  assert.is(status, 5);
});

test("what is passed on ends its lines as it wrote them, for files and pipes", () => {
  const bundle = makeBundle(onTerminal("echo one; echo two"));
  assert.is(runtime.ok("run", "--bundle", bundle, newId()), "one\ntwo\n");
});

test("what is typed arrives, and the end of the input is the terminal's", () => {
  const { status, out } = atTerminal(onTerminal("read line; echo got $line"), "typed\n");
  assert.match(out, /got typed/);
  assert.is(status, 0);
});

test("the terminal is the controlling one, of the given size, and /dev/console", () => {
  const change: Change = (config, bundle) => {
    onTerminal("stty size; test -c /dev/console && echo console; echo to-tty > /dev/tty")(config, bundle);
    config.process.consoleSize = { height: 33, width: 99 };
  };
  const { out } = atTerminal(change);
  assert.match(out, /console\n/);
  assert.match(out, /to-tty\n/);
});

test("a terminal for a detached container without a console socket is refused", () => {
  const bundle = makeBundle(onTerminal("true"));
  for (const args of [["create"], ["run", "--detach"]])
    assert.match(runtime.fails(...args, "--bundle", bundle, newId()), /needs --console-socket/);
});

test("a console socket without a terminal is refused", () => {
  const err = runtime.fails("create", "--console-socket", "/x", "--bundle", makeBundle(), newId());
  assert.match(err, /--console-socket is for a container with a terminal/);
});

/**
 * A console socket. What arrives is read when `name` is called: Node.js closes the terminal's master that comes with
 * it, and a container must not lose that while it is made.
 */
function listen(
  path: string,
): Promise<{ server: Server; connections: () => number; name: () => Promise<string> }> {
  return new Promise((ready) => {
    const sockets: Socket[] = [];
    const name = () =>
      new Promise<string>((done) => {
        for (const socket of sockets) socket.on("data", (chunk) => done(chunk.toString())).resume();
      });
    const server = createServer({ pauseOnConnect: true }, (socket) => sockets.push(socket));
    server.listen(path, () => ready({ server, connections: () => sockets.length, name }));
    // a test that fails before it closes the server must not keep the process alive
    server.unref();
  });
}

test("create hands the terminal to the console socket, with a name as payload", async () => {
  const path = newPath("console.sock");
  const { server, connections, name } = await listen(path);
  const id = newId();
  const bundle = makeBundle(onTerminal("sleep 1000"));
  const { ended } = runtime.launch(["create", "--console-socket", path, "--bundle", bundle, id]);
  const { status, err } = await ended;
  assert.equal({ status, err }, { status: 0, err: "" });
  assert.is(await name(), "/dev/ptmx");
  assert.is(connections(), 1);
  const { pid } = runtime.state(id);
  assert.match(readlinkSync(`/proc/${pid}/fd/0`), /^\/dev\/pts\/0/);
  runtime.ok("delete", "--force", id);
  server.close();
});

const openDescriptors = "ls /proc/self/fd | wc -l; cd /proc/$$/fd && echo *";

/** Hands the runtime descriptors 3 to 9, as a careless engine would. */
const leaking = ["sh", "-c", 'exec 3</ 4</etc/passwd 5</ 6</ 7</ 8</ 9</; exec "$@"', "sh"];

const shellOf =
  (script: string): Change =>
  ({ process }) => {
    process.args = ["sh", "-c", script];
  };

test("only 0, 1 and 2 are open in the program, whatever the runtime was given (CVE-2024-21626)", () => {
  const { out } = runtime.run(shellOf("cd /proc/$$/fd; echo *"), { through: leaking });
  // the shell's glob itself opens the folder
  assert.match(out, /^0 1 2( 3)?\n$/);
  assert.match(runtime.inside(openDescriptors), /^4\n/);
});

test("--preserve-fds hands on that many descriptors, and no more", () => {
  const { out, err } = runtime.run(
    shellOf("readlink /proc/self/fd/3; head -c 4 <&4; echo; test -e /proc/self/fd/5 && echo five"),
    { through: leaking },
    "--preserve-fds",
    "2",
  );
  assert.is(err, "");
  assert.match(out, /root\n$/);
  assert.not.match(out, /five/);
});

test("a working directory on a leaked descriptor of the host is no way out (CVE-2024-21626)", () => {
  for (let fd = 3; fd < 10; fd++) {
    const { status, out } = runtime.run(
      ({ process }) => {
        process.cwd = `/proc/self/fd/${fd}`;
        process.args = ["ls"];
      },
      { through: leaking },
    );
    assert.equal({ status, out }, { status: 1, out: "" }, `descriptor ${fd}`);
  }
});

test("init holds no folder of the host while it waits for its start (CVE-2016-9962)", () => {
  const id = runtime.create();
  const { pid } = runtime.state(id);
  const mounts = readFileSync(`/proc/${pid}/mountinfo`, "utf8")
    .split("\n")
    .map((line) => line.split(" ")[0]);
  const folders = readdirSync(`/proc/${pid}/fd`).filter((fd) =>
    statSync(`/proc/${pid}/fd/${fd}`).isDirectory(),
  );
  const outside = folders.filter((fd) => {
    const mount = /^mnt_id:\s*(\d+)$/m.exec(readFileSync(`/proc/${pid}/fdinfo/${fd}`, "utf8"))?.[1];
    return !mounts.includes(mount);
  });
  runtime.ok("delete", id);
  assert.equal(outside, []);
});

test("nothing is left behind", () => expectNoLeaks(before));

test.run();
