// SPDX-License-Identifier: Apache-2.0

// The end of whole containers, by the cgroup: paused ones, ones that fork, ones with cgroups of their own.

import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Change, combine, shell } from "./bundle.ts";
import { cgroupMount, expectNoLeaks, isAlive, ownCgroups, snapshot } from "./leaks.ts";
import { Runtime } from "./runtime.ts";
import { mark } from "./scratch.ts";
import { waitFor } from "./wait.ts";

const before = snapshot();
const runtime = new Runtime();

const folderOf = (id: string) => `${cgroupMount}/runts-${id}`;
const members = (id: string) =>
  readFileSync(`${folderOf(id)}/cgroup.procs`, "utf8")
    .split("\n")
    .filter((line) => line !== "");

const withHostPids: Change = ({ linux }) => {
  linux.namespaces = linux.namespaces.filter(({ type }) => type !== "pid");
};

const withWritableTree: Change = ({ mounts }) => {
  for (const mount of mounts) if (mount.destination === "/sys/fs/cgroup") mount.options = ["rw"];
};

/** Each has a child and ends: whoever looks at a list of them looks at the past. */
const hopping = "hop() { hop & }; for i in 1 2 3 4 5 6 7 8; do hop & done; ";

function started(change: Change): string {
  const id = runtime.create(change);
  runtime.ok("start", id);
  return id;
}

const stopped = (id: string) => waitFor(() => runtime.state(id).status === "stopped");

test("SIGKILL ends a paused container, by kill and by kill --all", () => {
  for (const all of [[], ["--all"]]) {
    const id = started(shell("sleep 1000"));
    runtime.ok("pause", id);
    runtime.ok("kill", ...all, id, "KILL");
    assert.ok(stopped(id), all.join(" "));
    runtime.ok("delete", id);
  }
});

test("another signal waits in a paused container, which stays paused", () => {
  const id = started(shell("sleep 1000 & exec sleep 1000"));
  runtime.ok("pause", id);
  runtime.ok("kill", "--all", id, "HUP");
  assert.is(runtime.state(id).status, "paused");
  runtime.ok("resume", id);
  // init of a pid namespace does not take it, its child does
  assert.ok(waitFor(() => members(id).length === 1));
  runtime.ok("delete", "--force", id);
});

test("a signal to all reaches every process of a container that never stops forking", () => {
  for (let round = 0; round < 10; round++) {
    const id = started(combine(shell(`${hopping}exec sleep 1000`), withHostPids));
    assert.ok(waitFor(() => members(id).length > 3));
    runtime.ok("kill", "--all", id, "TERM");
    const ended = waitFor(() => members(id).length === 0, 1000);
    runtime.ok("delete", "--force", id);
    assert.ok(ended, `round ${round}`);
  }
});

test("SIGKILL ends all of a container that shares its pids, and what its first process has left behind", () => {
  for (const first of ["exec sleep 1000", "exit 0"]) {
    const id = started(combine(shell(`sleep 1000 & sleep 1000 & ${first}`), withHostPids));
    if (first === "exit 0") assert.ok(stopped(id));
    assert.ok(waitFor(() => members(id).length === (first === "exit 0" ? 2 : 3)));
    runtime.ok("kill", id, "KILL");
    assert.ok(
      waitFor(() => members(id).length === 0),
      first,
    );
    assert.match(runtime.fails("kill", id, "KILL"), /stopped/);
    runtime.ok("delete", id);
  }
});

test("a first process that has gone to another cgroup ends by SIGKILL to all, and by delete --force", () => {
  const elsewhere = `${cgroupMount}/${mark}elsewhere`;
  mkdirSync(elsewhere);
  for (const command of [
    ["kill", "--all"],
    ["delete", "--force"],
  ]) {
    const id = started(shell("exec sleep 1000"));
    const { pid } = runtime.state(id);
    writeFileSync(`${elsewhere}/cgroup.procs`, `${pid}`);
    runtime.ok(...command, id, ...(command[0] === "kill" ? ["KILL"] : []));
    assert.ok(
      waitFor(() => !isAlive(pid)),
      command.join(" "),
    );
    if (command[0] === "kill") runtime.ok("delete", id);
  }
  rmdirSync(elsewhere);
});

test("a created container ends by what ends any process", () => {
  for (const signal of ["TERM", "INT", "QUIT"]) {
    const id = runtime.create(shell("exec sleep 1000"));
    runtime.ok("kill", id, signal);
    assert.ok(stopped(id), signal);
    runtime.ok("delete", id);
  }
});

test("delete --force is the end of a container that never stops forking, paused or not", () => {
  for (const paused of [false, true]) {
    const id = started(combine(shell(`${hopping}exec sleep 1000`), withHostPids));
    if (paused) runtime.ok("pause", id);
    runtime.ok("delete", "--force", id);
    assert.not(existsSync(folderOf(id)));
  }
});

test("cgroups that the container has made, with processes in them, go with it", () => {
  const script =
    "cd /sys/fs/cgroup && mkdir -p one/two three && sleep 1000 & sleep 0.1; " +
    "echo $! > /sys/fs/cgroup/one/two/cgroup.procs; echo ready; exec sleep 1000";
  const id = started(combine(shell(script), withWritableTree));
  const inner = `${folderOf(id)}/one/two/cgroup.procs`;
  assert.ok(waitFor(() => existsSync(inner) && readFileSync(inner, "utf8") !== ""));
  runtime.ok("delete", "--force", id);
  assert.not(existsSync(folderOf(id)));
});

test("cgroups below the container's go at any depth, and with names of any length", () => {
  const id = started(shell("exec true"));
  assert.ok(stopped(id));
  mkdirSync(`${folderOf(id)}${"/d".repeat(300)}`, { recursive: true });
  mkdirSync(`${folderOf(id)}/d/e`);
  mkdirSync(`${folderOf(id)}/${"n".repeat(3000)}`);
  runtime.ok("delete", id);
  assert.not(existsSync(folderOf(id)));
});

test("a cgroupsPath that is too long is refused, and nothing is left", () => {
  const err = runtime.refuses(({ linux }) => {
    linux.cgroupsPath = "/x".repeat(3000);
  });
  assert.match(err, /ENAMETOOLONG.*\/linux\/cgroupsPath/);
  assert.equal(ownCgroups(), []);
});

test("nothing is left behind", () => expectNoLeaks(before));

test.run();
