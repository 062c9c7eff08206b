// SPDX-License-Identifier: Apache-2.0

// The cgroup driver of systemd, where systemd is process 1: the scope, what systemd knows of it, and what is left.

import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Resources } from "../../lib/config/types.ts";
import { type Change, combine, makeBundle, shell } from "../native/bundle.ts";
import { cgroupMount, expectNoLeaks, snapshot } from "../native/leaks.ts";
import { Runtime } from "../native/runtime.ts";
import { newId } from "../native/scratch.ts";

const before = snapshot();
const runtime = new Runtime();
const MiB = 1 << 20;
const prefix = "org.systemd.property.";

/** Properties of a unit as systemd has them. */
function shown(unit: string, ...names: readonly string[]): Readonly<Record<string, string>> {
  const lines = execFileSync("systemctl", ["show", "--property", names.join(","), unit], {
    encoding: "utf8",
  });
  return Object.fromEntries(
    lines
      .trimEnd()
      .split("\n")
      .map((line) => line.split(/=(.*)/s)),
  );
}

const unitOf = (id: string): string => `runts-${id}.scope`;
const folderOf = (id: string, slice = "/system.slice"): string => `${cgroupMount}${slice}/${unitOf(id)}`;
const read = (path: string): string => readFileSync(path, "utf8").trimEnd();
const isLoaded = (id: string): boolean => shown(unitOf(id), "ActiveState").ActiveState === "active";

const limited =
  (resources: Resources): Change =>
  ({ linux }) => {
    Object.assign(linux, { resources });
  };

const placed =
  (path: string): Change =>
  ({ linux }) => {
    linux.cgroupsPath = path;
  };

const annotated =
  (annotations: Readonly<Record<string, string>>): Change =>
  (config) => {
    Object.assign(config, { annotations });
  };

function create(change: Change, id = newId()): string {
  runtime.ok("--systemd-cgroup", "create", "--bundle", makeBundle(change), id);
  return id;
}

/** Creates what must be refused; what is said about it. */
function refused(change: Change, id = newId()): string {
  const err = runtime.fails("--systemd-cgroup", "create", "--bundle", makeBundle(change), id);
  assert.match(runtime.fails("state", id), /does not exist/);
  return err;
}

test("the container is in a scope of its own, and later commands need not be told so", () => {
  const id = create(shell("sleep 1000"));
  assert.is(read(`/proc/${runtime.state(id).pid}/cgroup`), `0::/system.slice/${unitOf(id)}`);
  assert.equal(shown(unitOf(id), "ActiveState", "Delegate", "Slice", "CollectMode"), {
    ActiveState: "active",
    Delegate: "yes",
    Slice: "system.slice",
    CollectMode: "inactive-or-failed",
  });
  runtime.ok("start", id);
  runtime.ok("pause", id);
  assert.is(runtime.state(id).status, "paused");
  runtime.ok("resume", id);
  runtime.ok("delete", "--force", id);
  assert.not(existsSync(folderOf(id)));
  assert.not(isLoaded(id));
});

test("slice:prefix:name says where: slices lie in each other by their names", () => {
  const id = newId();
  create(placed(`runts-test.slice:runts:${id}`), id);
  assert.ok(existsSync(folderOf(id, "/runts.slice/runts-test.slice")));
  runtime.ok("delete", id);
  const bare = newId();
  create(placed(`:runts:${bare}`), bare);
  assert.ok(existsSync(folderOf(bare)));
  runtime.ok("delete", bare);
});

test("systemd has each limit by its own name, the kernel exactly", () => {
  const id = create(
    limited({
      memory: { limit: 64 * MiB, swap: 96 * MiB, reservation: 16 * MiB },
      cpu: { shares: 512, quota: 20_001, period: 50_000, cpus: "0-1", mems: "0" },
      pids: { limit: 33 },
      hugepageLimits: [{ pageSize: "2MB", limit: 4 * MiB }],
      blockIO: { weight: 500 },
      unified: { "memory.high": `${48 * MiB}`, "memory.oom.group": "1" },
    }),
  );
  assert.equal(
    shown(
      unitOf(id),
      ...["MemoryMax", "MemorySwapMax", "MemoryLow", "MemoryHigh", "CPUWeight", "CPUQuotaPerSecUSec"],
      ...["CPUQuotaPeriodUSec", "AllowedCPUs", "AllowedMemoryNodes", "TasksMax"],
    ),
    {
      MemoryMax: `${64 * MiB}`,
      MemorySwapMax: `${32 * MiB}`,
      MemoryLow: `${16 * MiB}`,
      MemoryHigh: `${48 * MiB}`,
      CPUWeight: "59",
      CPUQuotaPerSecUSec: "410ms",
      CPUQuotaPeriodUSec: "50ms",
      AllowedCPUs: "0-1",
      AllowedMemoryNodes: "0",
      TasksMax: "33",
    },
  );
  const hasBfq = existsSync(`${folderOf(id)}/io.bfq.weight`);
  const weight = hasBfq ? "io.bfq.weight" : "io.weight";
  const kernel = () =>
    ["memory.max", "memory.swap.max", "memory.low", "memory.high", "cpu.max", "cpu.weight", "pids.max"]
      .concat("cpuset.cpus", "hugetlb.2MB.rsvd.max", "memory.oom.group", weight)
      .map((file) => read(`${folderOf(id)}/${file}`));
  const bytes = [64 * MiB, 32 * MiB, 16 * MiB, 48 * MiB];
  const exact = [...bytes, "20001 50000", 59, 33, "0-1", 4 * MiB, 1, `default ${hasBfq ? 500 : 4950}`].map(
    String,
  );
  assert.equal(kernel(), exact);
  execFileSync("systemctl", ["daemon-reload"]);
  // systemd keeps a quota in whole percents
  assert.equal(kernel(), exact.with(4, "20500 50000"));
  runtime.ok("delete", id);
});

