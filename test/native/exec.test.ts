// SPDX-License-Identifier: Apache-2.0

// exec: a process that joins a container, its namespaces and its cgroup, and what is told of its end.

import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmdirSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Change, combine, ownRootfs, shell } from "./bundle.ts";
import { running as runningIn } from "./joining.ts";
import { cgroupMount, expectNoLeaks, isAlive, ownCgroups, ownProcesses, snapshot } from "./leaks.ts";
import { Runtime } from "./runtime.ts";
import { mark, newPath } from "./scratch.ts";
import { waitFor } from "./wait.ts";

const before = snapshot();
const runtime = new Runtime();

const running = (...changes: readonly Change[]) => runningIn(runtime, ...changes);

const end = (id: string) => runtime.ok("delete", "--force", id);

/** What a line of shell prints in the container, where it must succeed. */
const inside = (id: string, script: string) => runtime.ok("exec", id, "sh", "-c", script).trimEnd();

/** What is said when nothing could be executed. */
function refusal(...args: readonly string[]): string {
  const { status, out, err } = runtime.call(["exec", ...args]);
  assert.equal({ status, out }, { status: 255, out: "" }, err);
  return err;
}

const withUser: Change = ({ linux }) => {
  linux.namespaces.push({ type: "user" });
  linux.uidMappings = [{ containerID: 0, hostID: 100000, size: 65536 }];
  linux.gidMappings = [{ containerID: 0, hostID: 200000, size: 65536 }];
};

const withTime: Change = ({ linux }) => {
  linux.namespaces.push({ type: "time" });
};

const files = ["pid", "net", "mnt", "ipc", "uts", "user", "cgroup", "time"];

function expectNamespacesOfInit(id: string): void {
  const { pid } = runtime.state(id);
  const script = "cd /proc/self/ns; for n in pid net mnt ipc uts user cgroup time; do readlink $n; done";
  assert.equal(
    inside(id, script).split("\n"),
    files.map((file) => readlinkSync(`/proc/${pid}/ns/${file}`)),
  );
}

test("the process is in every namespace of the container's first, and under its root", () => {
  for (const change of [() => {}, withUser, withTime, combine(withUser, withTime)]) {
    const id = running(change);
    expectNamespacesOfInit(id);
    assert.is(inside(id, "hostname; readlink /proc/1/exe; pwd"), "inside\n/bin/busybox\n/");
    end(id);
  }
});

test("namespaces that the container has not of its own stay the caller's", () => {
  for (const type of ["pid", "network", "ipc", "uts", "cgroup"] as const) {
    const id = running((config) => {
      config.linux.namespaces = config.linux.namespaces.filter((listed) => listed.type !== type);
      delete config.hostname;
      config.mounts = config.mounts.filter(({ destination }) => !destination.includes("mqueue"));
    });
    expectNamespacesOfInit(id);
    end(id);
  }
});

test("namespaces that the container joined by path are joined, and a user namespace that owns only some", () => {
  const holder = running(withTime);
  const { pid } = runtime.state(holder);
  const id = running(withUser, ({ linux, mounts }) => {
    mounts.splice(4); // mqueue and sysfs are not for those who do not own the namespaces
    linux.namespaces = linux.namespaces.map(({ type }) =>
      type === "network" || type === "ipc"
        ? { type, path: `/proc/${pid}/ns/${type === "network" ? "net" : type}` }
        : { type },
    );
  });
  expectNamespacesOfInit(id);
  end(id);
  end(holder);
});

test("without a mount namespace the process has the container's root all the same", () => {
  const id = running((config, bundle) => {
    config.root.path = ownRootfs(bundle);
    config.linux.namespaces = config.linux.namespaces.filter(({ type }) => type !== "mount");
    config.mounts = [];
  });
  const { pid } = runtime.state(id);
  const root = readlinkSync(`/proc/${pid}/root`);
  assert.not.equal(root, "/");
  assert.is(inside(id, "test -e /bin/busybox && ls /"), readdirSync(root).sort().join("\n"));
  end(id);
});

