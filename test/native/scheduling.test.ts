// SPDX-License-Identifier: Apache-2.0

// Scheduler, I/O priority, memory policy and personality: when they hold, and by whose rights. That they have the
// effect that the spec gives them is for the conformance suite.

import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Scheduler } from "../../lib/config/types.ts";
import { type Change, combine, makeBundle, shell } from "./bundle.ts";
import { newFolder } from "./files.ts";
import { expectNoLeaks, snapshot } from "./leaks.ts";
import { hosts, Runtime } from "./runtime.ts";
import { newId } from "./scratch.ts";

const before = snapshot();
const runtime = new Runtime();

/** Why a policy cannot be tried here: the cgroup has no time for it, or we lack the right ourselves. */
function obstacle(policy: string, ...flags: readonly string[]): string {
  const { status, stderr } = spawnSync("chrt", [...flags, "true"], { encoding: "utf8" });
  return status === 0 ? "" : ` # this host permits no ${policy}: ${stderr?.trim()}`;
}
const noFifo = obstacle("SCHED_FIFO", "-f", "1");
const budget = ["-T", "2000000", "-D", "20000000", "-P", "20000000"];
const noDeadline = obstacle("SCHED_DEADLINE", "-d", ...budget, "0");

const scheduled =
  (scheduler: Scheduler): Change =>
  ({ process }) => {
    Object.assign(process, { scheduler });
  };
const fifo = scheduled({ policy: "SCHED_FIFO", priority: 7 });
const deadline: Scheduler = {
  policy: "SCHED_DEADLINE",
  runtime: 2_000_000,
  deadline: 10_000_000,
  period: 20_000_000,
};

/** Nice value, real-time priority and policy, by /proc/PID/stat; the program itself looks, without a fork. */
const look: Change = ({ process }) => {
  process.args = ["cut", "-d", " ", "-f19,40,41", "/proc/self/stat"];
};
const seenFromOutside = (pid: number) => {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(" ");
  return [fields[18], fields[39], fields[40]].join(" ");
};

const withUser: Change = ({ linux }) => {
  linux.namespaces.push({ type: "user" });
  linux.uidMappings = [{ containerID: 0, hostID: 100000, size: 65536 }];
  linux.gidMappings = [{ containerID: 0, hostID: 100000, size: 65536 }];
};

const own = seenFromOutside(process.pid);

test("a container is set up and waits under its caller's policy, and only its program has its own", () => {
  const id = runtime.create(combine(shell("exec sleep 1000"), scheduled({ policy: "SCHED_IDLE" })));
  const { pid } = runtime.state(id);
  assert.is(seenFromOutside(pid), own);
  runtime.ok("start", id);
  assert.is(seenFromOutside(pid).split(" ")[2], "5");
  runtime.ok("delete", "--force", id);
});

for (const host of hosts) {
  const ours = new Runtime(host);
  (noFifo ? test.skip : test)(
    `${host.name}: in a user namespace, too, there are real-time policies, by the runtime's rights${noFifo}`,
    () => {
      assert.is(ours.run(combine(look, fifo, withUser)).out, "0 7 1\n");
      const id = ours.create(combine(shell("exec sleep 1000"), fifo, withUser));
      assert.is(seenFromOutside(ours.state(id).pid), "0 7 1");
      ours.ok("start", id);
      ours.ok("delete", "--force", id);
    },
  );
}

test("in a user namespace, too, I/O has its class, by the runtime's rights", () => {
  const real: Change = ({ process }) => {
    Object.assign(process, { ioPriority: { class: "IOPRIO_CLASS_RT", priority: 2 } });
  };
  for (const change of [real, combine(real, withUser)])
    assert.is(runtime.inside("ionice -p $$", change), "realtime: prio 2");
});

(noDeadline ? test.skip : test)(
  `a program with a deadline may have startContainer hooks before it${noDeadline}`,
  () => {
    const folder = newFolder();
    const hooked: Change = (config) => {
      config.hooks = { startContainer: [{ path: "/bin/touch", args: ["touch", "/host/hooked"] }] };
      config.mounts.push({ destination: "/host", source: folder, options: ["bind"] });
    };
    assert.is(runtime.run(combine(look, hooked, scheduled(deadline))).out, "0 0 6\n");
    assert.is(readFileSync(`${folder}/hooked`, "utf8"), "");
  },
);

(noDeadline ? test.skip : test)(
  `times that only this host refuses fail the start, by the field's name${noDeadline}`,
  () => {
    const brief = scheduled({ policy: "SCHED_DEADLINE", runtime: 2000, deadline: 3000 });
    const err = runtime.refuses(look, brief);
    assert.match(err, /sched_setattr: EINVAL: .*init: setScheduler, config\.json \/process\/scheduler/);
    const id = runtime.create(combine(look, brief));
    assert.match(runtime.fails("start", id), /sched_setattr: EINVAL: .*config\.json \/process\/scheduler/);
    runtime.ok("delete", id);
  },
);

test("what no kernel takes is refused before anything is made", () => {
  const id = newId();
  const bundle = makeBundle(scheduled({ policy: "SCHED_OTHER", priority: 1 }));
  const err = runtime.fails("create", "--bundle", bundle, id);
  assert.match(err, /\/process\/scheduler\/priority: found 1, expected 0/);
  assert.match(runtime.fails("state", id), /does not exist/);
});

test("a memory node that is not there fails create, by the field's name", () => {
  const id = newId();
  const bundle = makeBundle(({ linux }) => {
    Object.assign(linux, { memoryPolicy: { mode: "MPOL_BIND", nodes: "1023" } });
  });
  assert.match(
    runtime.fails("create", "--bundle", bundle, id),
    /set_mempolicy: E\w+: .*config\.json \/linux\/memoryPolicy/,
  );
  assert.match(runtime.fails("state", id), /does not exist/);
});

test("the startContainer hook is of the program's personality, the createContainer hook is not", () => {
  const folder = newFolder();
  const hook = (where: string, name: string) => ({
    path: "/bin/sh",
    args: ["sh", "-c", `uname -m > ${where}/${name}`],
    env: ["PATH=/bin:/usr/bin"],
  });
  const change: Change = (config) => {
    Object.assign(config.linux, { personality: { domain: "LINUX32" } });
    config.mounts.push({ destination: "/host", source: folder, options: ["bind"] });
    config.hooks = {
      createContainer: [hook(folder, "createContainer")],
      startContainer: [hook("/host", "startContainer")],
    };
  };
  const inside = runtime.inside("uname -m", change);
  const machine = spawnSync("uname", ["-m"], { encoding: "utf8" }).stdout;
  assert.is.not(`${inside}\n`, machine);
  assert.is(readFileSync(`${folder}/startContainer`, "utf8"), `${inside}\n`);
  assert.is(readFileSync(`${folder}/createContainer`, "utf8"), machine);
});

test("nothing is left behind", () => expectNoLeaks(before));

test.run();
