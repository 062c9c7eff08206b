// SPDX-License-Identifier: Apache-2.0

// pause and resume: cgroup.freeze, which needs no controller.

import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { shell } from "./bundle.ts";
import { newFolder, newScript } from "./files.ts";
import { cgroupMount, expectNoLeaks, snapshot } from "./leaks.ts";
import { Runtime } from "./runtime.ts";
import { waitFor } from "./wait.ts";

const before = snapshot();
const runtime = new Runtime();

const frozen = (id: string) =>
  /^frozen 1$/m.test(readFileSync(`${cgroupMount}/runts-${id}/cgroup.events`, "utf8"));

test("a running container is paused and goes on", () => {
  const id = runtime.create(shell("sleep 1000"));
  runtime.ok("start", id);
  runtime.ok("pause", id);
  assert.is(runtime.state(id).status, "paused");
  assert.ok(frozen(id));
  assert.match(runtime.fails("pause", id), /cannot pause container .* it is paused/);
  runtime.ok("resume", id);
  assert.is(runtime.state(id).status, "running");
  assert.not(frozen(id));
  assert.match(runtime.fails("resume", id), /cannot resume container .* it is running/);
  runtime.ok("delete", "--force", id);
});

test("a created container can be paused as well, and is started only when it has been resumed", () => {
  const id = runtime.create(shell("sleep 1000"));
  runtime.ok("pause", id);
  assert.is(runtime.state(id).status, "paused");
  assert.ok(frozen(id));
  assert.match(runtime.fails("pause", id), /cannot pause container .* it is paused/);
  assert.match(runtime.fails("start", id), /cannot start container .* it is paused, not created/);
  assert.match(runtime.fails("delete", id), /it is paused/);
  runtime.ok("resume", id);
  assert.is(runtime.state(id).status, "created");
  runtime.ok("start", id);
  assert.is(runtime.state(id).status, "running");
  runtime.ok("delete", "--force", id);
});

test("nothing runs in a paused container: what is sent or executed waits for its resume", () => {
  const id = runtime.create(shell("trap 'exit 7' TERM; while :; do sleep 0.1; done"));
  runtime.ok("start", id);
  runtime.ok("pause", id);
  assert.match(runtime.call(["exec", id, "true"]).err, /cannot exec in a paused container/);
  runtime.ok("kill", id, "TERM");
  assert.is(runtime.state(id).status, "paused");
  runtime.ok("resume", id);
  assert.ok(waitFor(() => runtime.state(id).status === "stopped"));
  runtime.ok("delete", id);
});

/** A file system whose server answers nothing: who asks it for anything waits where no freezer reaches it. */
const silentServer = `exec 7<>/dev/fuse
mount -i -t fuse -o fd=7,rootmode=40000,user_id=0,group_id=0 none $1
ls $1 7>&- &
until grep -q '^State:.D' /proc/$!/status; do sleep 0.01; done
echo $! > $2
read -r line
kill -9 $!
umount -l $1
`;

const hasFuse = existsSync("/dev/fuse");
(hasFuse ? test : test.skip)(
  `what waits in the kernel cannot be paused: that is said, and all goes on${hasFuse ? "" : " # there is no /dev/fuse"}`,
  async () => {
    const id = runtime.create(shell("exec sleep 1000"));
    runtime.ok("start", id);
    const procs = `${cgroupMount}/runts-${id}/cgroup.procs`;
    const [folder, script] = [newFolder(), newScript(silentServer)];
    const server = spawn("sh", [script, folder, procs], { stdio: ["pipe", "ignore", "inherit"] });
    const ended = new Promise((resolve) => server.once("exit", resolve));
    try {
      const blocked = () =>
        runtime.ok("ps", id, "-e", "-o", "pid,stat,comm").match(/^ *(\d+) D\S* +ls$/m)?.[1];
      assert.ok(waitFor(() => blocked() !== undefined));
      const pid = blocked();
      const err = runtime.fails("pause", id);
      assert.ok(err.includes(`process ${pid} (ls) waits in the kernel and cannot be stopped`), err);
      assert.is(runtime.state(id).status, "running");
      assert.not(frozen(id));
    } finally {
      server.stdin.end("\n");
      await ended;
    }
    runtime.ok("delete", "--force", id);
  },
);

test("a paused container is killed and deleted as any other", () => {
  const id = runtime.create(shell("sleep 1000"));
  runtime.ok("start", id);
  runtime.ok("pause", id);
  runtime.ok("delete", "--force", id);
  runtime.fails("state", id);
});

test("what is not there or has ended cannot be paused", () => {
  runtime.fails("pause", "no-such-container");
  const id = runtime.create();
  runtime.ok("kill", id, "KILL");
  assert.ok(waitFor(() => runtime.state(id).status === "stopped"));
  assert.match(runtime.fails("pause", id), /cannot pause|not running|it is stopped/);
  runtime.ok("delete", "--force", id);
});

test("nothing is left behind", () => expectNoLeaks(before));

test.run();
