// SPDX-License-Identifier: Apache-2.0

// What of the host a checkpointed container had, and has again when it is restored: namespaces, locks, hooks, the
// standard streams, a terminal.

import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, mkdirSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Change } from "../native/bundle.ts";
import { expectNoLeaks, snapshot } from "../native/leaks.ts";
import { newPath } from "../native/scratch.ts";
import { waitFor } from "../native/wait.ts";
import {
  counter,
  criu,
  goesOn,
  prepared,
  prove,
  runtime,
  type Subject,
  subject,
  succeeds,
} from "./checkpointing.ts";

const before = snapshot();

let lockProgram: string | undefined;

/** Holds a file's locks, or ends with 9 where somebody else does; see lock.c. */
function lock(): string {
  if (lockProgram === undefined) {
    lockProgram = newPath("lock");
    execFileSync("cc", [
      "-static",
      "-Wall",
      "-Wextra",
      "-Werror",
      "-O1",
      "-o",
      lockProgram,
      "test/vm/lock.c",
    ]);
  }
  return lockProgram;
}

const restored = (one: Subject, images: string, ...flags: readonly string[]): void =>
  succeeds("restore", "--bundle", one.bundle, "--image-path", images, "--detach", ...flags, one.id);

/** Namespaces that somebody else holds. */
function holder(...flags: readonly string[]) {
  const child = spawn("unshare", [...flags, "sleep", "1000"], { stdio: "ignore" });
  const pid = child.pid ?? 0;
  const held = () => readFileSync(`/proc/${pid}/comm`, "utf8") === "sleep\n";
  assert.ok(waitFor(held, 10_000), "unshare");
  return { child, of: (name: string) => readlinkSync(`/proc/${pid}/ns/${name}`), pid };
}

const joining =
  (pid: number, files: Readonly<Record<string, string>>): Change =>
  ({ linux }) => {
    linux.namespaces = linux.namespaces.map(({ type }) => {
      const file = files[type];
      return file === undefined ? { type } : { type, path: `/proc/${pid}/ns/${file}` };
    });
  };

/** Each notes the state that it is told. */
function noting(folder: string): Change {
  const kinds = ["prestart", "createRuntime", "poststart", "poststop"] as const;
  return (draft) => {
    const hooks = kinds.map((kind) => {
      const script = `echo "$(/bin/cat)" >> ${folder}/${kind}`;
      return [kind, [{ path: "/bin/sh", args: ["sh", "-c", script] }]] as const;
    });
    draft.hooks = Object.fromEntries(hooks);
  };
}

const listens = (port: number): boolean =>
  readFileSync("/proc/net/tcp", "utf8").includes(`:${port.toString(16).toUpperCase()} 00000000:0000 0A`);

