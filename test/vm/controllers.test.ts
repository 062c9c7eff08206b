// SPDX-License-Identifier: Apache-2.0

// Controllers on their way down to the container: neighbours that stand in it, threads, delegated parts of the tree,
// and a runtime that is in a container itself.

import { spawn } from "node:child_process";
import {
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  writeFileSync,
} from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Resources } from "../../lib/config/types.ts";
import { type Change, combine, makeBundle, sharedRootfs, shell } from "../native/bundle.ts";
import { cgroupMount, expectNoLeaks, ownCgroups, snapshot } from "../native/leaks.ts";
import { type Result, Runtime } from "../native/runtime.ts";
import { mark, markVariable, newId, newPath } from "../native/scratch.ts";
import { waitFor } from "../native/wait.ts";

const before = snapshot();
const runtime = new Runtime();
const KiB = 1024;
const memory = { memory: { limit: 64 * KiB * KiB } };

const at =
  (path: string, resources: Resources = {}): Change =>
  ({ linux }) => {
    linux.cgroupsPath = path;
    Object.assign(linux, { resources });
  };

const read = (path: string) => readFileSync(`${cgroupMount}${path}`, "utf8").trim();
const write = (path: string, text: string) => writeFileSync(`${cgroupMount}${path}`, text);

/** A cgroup of the test's own while `use` runs, with a process in it when asked for. */
function within(populated: boolean, use: (path: string) => void): void {
  const path = `/${mark}neighbour`;
  mkdirSync(cgroupMount + path);
  const child = populated ? spawn("sleep", ["1000"], { stdio: "ignore" }) : undefined;
  if (child) write(`${path}/cgroup.procs`, String(child.pid));
  try {
    use(path);
  } finally {
    child?.kill("SIGKILL");
    waitFor(() => read(`${path}/cgroup.procs`) === "" && readdirSync(cgroupMount + path).length > 0);
    for (const below of ownCgroups()) rmdirSync(below);
  }
}

test("a container without limits has the files by which engines count", () => {
  const id = runtime.create();
  for (const file of ["memory.current", "pids.current", "io.stat", "cpu.max"])
    assert.ok(existsSync(`${cgroupMount}/runts-${id}/${file}`), file);
  runtime.ok("delete", id);
});

test("a parent with processes of its own refuses a limit by name, and lets a container without one be", () => {
  within(true, (path) => {
    const err = runtime.refuses(at(`${path}/in`, memory));
    const pid = read(`${path}/cgroup.procs`);
    assert.match(err, new RegExp(`cgroup ${path} has processes of its own \\(${pid}\\).*move them`));
    assert.not(existsSync(`${cgroupMount}${path}/in`));
    const { status, err: none } = runtime.run(at(`${path}/in`));
    assert.equal({ status, err: none }, { status: 0, err: "" });
    assert.is(read(`${path}/cgroup.procs`), pid);
    assert.is(read(`${path}/cgroup.subtree_control`), "");
  });
});

