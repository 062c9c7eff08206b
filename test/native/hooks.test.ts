// SPDX-License-Identifier: Apache-2.0

// The six kinds of hooks; runtime.md#lifecycle, config.md#posix-platform-hooks.

import { chmodSync, existsSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { HookKind } from "../../lib/plan/hooks.ts";
import { type Change, makeBundle, ownRootfs } from "./bundle.ts";
import { newFolder, newScript } from "./files.ts";
import { expectNoLeaks, snapshot } from "./leaks.ts";
import { Runtime } from "./runtime.ts";
import { newId } from "./scratch.ts";
import { waitFor } from "./wait.ts";

const before = snapshot();
const runtime = new Runtime();

const kinds: readonly HookKind[] = [
  "prestart",
  "createRuntime",
  "createContainer",
  "startContainer",
  "poststart",
  "poststop",
];

/** Runs a line of shell, on the host or in the container. */
function hook(script: string, extra: { timeout?: number; env?: string[] } = {}) {
  return { path: "/bin/sh", args: ["sh", "-c", script], ...extra };
}

/** Adds a line to a file that the host and the container share as /host. */
function logging(folder: string, script: (kind: HookKind) => string): Change {
  return (config) => {
    config.mounts.push({ destination: "/host", source: folder, options: ["bind"] });
    config.process.args = ["sh", "-c", "echo program >> /host/log"];
    config.hooks = {};
    for (const kind of kinds) {
      const where = kind === "startContainer" ? "/host" : folder;
      config.hooks[kind] = [hook(`${script(kind)} >> ${where}/log`, { env: ["PATH=/bin:/usr/bin"] })];
    }
  };
}

const readLog = (folder: string) => readFileSync(`${folder}/log`, "utf8").trimEnd().split("\n");

test("hooks run in the order of the lifecycle, each by its command", () => {
  const folder = newFolder();
  const id = newId();
  runtime.ok("create", "--bundle", makeBundle(logging(folder, (kind) => `echo ${kind}`)), id);
  assert.equal(readLog(folder), ["prestart", "createRuntime", "createContainer"]);
  runtime.ok("start", id);
  assert.ok(waitFor(() => readLog(folder).length === 6));
  // the program and the poststart hook run at the same time
  assert.equal(readLog(folder).slice(0, 4), [
    "prestart",
    "createRuntime",
    "createContainer",
    "startContainer",
  ]);
  assert.equal(readLog(folder).slice(4).sort(), ["poststart", "program"]);
  assert.ok(waitFor(() => runtime.state(id).status === "stopped"));
  runtime.ok("delete", id);
  assert.is(readLog(folder).at(-1), "poststop");
});

test("hooks of one kind run in their listed order", () => {
  const folder = newFolder();
  runtime.run((config) => {
    config.hooks = { createRuntime: [1, 2, 3].map((n) => hook(`echo ${n} >> ${folder}/log`)) };
  });
  assert.equal(readLog(folder), ["1", "2", "3"]);
});

test("each hook gets the state on its standard input", () => {
  const folder = newFolder();
  const id = newId();
  const change = logging(folder, () => "{ cat; echo; }");
  const bundle = makeBundle((config, path) => {
    change(config, path);
    config.annotations = { "org.example": "x" };
    config.process.args = ["sleep", "1000"];
  });
  runtime.ok("create", "--bundle", bundle, id);
  const { pid } = runtime.state(id);
  runtime.ok("start", id);
  runtime.ok("delete", "-f", id);
  const states = readLog(folder).map((line) => JSON.parse(line));
  for (const state of states) {
    assert.is(state.ociVersion, "1.3.0");
    assert.is(state.id, id);
    assert.is(state.bundle, bundle);
    assert.equal(state.annotations, { "org.example": "x" });
  }
  assert.equal(
    states.map(({ status }) => status),
    ["creating", "creating", "creating", "created", "running", "stopped"],
  );
  // in the container's namespaces the pid is as the container sees it; a stopped container has none
  assert.equal(
    states.slice(0, 5).map((state) => state.pid),
    [pid, pid, 1, 1, pid],
  );
});

test("prestart, createRuntime, poststart and poststop run in the host's namespaces, the others in the container's", () => {
  const folder = newFolder();
  runtime.run(logging(folder, (kind) => `echo ${kind} $(readlink /proc/self/ns/uts)`));
  const found = new Map(readLog(folder).map((line) => line.split(" ", 2) as [string, string]));
  const host = readlinkSync("/proc/self/ns/uts");
  for (const kind of ["prestart", "createRuntime", "poststart", "poststop"])
    assert.is(found.get(kind), host, kind);
  for (const kind of ["createContainer", "startContainer"]) {
    assert.is.not(found.get(kind), host, kind);
    assert.match(found.get(kind) ?? "", /^uts:/);
  }
  assert.is(found.get("createContainer"), found.get("startContainer"));
});

test("createContainer hooks are found in the host's files and see the container's mounts", () => {
  const folder = newFolder();
  runtime.run((config, bundle) => {
    config.root.path = ownRootfs(bundle);
    config.hooks = {
      createContainer: [
        hook(`grep -c ' ${config.root.path}/dev/shm ' /proc/self/mountinfo >> ${folder}/log`, {
          env: ["PATH=/bin:/usr/bin"],
        }),
      ],
    };
  });
  assert.equal(readLog(folder), ["1"]);
});

test("a hook without env has an empty environment (CVE-2025-23266), and one with env has that", () => {
  const folder = newFolder();
  for (const env of [undefined, ["ONLY=this"]]) {
    const script = newScript(`#!/bin/sh\n/usr/bin/tr '\\0' '\\n' < /proc/self/environ > ${folder}/log\n`);
    runtime.run(
      (config) => {
        config.hooks = { createRuntime: [{ path: script, ...(env && { env }) }] };
      },
      { env: { PATH: "/bin", LD_PRELOAD: "", SECRET: "of the engine" } },
    );
    assert.not.match(readFileSync(`${folder}/log`, "utf8"), /SECRET|LD_PRELOAD/);
    if (env) assert.match(readFileSync(`${folder}/log`, "utf8"), /^ONLY=this$/m);
  }
});

test("a startContainer hook without env has the program's", () => {
  const { out } = runtime.run((config) => {
    config.mounts.push({ destination: "/run", source: "tmpfs", type: "tmpfs" });
    config.process.env = ["PATH=/bin", "ONE=two", "HOME=/run"];
    config.process.args = ["cat", "/run/environment"];
    config.hooks = { startContainer: [{ path: "/bin/sh", args: ["sh", "-c", "env > /run/environment"] }] };
  });
  assert.match(out, /^ONE=two$/m);
  assert.match(out, /^HOME=\/run$/m);
});

test("a startContainer hook is held by what holds the program: user, capabilities, filter", () => {
  const folder = newFolder();
  chmodSync(folder, 0o777);
  const script = `{ id -u; id -g; grep -E "CapPrm|Seccomp:|NoNewPrivs" /proc/self/status; mkdir /tmp/x; } > /host/log 2>&1`;
  for (const noNewPrivileges of [true, false])
    for (const refused of ["mkdir", "pidfd_open"]) {
      const { out } = runtime.run((config) => {
        config.mounts.push({ destination: "/host", source: folder, options: ["bind"] });
        config.process.user = { uid: 1234, gid: 4321 };
        config.process.noNewPrivileges = noNewPrivileges;
        config.process.args = ["cat", "/host/log"];
        config.hooks = { startContainer: [hook(`${script}; exit 0`, { env: ["PATH=/bin"] })] };
        config.linux.seccomp = {
          defaultAction: "SCMP_ACT_ALLOW",
          syscalls: [{ names: [refused, "mkdirat"], action: "SCMP_ACT_ERRNO" }],
        };
      });
      const nnp = noNewPrivileges ? 1 : 0;
      assert.match(out, new RegExp(`^1234\n4321\nCapPrm:\t0+\nNoNewPrivs:\t${nnp}\nSeccomp:\t2\n`));
      assert.is(/mkdir: .*Operation not permitted/.test(out), refused === "mkdir");
    }
});

test("what leaked into the caller is open neither in a hook nor in init while it waits (CVE-2024-21626)", () => {
  const folder = newFolder();
  const leaked = newScript("leaked");
  const bundle = makeBundle((config) => {
    config.hooks = { createRuntime: [hook(`ls -l /proc/self/fd > ${folder}/log`, { env: ["PATH=/bin"] })] };
  });
  const id = newId();
  const through = ["sh", "-c", `exec 7<${leaked} 9>>${leaked}; exec "$@"`, "sh"];
  assert.is(runtime.call(["create", "--bundle", bundle, id], { through }).status, 0);
  const open = (pid: number) =>
    readdirSync(`/proc/${pid}/fd`).map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`));
  assert.not(open(runtime.state(id).pid).includes(leaked));
  assert.not(readFileSync(`${folder}/log`, "utf8").includes(leaked));
  runtime.ok("delete", id);
  // unless it is to be handed on
  const kept = newId();
  const args = ["create", "--preserve-fds", "5", "--bundle", makeBundle(), kept];
  const all = ["sh", "-c", `exec 3<${leaked} 4<&3 5<&3 6<&3 7<&3; exec "$@"`, "sh"];
  assert.is(runtime.call(args, { through: all }).status, 0);
  assert.ok(open(runtime.state(kept).pid).includes(leaked));
  runtime.ok("delete", kept);
});

test("a hook that takes longer than its timeout is killed with what it started, and fails", () => {
  const start = Date.now();
  const err = runtime.refuses((config) => {
    config.hooks = { createRuntime: [hook("sleep 1000; true", { timeout: 1, env: config.process.env })] };
  });
  assert.ok(Date.now() - start < 5000);
  assert.match(err, /not done after 1 s/);
  assert.match(err, /\/hooks\/createRuntime\/0/);
});

for (const kind of ["prestart", "createRuntime", "createContainer"] as const)
  test(`a failing ${kind} hook fails create, runs poststop hooks, and nothing stays`, () => {
    const folder = newFolder();
    const id = newId();
    const bundle = makeBundle((config) => {
      config.hooks = { [kind]: [hook("echo why >&2; exit 3")], poststop: [hook(`echo > ${folder}/stopped`)] };
    });
    const err = runtime.fails("create", "--bundle", bundle, id);
    assert.match(err, /exit status 3.*why/s);
    assert.match(err, new RegExp(`/hooks/${kind}/0`));
    assert.match(runtime.fails("state", id), /does not exist/);
    assert.ok(existsSync(`${folder}/stopped`));
  });

for (const kind of ["startContainer", "poststart"] as const)
  test(`a failing ${kind} hook fails start, ends the container and deletes it`, () => {
    const folder = newFolder();
    const id = newId();
    const bundle = makeBundle((config) => {
      config.process.args = ["sleep", "1000"];
      config.hooks = { [kind]: [hook("echo why >&2; exit 3")], poststop: [hook(`echo > ${folder}/stopped`)] };
    });
    runtime.ok("create", "--bundle", bundle, id);
    const err = runtime.fails("start", id);
    assert.match(err, /exit status 3.*why/s);
    assert.match(err, new RegExp(`/hooks/${kind}/0`));
    assert.match(runtime.fails("state", id), /does not exist/);
    assert.ok(existsSync(`${folder}/stopped`), "poststop hooks run");
  });

test("a failing hook of any kind but poststop fails run, and nothing stays", () => {
  for (const kind of kinds.slice(0, 5)) {
    const id = newId();
    const bundle = makeBundle((config) => {
      config.process.args = ["sleep", "1000"];
      config.hooks = { [kind]: [hook("exit 3")] };
    });
    const err = runtime.fails("run", "--bundle", bundle, id);
    assert.match(err, new RegExp(`/hooks/${kind}/0`));
    assert.match(runtime.fails("state", id), /does not exist/);
  }
});

test("a failing poststop hook is a warning, and the others run", () => {
  const folder = newFolder();
  const id = runtime.create((config) => {
    config.hooks = { poststop: [hook("exit 3"), hook(`echo > ${folder}/second`)] };
  });
  const { status, err } = runtime.call(["delete", id]);
  assert.is(status, 0);
  assert.match(err, /warning: .*\/hooks\/poststop\/0.*exit status 3/);
  assert.ok(existsSync(`${folder}/second`));
  assert.match(runtime.fails("state", id), /does not exist/);
});

test("a hook that is missing is told with its path", () => {
  const err = runtime.refuses((config) => {
    config.hooks = { createRuntime: [{ path: "/no/such/hook" }] };
  });
  assert.match(err, /execve.*\/no\/such\/hook.*ENOENT/s);
});

test("nothing is left behind", () => expectNoLeaks(before));

test.run();