test("it is in the container's cgroup from birth, and its pid is in the pid file, without a newline", () => {
  const id = running();
  const pidFile = newPath("pid");
  runtime.ok("exec", "--detach", "--pid-file", pidFile, id, "sleep", "1000");
  const text = readFileSync(pidFile, "utf8");
  assert.match(text, /^[0-9]+$/);
  assert.ok(isAlive(text));
  const cgroup = (pid: string | number) => readFileSync(`/proc/${pid}/cgroup`, "utf8").match(/^0::.*$/m)?.[0];
  assert.is(cgroup(text), `0::/runts-${id}`);
  assert.is(readFileSync(`/proc/${text}/cmdline`, "utf8"), "sleep\x001000\0");
  end(id);
  assert.ok(waitFor(() => !isAlive(text)));
});

test("--cgroup names one below the container's, which must be there", () => {
  const id = running();
  mkdirSync(join(cgroupMount, `runts-${id}`, "below"));
  const pidFile = newPath("pid");
  runtime.ok("exec", "-d", "--cgroup", "/below", "--pid-file", pidFile, id, "sleep", "1000");
  assert.match(readFileSync(`/proc/${readFileSync(pidFile, "utf8")}/cgroup`, "utf8"), /^0::.*\/below$/m);
  assert.match(refusal("--cgroup", "missing", id, "true"), /ENOENT/);
  for (const path of ["..", "below/../..", "/../x"])
    assert.match(refusal("--cgroup", path, id, "true"), /below the container's cgroup/);
  assert.match(refusal("--cgroup", "cpu:below", id, "true"), /cgroup v2/);
  end(id);
});

/** One that a cgroup with processes cannot hand down; it stays enabled, as on most machines it is. */
const controller = ["hugetlb", "memory", "io", "rdma", "misc"].find((name) =>
  readFileSync(join(cgroupMount, "cgroup.controllers"), "utf8").split(/\s+/).includes(name),
);
const moving =
  "where init has moved to another cgroup, because its own hands controllers down, it goes there";

(controller ? test : test.skip)(
  `${moving}${controller ? "" : " # this cgroup2 tree has no controller"}`,
  () => {
    const id = running();
    const { pid } = runtime.state(id);
    const own = join(cgroupMount, `runts-${id}`);
    mkdirSync(join(own, "init.scope"));
    writeFileSync(join(own, "init.scope/cgroup.procs"), `${pid}`);
    writeFileSync(join(cgroupMount, "cgroup.subtree_control"), `+${controller}`);
    writeFileSync(join(own, "cgroup.subtree_control"), `+${controller}`);
    const pidFile = newPath("pid");
    runtime.ok("exec", "-d", "--pid-file", pidFile, id, "sleep", "1000");
    const cgroup = readFileSync(`/proc/${readFileSync(pidFile, "utf8")}/cgroup`, "utf8");
    assert.match(cgroup, new RegExp(`^0::/runts-${id}/init.scope$`, "m"));
    end(id);
  },
);

test("where the container's cgroup is gone it goes to that of init", () => {
  const id = running();
  const { pid } = runtime.state(id);
  const other = join(cgroupMount, `${mark}other`);
  mkdirSync(other);
  writeFileSync(join(other, "cgroup.procs"), `${pid}`);
  rmdirSync(join(cgroupMount, `runts-${id}`));
  const pidFile = newPath("pid");
  runtime.ok("exec", "-d", "--pid-file", pidFile, id, "sleep", "1000");
  const executed = readFileSync(pidFile, "utf8");
  assert.match(readFileSync(`/proc/${executed}/cgroup`, "utf8"), new RegExp(`^0::/${mark}other$`, "m"));
  runtime.ok("kill", id, "KILL");
  assert.ok(waitFor(() => !isAlive(executed)));
  end(id);
  assert.ok(waitFor(() => !/^populated 1$/m.test(readFileSync(join(other, "cgroup.events"), "utf8"))));
  rmdirSync(other);
});

test("its exit status is the runtime's, and 128 and the number of a signal", () => {
  const id = running();
  for (const [script, status] of [
    ["true", 0],
    ["exit 7", 7],
    ["kill -9 $$", 137],
    ["kill -TERM $$", 143],
  ] as const)
    assert.equal(runtime.call(["exec", id, "sh", "-c", script]).status, status, script);
  end(id);
});

test("what cannot be executed is told as Docker and Podman know it, and leaves no pid file", () => {
  const id = running();
  const pidFile = newPath("pid");
  for (const [program, text] of [
    ["missing", /exec: "missing": executable file not found in \$PATH/],
    ["/missing", /exec: "\/missing": stat \/missing: no such file or directory/],
    ["/etc", /is a directory: permission denied/],
    ["/proc/version", /exec: "\/proc\/version": permission denied/],
  ] as const) {
    assert.match(refusal("--detach", "--pid-file", pidFile, id, program), text);
    assert.not(existsSync(pidFile));
  }
  assert.match(
    refusal("--cwd", "/missing", id, "true"),
    /chdir\("\/missing"\): ENOENT: no such file or directory/,
  );
  end(id);
});

test("a container that is stopped, or not there, takes no process; one that is created does", () => {
  const id = runtime.create(shell("exec sleep 1000"));
  assert.is(inside(id, "hostname; cat /proc/1/comm"), "inside\nrunts-init");
  runtime.ok("kill", id, "KILL");
  assert.ok(waitFor(() => runtime.state(id).status === "stopped"));
  assert.match(refusal(id, "true"), /cannot exec in a stopped container/);
  end(id);
  assert.match(refusal(id, "true"), /does not exist/);
});

test("a paused container takes none, unless it is asked to wait", async () => {
  const id = running();
  runtime.ok("pause", id);
  assert.match(refusal(id, "true"), /cannot exec in a paused container \(use --ignore-paused to override\)/);
  const { ended, out } = runtime.launch(["exec", "--ignore-paused", id, "echo", "resumed"]);
  await new Promise((done) => setTimeout(done, 300));
  assert.is(out(), "");
  runtime.ok("resume", id);
  assert.equal(await ended, { status: 0, signal: null, out: "resumed\n", err: "" });
  // one that waits is ended as any other, and nothing of it stays
  runtime.ok("pause", id);
  const { child, ended: stopped } = runtime.launch(["exec", "--ignore-paused", id, "echo", "never"]);
  await new Promise((done) => setTimeout(done, 300));
  child.kill("SIGTERM");
  assert.is((await stopped).signal, "SIGTERM");
  runtime.ok("resume", id);
  assert.ok(
    waitFor(
      () => readFileSync(`${cgroupMount}/runts-${id}/cgroup.procs`, "utf8").trim().split("\n").length === 1,
    ),
  );
  end(id);
});

test("500 of them leave nothing behind", () => {
  const id = running();
  const seen = () => ({
    processes: ownProcesses().length,
    cgroups: ownCgroups(),
    files: readdirSync(join(runtime.root, id)).sort(),
    root: readdirSync(runtime.root).sort(),
    descriptors: readdirSync(`/proc/${runtime.state(id).pid}/fd`),
    keys: readFileSync("/proc/keys", "utf8").split("\n").length,
  });
  runtime.ok("exec", id, "true");
  const first = seen();
  for (let i = 0; i < 500; i++) runtime.ok("exec", ...(i % 2 ? ["--detach"] : []), id, "true");
  assert.ok(waitFor(() => ownProcesses().length === first.processes));
  const last = seen();
  assert.ok(last.keys <= first.keys + 2, `${first.keys} keys, then ${last.keys}`);
  assert.equal({ ...last, keys: 0 }, { ...first, keys: 0 });
  end(id);
});

test("nothing is left behind", () => expectNoLeaks(before));

test.run();