test("a threaded subtree is called one", () => {
  within(false, (path) => {
    mkdirSync(`${cgroupMount}${path}/threads`);
    write(`${path}/threads/cgroup.type`, "threaded");
    assert.match(
      runtime.refuses(at(`${path}/threads/in`, memory)),
      /is of a threaded subtree \(cgroup\.type/,
    );
    assert.match(runtime.refuses(at(`${path}/threads/in`)), /clone3.*domain invalid.*\/linux\/cgroupsPath/);
    assert.not(existsSync(`${cgroupMount}${path}/threads/in`));
  });
});

test("a full cgroup above is named when no further process may be", () => {
  within(false, (path) => {
    write(`${path}/pids.max`, "0");
    assert.match(runtime.refuses(at(`${path}/in`)), /limit of processes \(pids\.max\)/);
    write(`${path}/cgroup.max.descendants`, "0");
    assert.match(runtime.refuses(at(`${path}/in`)), /EAGAIN.*cgroup\.max\.descendants/);
  });
});

const uid = 47_111;
const asUser = `setpriv --reuid=${uid} --regid=${uid} --clear-groups --inh-caps=-all --bounding-set=-all`;

/** The runtime called by the user, from a process that is in this cgroup. */
function asDelegate(path: string, cgroupsPath: string | undefined, resources: Resources): Result {
  const bundle = newPath("bundle");
  mkdirSync(bundle);
  chownSync(bundle, uid, uid);
  const user = new Runtime(runtime.host, newPath("root"));
  mkdirSync(user.root);
  chownSync(user.root, uid, uid);
  const env = { PATH: "/usr/bin:/bin", RUNTS_TEST: markVariable.slice(11) };
  user.call(["spec", "--rootless", "--bundle", bundle], { env, through: asUser.split(" ") });
  const config = JSON.parse(readFileSync(`${bundle}/config.json`, "utf8"));
  config.root.path = sharedRootfs();
  config.process.terminal = false;
  config.process.args = ["sh", "-c", "cat /proc/self/cgroup; ulimit -n"];
  config.linux.cgroupsPath = cgroupsPath;
  config.linux.resources = resources;
  config.linux.namespaces = config.linux.namespaces.filter(({ type }: { type: string }) => type !== "cgroup");
  writeFileSync(`${bundle}/config.json`, JSON.stringify(config));
  const enter = `echo $$ > ${cgroupMount}${path}/cgroup.procs; exec ${asUser} "$@"`;
  return user.call(["run", "--bundle", bundle, newId()], { env, through: ["sh", "-c", enter, "sh"] });
}

test("an ordinary user has limits in the part of the tree that was handed to him", () => {
  within(false, (path) => {
    write(`${path}/cgroup.subtree_control`, "+memory +pids");
    mkdirSync(`${cgroupMount}${path}/own`);
    mkdirSync(`${cgroupMount}${path}/own/shell`);
    for (const name of [
      "own",
      "own/cgroup.procs",
      "own/cgroup.subtree_control",
      "own/shell",
      "own/shell/cgroup.procs",
    ])
      chownSync(`${cgroupMount}${path}/${name}`, uid, uid);
    for (const asked of ["box", undefined, `${path}/own/box`]) {
      const { status, out, err } = asDelegate(`${path}/own/shell`, asked, { pids: { limit: 20 } });
      // only root may load the program that enforces them
      const other = err.replace(/^runts: warning: .*device rules are not enforced\n/, "");
      assert.equal({ status, other }, { status: 0, other: "" }, asked);
      assert.match(out, new RegExp(`^0::${path}/own/\\S`, "m"));
      if (asked !== undefined) assert.match(out, new RegExp(`^0::${path}/own/box$`, "m"));
    }
    assert.is(read(`${path}/own/cgroup.subtree_control`), "memory pids");
    // what he was not given he cannot have, and who would have to give it is named
    const { status, err } = asDelegate(`${path}/own/shell`, "box", { cpu: { shares: 512 } });
    assert.is(status, 1);
    assert.match(err, new RegExp(`below ${path}, and this user may not write`));
  });
});

/** A line of shell with the tree of its own cgroup namespace at the usual place, as in a container. */
function inNamespace(path: string, options: string, script: string): Result {
  const inner =
    `umount -l /sys/fs/cgroup; mount -t cgroup2 ${options} cgroup2 /sys/fs/cgroup && mkdir -p /sys/fs/cgroup/self && ` +
    script;
  const outer = `echo $$ > ${cgroupMount}${path}/cgroup.procs; exec unshare --cgroup --mount sh -c '${inner}' sh "$@"`;
  const bundle = makeBundle(
    combine(shell("cat /sys/fs/cgroup/pids.max"), at("/inner", { pids: { limit: 9 } })),
  );
  return runtime.call(["run", "--bundle", bundle, newId()], { through: ["sh", "-c", outer, "sh"] });
}

for (const [name, options] of [
  ["plain", ""],
  ["nsdelegate", "-o nsdelegate"],
] as const)
  test(`in a cgroup namespace cgroupsPath counts from its root: ${name}`, () => {
    within(false, (path) => {
      const beside = inNamespace(path, options, 'exec "$@"');
      assert.is(beside.status, 1);
      assert.match(beside.err, /cgroup \/ has processes of its own/);
      const moved = inNamespace(path, options, 'echo 0 > /sys/fs/cgroup/self/cgroup.procs && exec "$@"');
      assert.equal(moved, { status: 0, signal: null, out: "9\n", err: "" });
      assert.not(existsSync(`${cgroupMount}/inner`));
    });
  });

test("a controller that the cgroup above a namespace does not hand down is out of reach, and it says so", () => {
  within(false, (path) => {
    mkdirSync(`${cgroupMount}${path}/bare`);
    const { status, err } = inNamespace(`${path}/bare`, "", 'exec "$@"');
    assert.is(status, 1);
    assert.match(err, /controller pids is not available: the cgroup above .* does not hand it down/);
  });
});

test("nothing is left behind", () => expectNoLeaks(before));

test.run();