test("update tells systemd and the kernel, and takes back from both what one of them refuses", () => {
  const id = create(limited({ memory: { limit: 64 * MiB }, pids: { limit: 10 }, cpu: { period: 50_000 } }));
  const now = () => [
    shown(unitOf(id), "MemoryMax", "TasksMax", "CPUQuotaPerSecUSec", "AllowedCPUs"),
    ...["memory.max", "pids.max", "cpu.max"].map((file) => read(`${folderOf(id)}/${file}`)),
  ];
  const told = (MemoryMax: string, TasksMax: string, CPUQuotaPerSecUSec: string) => ({
    ...{ MemoryMax, TasksMax, CPUQuotaPerSecUSec, AllowedCPUs: "" },
  });
  runtime.ok("update", "--memory", "32m", "--pids-limit", "20", "--cpu-quota", "30001", id);
  const changed = [told(`${32 * MiB}`, "20", "610ms"), `${32 * MiB}`, "20", "30001 50000"];
  assert.equal(now(), changed);
  runtime.ok("update", "--memory", "32m", id); // systemd writes 30500 of its own accord
  runtime.fails("update", "--memory", "16m", "--cpuset-cpus", "0-9999", id);
  assert.equal(now(), changed);
  runtime.ok("update", "--memory=-1", "--pids-limit=-1", "--cpu-quota=-1", id);
  assert.equal(now(), [told("infinity", "infinity", "infinity"), "max", "max", "max 50000"]);
  runtime.ok("delete", id);
});

test("no process and idle, which systemd says otherwise, and the end of both", () => {
  const id = create(limited({ pids: { limit: 0 }, cpu: { idle: 1 } }));
  const now = () => [
    shown(unitOf(id), "TasksMax", "CPUWeight"),
    ...["pids.max", "cpu.idle"].map((file) => read(`${folderOf(id)}/${file}`)),
  ];
  assert.equal(now(), [{ TasksMax: "1", CPUWeight: "idle" }, "0", "1"]);
  runtime.ok("update", "--pids-limit", "7", "--cpu-idle", "0", id);
  assert.equal(now(), [{ TasksMax: "7", CPUWeight: "100" }, "7", "0"]);
  runtime.ok("delete", id);
});

test("device rules hold, also after a daemon-reload", () => {
  const denied: Change = (config) => {
    config.process.args = ["sleep", "1000"];
    config.mounts.push({ destination: "/mnt", type: "bind", source: "/dev", options: ["bind"] });
    Object.assign(config.linux, { resources: { devices: [{ allow: false, access: "rwm" }] } });
  };
  const id = create(denied);
  runtime.ok("start", id);
  const { pid } = runtime.state(id);
  const tries = () =>
    ["/mnt/null", "/mnt/kmsg"].map((path) => {
      const inside = ["-t", `${pid}`, "-m", "-C", "sh", "-c"];
      // nsenter does not join the cgroup, by which devices are judged: its shell does
      const join = `echo $$ > ${folderOf(id)}/cgroup.procs`;
      const line = `${join} && exec nsenter ${inside.slice(0, 3).join(" ")} sh -c ': < ${path}'`;
      return spawnSync("sh", ["-c", line], { encoding: "utf8" }).stderr.replace(/^.*: /s, "").trim();
    });
  assert.equal(tries(), ["", "Operation not permitted"]);
  execFileSync("systemctl", ["daemon-reload"]);
  assert.equal(tries(), ["", "Operation not permitted"]);
  runtime.ok("delete", "--force", id);
});

test("annotations set properties of the scope, and only such as are known", () => {
  const id = create(annotated({ [`${prefix}TimeoutStopSec`]: "7", [`${prefix}Description`]: "'mine'" }));
  assert.equal(shown(unitOf(id), "TimeoutStopUSec", "Description"), {
    TimeoutStopUSec: "7s",
    Description: "mine",
  });
  runtime.ok("delete", id);
  const err = refused(annotated({ [`${prefix}Delegate`]: "false", [`${prefix}TasksMax`]: "'7'" }));
  assert.match(err, /annotations\/org\.systemd\.property\.Delegate: found "Delegate", expected one of/);
  assert.match(err, /annotations\/org\.systemd\.property\.TasksMax: found "'7'", expected a number/);
});