prove("joined namespaces, locks of files, hooks, and memory from a page server come back", () => {
  const { child, of, pid } = holder("--net", "--ipc", "--uts");
  const notes = newPath("notes");
  mkdirSync(notes);
  const program = lock();
  const one = subject(
    `exec /shared/lock /shared/locked sh -c '${counter("count", "0.2")}'`,
    joining(pid, { network: "net", ipc: "ipc", uts: "uts" }),
    (config, bundle) => {
      delete config.hostname;
      const source = config.mounts.find(({ destination }) => destination === "/shared")?.source ?? bundle;
      copyFileSync(program, join(source, "lock"));
      writeFileSync(join(source, "locked"), "");
    },
    noting(notes),
  );
  const states = (kind: string) =>
    readFileSync(join(notes, kind), "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
  try {
    goesOn(one, "count");
    runtime.ok("exec", "--detach", one.id, "sleep", "1000");
    const first = runtime.state(one.id).pid;
    const images = newPath("images");
    const server = ["--page-server", "127.0.0.1:27123"];
    const into = ["--image-path", images, ...server, "--file-locks", one.id];
    assert.match(criu("checkpoint", ...into).err, "Can't connect to server 127.0.0.1:27123");
    const pages = spawn("criu", ["page-server", "--images-dir", images, "--port", "27123"], {
      stdio: "ignore",
    });
    try {
      assert.ok(
        waitFor(() => listens(27123), 30_000),
        "page server",
      );
      assert.match(criu("checkpoint", ...into).err, /^runts: warning: .* \d+ \(sleep\)\n$/);
    } finally {
      pages.kill("SIGKILL");
    }
    restored(one, images);
    goesOn(one, "count");
    const second = runtime.state(one.id).pid;
    for (const name of ["net", "ipc", "uts"])
      assert.is(readlinkSync(`/proc/${second}/ns/${name}`), of(name), name);
    assert.throws(() => execFileSync(program, [join(one.shared, "locked"), "true"]), /Command failed/);
    for (const kind of ["prestart", "createRuntime"])
      assert.equal(
        states(kind).map(({ pid, status }) => [pid, status]),
        [
          [first, "creating"],
          [second, "creating"],
        ],
      );
    for (const kind of ["poststart", "poststop"]) assert.is(states(kind).length, 1, kind);
    runtime.ok("delete", "--force", one.id);
    assert.is(states("poststop").length, 2);
  } finally {
    child.kill("SIGKILL");
  }
});

/** A call of the runtime's in the foreground, at a terminal of script(1)'s or with pipes, which Node.js has none of. */
function attended(args: readonly string[], terminal: boolean) {
  const words = [...runtime.host.command, "--root", runtime.root, ...args];
  const line = words.map((word) => `'${word}'`).join(" ");
  const child = terminal
    ? spawn("script", ["-qec", line, newPath("typescript")])
    : spawn("sh", ["-c", `{ ${line} < /dev/null 2>&1 >&3 | cat >&2; } 3>&1 | cat`]);
  const told = { out: "", err: "" };
  child.stdout.on("data", (chunk) => (told.out += chunk));
  child.stderr.on("data", (chunk) => (told.err += chunk));
  const ended = once(child, "exit");
  const until = async (done: () => boolean, what: string): Promise<void> => {
    for (let tries = 0; !done() && tries < 600; tries++) await new Promise((go) => setTimeout(go, 100));
    assert.ok(done(), `${what}: ${told.out}${told.err}`);
  };
  return { told, ended, until, type: (text: string) => child.stdin.write(text) };
}

prove("output that the program has moved elsewhere is the caller's again", async () => {
  const script = `mkfifo /tmp/fifo
    while read word; do echo said $word >&2; done < /tmp/fifo > /dev/null &
    exec 3>&1 > /tmp/log 2> /tmp/fifo
    i=0; while :; do i=$((i+1)); echo $i >&3; echo e$i >&2; sleep 0.3; done`;
  const { id, bundle } = prepared(script);
  const first = attended(["run", "--bundle", bundle, id], false);
  await first.until(() => first.told.err.includes("said e3\n"), "it runs");
  const images = newPath("images");
  succeeds("checkpoint", "--image-path", images, id);
  await first.ended;
  const second = attended(["restore", "--bundle", bundle, "--image-path", images, id], false);
  await second.until(() => second.told.err.split("\n").length > 4, "it goes on");
  runtime.ok("kill", id, "KILL");
  await second.ended;
  const numbers = (first.told.out + second.told.out).trimEnd().split("\n").map(Number);
  assert.ok(second.told.out.length > 4, second.told.out);
  assert.equal(
    numbers,
    numbers.map((_, i) => i + 1),
  );
  assert.match(second.told.err, /^(said e\d+\n)+$/);
});

prove("a terminal is the caller's again, in the foreground", async () => {
  const script = "i=0; while read line; do i=$((i+1)); echo got $line, $i; done";
  const { id, bundle } = prepared(script, ({ process }) => {
    process.terminal = true;
  });
  const first = attended(["run", "--bundle", bundle, id], true);
  first.type("one\n");
  await first.until(() => first.told.out.includes("got one, 1"), "it answers");
  const images = newPath("images");
  succeeds("checkpoint", "--image-path", images, id);
  await first.ended;
  const second = attended(["restore", "--bundle", bundle, "--image-path", images, id], true);
  second.type("two\n");
  await second.until(() => second.told.out.includes("got two, 2"), "it answers again");
  runtime.ok("kill", id, "KILL");
  assert.equal(await second.ended, [137, null]);
});

test("nothing is left behind", () => {
  expectNoLeaks(before);
});

test.run();
