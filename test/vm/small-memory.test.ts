// SPDX-License-Identifier: Apache-2.0

// Little memory: a container of one MiB starts, always, and one that cannot says why.

import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Change, combine, makeBundle, shell } from "../native/bundle.ts";
import { cgroupMount, expectNoLeaks, ownCgroups, snapshot } from "../native/leaks.ts";
import { Runtime } from "../native/runtime.ts";
import { newId } from "../native/scratch.ts";
import { waitFor } from "../native/wait.ts";

const before = snapshot();
const runtime = new Runtime();
const KiB = 1024;

/** Without swap, or with as much as there is. */
const limited =
  (bytes: number, swap: boolean): Change =>
  ({ linux }) => {
    Object.assign(linux, { resources: { memory: { limit: bytes, swap: swap ? -1 : bytes } } });
  };

/** How often of so many times the container runs to its end; four at a time, as it costs the least. */
function successes(change: Change, times: number): number {
  const call = `${runtime.host.command.join(" ")} --root ${runtime.root} run --bundle ${makeBundle(change)}`;
  const script = `seq ${times} | xargs -P 4 -I@ sh -c '${call} ${newId()}-@ && echo done' | grep -c done`;
  return Number(execFileSync("sh", ["-c", script], { encoding: "utf8", timeout: 300_000 }));
}

test("busybox true starts under a limit of 1 MiB a hundred times of a hundred", () => {
  assert.is(successes(limited(1024 * KiB, false), 50), 50);
  assert.is(successes(limited(1024 * KiB, true), 50), 50);
});

test("a limit that is too small is named as what ended it, and nothing stays", () => {
  for (const bytes of [96 * KiB, 4 * KiB]) {
    const id = newId();
    const err = runtime.fails("create", "--bundle", makeBundle(limited(bytes, false)), id);
    assert.match(err, new RegExp(`memory\\.max of ${bytes} bytes is too little`));
    assert.match(err, /out-of-memory killer|refused it memory/);
    assert.match(err, /config\.json \/linux\/resources\/memory\/limit/);
    const { err: story } = runtime.call([
      "--debug",
      "create",
      "--bundle",
      makeBundle(limited(bytes, false)),
      id,
    ]);
    assert.match(story, / {2}config .*: \/linux\/resources\/memory\/limit\n/);
    assert.match(story, / {2}try {5}raise linux\.resources\.memory\.limit/);
    assert.not(existsSync(`${cgroupMount}/runts-${id}`));
    assert.equal(readdirSync(runtime.root), []);
  }
  assert.equal(ownCgroups(), []);
});

const killer = "the kernel's out-of-memory killer has ended";

test("a program that wants more than there is ends run with 137, and why is told", () => {
  const id = newId();
  const hog: Change = combine(shell("exec tail /dev/zero"), limited(2048 * KiB, false));
  const { status, err } = runtime.call(["run", "--bundle", makeBundle(hog), id]);
  assert.is(status, 137);
  assert.match(err, `${killer} a process of the container, for memory.max of ${2048 * KiB} bytes\n`);
  assert.not(existsSync(`${cgroupMount}/runts-${id}`));
  assert.equal(readdirSync(runtime.root), []);
});

test("exec says so too, of a program as of one that cannot even be executed; the container goes on", () => {
  const id = runtime.create(combine(shell("exec sleep 1000"), limited(4096 * KiB, false)));
  runtime.ok("start", id);
  const file = (name: string) => `${cgroupMount}/runts-${id}/${name}`;
  const processes = () => readFileSync(file("cgroup.procs"), "utf8").trim();
  const init = processes();
  writeFileSync(`/proc/${init}/oom_score_adj`, "-1000"); // it is the other that is to be ended
  const hog = runtime.call(["exec", id, "tail", "/dev/zero"]);
  assert.is(hog.status, 137);
  assert.match(hog.err, `${killer} a process of the container`);
  assert.ok(waitFor(() => processes() === init));
  const kept = readdirSync(`${runtime.root}/${id}`);
  const little = Number(readFileSync(file("memory.current"), "utf8")) + 60 * KiB;
  writeFileSync(file("memory.max"), `${little}`);
  const none = runtime.call(["exec", id, "true"]);
  assert.is(none.status, 255);
  assert.match(none.err, /out-of-memory killer ended it|refused it memory/);
  assert.match(none.err, /memory\.max of \d+ bytes is too little for another process/);
  assert.ok(waitFor(() => processes() === init));
  assert.equal(readdirSync(`${runtime.root}/${id}`), kept);
  runtime.ok("delete", "--force", id);
});

test("without a process to spare exec names the limit, once", () => {
  const id = runtime.create(
    combine(shell("exec sleep 1000"), ({ linux }) => {
      Object.assign(linux, { resources: { pids: { limit: 1 } } });
    }),
  );
  runtime.ok("start", id);
  const { err } = runtime.call(["exec", id, "true"]);
  assert.match(err, /the limit of processes \(pids\.max\) of cgroup \S+ or of one above it is reached/);
  assert.is(err.split("limit of processes").length, 2);
  runtime.ok("delete", "--force", id);
});

test("nothing is left behind", () => expectNoLeaks(before));

test.run();
