// SPDX-License-Identifier: Apache-2.0

// The runtime called by an ordinary user: in a user namespace, with one id mapped by the user alone, and with ranges
// of ids mapped by newuidmap and newgidmap.

import { spawnSync } from "node:child_process";
import { chownSync, existsSync, mkdirSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { sharedRootfs } from "./bundle.ts";
import { expectNoLeaks, snapshot } from "./leaks.ts";
import { type CallOptions, type Host, hosts, type Result, Runtime } from "./runtime.ts";
import { markVariable, newId, newPath } from "./scratch.ts";
import { waitFor } from "./wait.ts";

const before = snapshot();
const uid = 47_110;
const asUser = [
  "setpriv",
  `--reuid=${uid}`,
  `--regid=${uid}`,
  "--clear-groups",
  "--inh-caps=-all",
  "--bounding-set=-all",
];

/** Why ordinary users cannot run this host here; undefined when they can. */
function obstacle(host: Host): string | undefined {
  for (const words of [
    ["unshare", "--user", "true"],
    [...host.command, "--version"],
  ]) {
    const [program = "", ...rest] = [...asUser, ...words];
    const { status, stderr } = spawnSync(program, rest, { encoding: "utf8" });
    if (status !== 0) return `${words.join(" ")} as an ordinary user: ${stderr.trim()}`;
  }
  return undefined;
}

/** A folder that belongs to the user. */
function ownFolder(name: string): string {
  const folder = newPath(name);
  mkdirSync(folder);
  chownSync(folder, uid, uid);
  return folder;
}

interface Rootless {
  readonly args: readonly string[];
  readonly ids?: readonly { containerID: number; hostID: number; size: number }[];
  readonly through?: readonly string[];
  readonly change?: (config: { linux: RootlessLinux; process: object }) => void;
}

interface RootlessLinux {
  namespaces: readonly { readonly type: string }[];
  uidMappings: unknown;
  gidMappings: unknown;
}

const env = { PATH: "/usr/bin:/bin", RUNTS_TEST: markVariable.slice(11) };

/** The bundle that `spec --rootless` writes, with these arguments. */
function write(runtime: Runtime, { args, ids, change }: Rootless): string {
  const bundle = ownFolder("bundle");
  const written = runtime.call(["spec", "--rootless", "--bundle", bundle], { env, through: asUser });
  assert.equal(written, { status: 0, signal: null, out: "", err: "" });
  const config = JSON.parse(readFileSync(`${bundle}/config.json`, "utf8"));
  config.root.path = sharedRootfs();
  config.process.terminal = false;
  config.process.args = args;
  if (ids) {
    config.linux.uidMappings = ids;
    config.linux.gidMappings = ids;
  }
  change?.(config);
  writeFileSync(`${bundle}/config.json`, JSON.stringify(config));
  return bundle;
}

/** The same, run by the user. */
function run(runtime: Runtime, rootless: Rootless): Result {
  const { through = asUser } = rootless;
  return runtime.call(["run", "--bundle", write(runtime, rootless), newId()], { env, through });
}

/** The machine's own files stay as they are: in a mount namespace of its own others lie over them. */
function withRange(): readonly string[] {
  const folder = ownFolder("etc");
  writeFileSync(`${folder}/ids`, "tester:300000:1000\n");
  writeFileSync(`${folder}/passwd`, `root:x:0:0::/root:/bin/sh\ntester:x:${uid}:${uid}::/:/bin/sh\n`);
  const over = ["subuid", "subgid"].map((name) => `mount --bind ${folder}/ids /etc/${name}`);
  const script = [...over, `mount --bind ${folder}/passwd /etc/passwd`, 'exec "$@"'].join(" && ");
  return ["unshare", "--mount", "--propagation", "private", "sh", "-c", script, "sh", ...asUser.slice(0, 4)];
}

for (const host of hosts) {
  const runtime = new Runtime(host, ownFolder("root"));
  const why = obstacle(host);
  const prove = why ? test.skip : test;
  const reason = why ? ` # ${why}` : "";

  prove(
    `${host.name}: an ordinary user runs what spec --rootless writes, as root of its own namespace${reason}`,
    () => {
      const script = "id -u; cat /proc/self/uid_map; hostname; cat /proc/self/setgroups; echo $$";
      const { status, out, err } = run(runtime, { args: ["sh", "-c", script] });
      assert.equal({ status, err }, { status: 0, err: "" });
      const lines = out
        .trim()
        .split("\n")
        .map((line) => line.trim().replace(/\s+/g, " "));
      assert.equal(lines, ["0", `0 ${uid} 1`, "runts", "deny", "1"]);
    },
  );

  prove(`${host.name}: its devices are the host's, bound, and its mounts are in place${reason}`, () => {
    const script =
      "echo gone > /dev/null && head -c 3 /dev/zero | wc -c; grep -c ' /dev/null ' /proc/self/mountinfo; cat /proc/sys/kernel/ostype";
    const { status, out, err } = run(runtime, { args: ["sh", "-c", script] });
    assert.equal({ status, err, out }, { status: 0, err: "", out: "3\n1\nLinux\n" });
  });

  prove(
    `${host.name}: root of a namespace that denies setgroups has a container without one of its own${reason}`,
    () => {
      const without = (namespace: { type: string }) => namespace.type !== "user";
      const args = ["sh", "-c", "id -u; cat /proc/self/setgroups"];
      const { status, out, err } = run(runtime, {
        args,
        through: [...asUser, "unshare", "--user", "--map-root-user"],
        change: ({ linux }) => {
          linux.namespaces = linux.namespaces.filter(without);
          linux.uidMappings = undefined;
          linux.gidMappings = undefined;
        },
      });
      assert.equal({ status, out, err }, { status: 0, out: "0\ndeny\n", err: "" });
    },
  );

  prove(
    `${host.name}: it may lower its own scheduling, and is told when it may not raise it${reason}`,
    () => {
      const scheduled = (scheduler: object) =>
        run(runtime, {
          args: ["cut", "-d", " ", "-f41", "/proc/self/stat"],
          change: ({ process }) => void Object.assign(process, { scheduler }),
        });
      assert.equal(scheduled({ policy: "SCHED_IDLE" }), { status: 0, signal: null, out: "5\n", err: "" });
      const { status, err } = scheduled({ policy: "SCHED_FIFO", priority: 1 });
      assert.is(status, 1);
      assert.match(err, /sched_setattr: EPERM: .*\/process\/scheduler/);
    },
  );

  prove(
    `${host.name}: another process joins its namespaces, as root of them, and leaves nothing${reason}`,
    () => {
      const options: CallOptions = { env, through: asUser };
      const call = (...args: readonly string[]) => runtime.call(args, options);
      const id = newId();
      const pidFile = `${ownFolder("pid")}/pid`;
      assert.equal(call("run", "-d", "--bundle", write(runtime, { args: ["sleep", "1000"] }), id).err, "");
      const { pid } = JSON.parse(call("state", id).out);
      const names = ["pid", "mnt", "ipc", "uts", "user", "cgroup"];
      const { status, out, err } = call(
        ...["exec", "--pid-file", pidFile, id, "sh", "-c"],
        `cd /proc/self/ns; for n in ${names.join(" ")}; do readlink $n; done; id -u; hostname`,
      );
      assert.equal({ status, err }, { status: 0, err: "" });
      const own = names.map((name) => readlinkSync(`/proc/${pid}/ns/${name}`));
      assert.equal(out.trim().split("\n"), [...own, "0", "runts"]);
      assert.match(readFileSync(pidFile, "utf8"), /^\d+$/);
      assert.is(call("exec", id, "sh", "-c", "exit 4").status, 4);
      assert.match(call("exec", id, "missing").err, /executable file not found in \$PATH/);
      assert.match(call("exec", "-g", "5", id, "true").err, /setgroups: EPERM/);
      assert.is(call("delete", "--force", id).err, "");
    },
  );

  prove(`${host.name}: its exit status is the program's, and it leaves no state${reason}`, () => {
    assert.is(run(runtime, { args: ["sh", "-c", "exit 9"] }).status, 9);
    assert.is(runtime.call(["list", "-q"], { through: asUser }).out, "");
  });

  const helpers = existsSync("/usr/bin/newuidmap");
  const proveMapped = why || !helpers ? test.skip : test;
  const mappedReason = helpers ? reason : " # newuidmap is not installed";

  proveMapped(`${host.name}: ranges of ids are mapped by newuidmap and newgidmap${mappedReason}`, () => {
    const ids = [
      { containerID: 0, hostID: uid, size: 1 },
      { containerID: 1, hostID: 300_000, size: 1000 },
    ];
    const rootless = { args: ["cat", "/proc/self/uid_map"], ids, through: withRange() };
    const { status, out, err } = run(runtime, rootless);
    assert.equal({ status, err }, { status: 0, err: "" });
    const lines = out
      .trim()
      .split("\n")
      .map((line) => line.trim().replace(/\s+/g, " "));
    assert.equal(lines, [`0 ${uid} 1`, "1 300000 1000"]);
  });

  proveMapped(
    `${host.name}: where root is a subordinate id, a container can be joined once it is started${mappedReason}`,
    () => {
      const options: CallOptions = { env, through: withRange() };
      const call = (...args: readonly string[]) => runtime.call(args, options);
      const id = newId();
      const ids = [{ containerID: 0, hostID: 300_000, size: 1000 }];
      assert.is(call("create", "--bundle", write(runtime, { args: ["sleep", "1000"], ids }), id).err, "");
      const { status, err } = call("exec", id, "true");
      assert.is(status, 255);
      assert.match(err, /setns: EPERM: .*subordinate id.*once it is started.*\/linux\/uidMappings/);
      assert.is(call("start", id).err, "");
      const executed = () => readFileSync(`/proc/${JSON.parse(call("state", id).out).pid}/comm`, "utf8");
      assert.ok(waitFor(() => executed() === "sleep\n"));
      assert.equal(call("exec", id, "id", "-u"), { status: 0, signal: null, out: "0\n", err: "" });
      assert.is(call("delete", "--force", id).err, "");
    },
  );

  prove(`${host.name}: a range that the user was not given is refused, and nothing stays${reason}`, () => {
    const ids = [
      { containerID: 0, hostID: uid, size: 1 },
      { containerID: 1, hostID: 900_000, size: 1000 },
    ];
    const { status, err } = run(runtime, { args: ["true"], ids });
    assert.is(status, 1);
    assert.match(err, /Mappings/);
    assert.is(runtime.call(["list", "-q"], { through: asUser }).out, "");
  });
}

test("nothing is left behind", () => expectNoLeaks(before));

test.run();