test("a name that is taken is refused, and whose it is stays", () => {
  const id = create(shell("sleep 1000"));
  const err = refused(placed(`system.slice:runts:${id}`));
  assert.match(err, /UnitExists.*startScope.*\/linux\/cgroupsPath/s);
  assert.ok(isLoaded(id));
  runtime.ok("delete", "--force", id);
});

test("a value that the kernel refuses leaves no scope", () => {
  const id = newId();
  const err = refused(limited({ unified: { "memory.nonsense": "1" } }), id);
  assert.match(err, /memory\.nonsense/);
  assert.not(isLoaded(id));
});

test("run in the foreground: the container sees its cgroup as the root, and its limits", () => {
  const script = "cat /proc/self/cgroup /sys/fs/cgroup/pids.max";
  const bundle = makeBundle(combine(shell(script), limited({ pids: { limit: 9 } })));
  assert.is(runtime.ok("--systemd-cgroup", "run", "--bundle", bundle, newId()), "0::/\n9\n");
});

test("a container that has ended by itself is deleted as any other", () => {
  const id = create(shell("true"));
  runtime.ok("start", id);
  for (let i = 0; i < 100 && runtime.state(id).status !== "stopped"; i++) execFileSync("sleep", ["0.05"]);
  runtime.ok("delete", id);
  assert.not(isLoaded(id));
});

test("with joined namespaces it is the container that is in the scope, too", () => {
  const first = create(shell("sleep 1000"));
  const join: Change = ({ linux }) => {
    linux.namespaces = linux.namespaces.map(({ type }) =>
      type === "network" ? { type, path: `/proc/${runtime.state(first).pid}/ns/net` } : { type },
    );
  };
  const id = create(combine(shell("sleep 1000"), join));
  assert.is(read(`/proc/${runtime.state(id).pid}/cgroup`), `0::/system.slice/${unitOf(id)}`);
  for (const one of [id, first]) runtime.ok("delete", "--force", one);
});

test("without a bus, root asks systemd itself", () => {
  const hidden = ["unshare", "--mount", "sh", "-c", 'mount -t tmpfs none /run/dbus && exec "$@"', "sh"];
  const id = newId();
  const bundle = makeBundle(shell("sleep 1000"));
  const made = runtime.call(["--systemd-cgroup", "create", "--bundle", bundle, id], { through: hidden });
  assert.equal({ status: made.status, err: made.err }, { status: 0, err: "" });
  assert.ok(isLoaded(id));
  assert.equal(runtime.call(["delete", "--force", id], { through: hidden }).err, "");
  assert.not(isLoaded(id));
});

/** What is told in full of a create that must be refused. */
function told(change: Change): string {
  const words = ["--debug", "--systemd-cgroup", "create", "--bundle", makeBundle(change), newId()];
  return runtime.call(words).err;
}

test("what systemd refuses is explained, with the annotation that asks for it", () => {
  const after = told(annotated({ [`${prefix}CPUWeight`]: "99999999", [`${prefix}TimeoutStopUSec`]: "7" }));
  assert.match(after, /CPUWeight is out of range/);
  assert.match(after, /config.*: \/annotations\/org\.systemd\.property\.CPUWeight\n/);
  assert.match(after, /cause .*annotation org\.systemd\.property\.CPUWeight/);
  assert.match(
    told(annotated({ [`${prefix}Requisite`]: "['nosuch.service']" })),
    /nosuch\.service cannot be loaded/,
  );
  assert.match(told(placed(":runts:@")), /missing the instance name[\s\S]*none that systemd takes/);
});

test("a unit that a scope depends on, masked or failing, is named", () => {
  const folder = "/run/systemd/system";
  symlinkSync("/dev/null", `${folder}/runtsmasked.slice`);
  writeFileSync(`${folder}/runts-failing.service`, "[Service]\nType=oneshot\nExecStart=/bin/false\n");
  execFileSync("systemctl", ["daemon-reload"]);
  try {
    assert.match(told(placed("runtsmasked.slice:runts:x")), /try .*systemctl unmask runtsmasked\.slice/);
    const failing = "['runts-failing.service']";
    const needs = annotated({ [`${prefix}Requisite`]: failing, [`${prefix}After`]: failing });
    assert.match(told(needs), /ended as "dependency"[\s\S]*cause .*requires has failed/);
  } finally {
    for (const name of ["runtsmasked.slice", "runts-failing.service"]) rmSync(`${folder}/${name}`);
    execFileSync("systemctl", ["daemon-reload"]);
    spawnSync("systemctl", ["reset-failed", "runts-failing.service"]);
  }
});

test("nothing is left behind", () => expectNoLeaks(before));

test.run();
