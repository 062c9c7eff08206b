// SPDX-License-Identifier: Apache-2.0

// update, pause and resume, where the controllers are.

import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Resources } from "../../lib/config/types.ts";
import { combine, shell } from "../native/bundle.ts";
import { resourcesFile } from "../native/device-probe.ts";
import { newFolder } from "../native/files.ts";
import { cgroupMount, expectNoLeaks, snapshot } from "../native/leaks.ts";
import { Runtime } from "../native/runtime.ts";
import { waitFor } from "../native/wait.ts";

const before = snapshot();
const runtime = new Runtime();
const MiB = 1 << 20;

/** A created container with these resources, while `use` runs. */
function withLimits(resources: Resources, use: (id: string, read: (file: string) => string) => void): void {
  const id = runtime.create(
    combine(shell("sleep 1000"), ({ linux }) => {
      Object.assign(linux, { resources });
    }),
  );
  use(id, (file) => readFileSync(`${cgroupMount}/runts-${id}/${file}`, "utf8").trimEnd());
  runtime.ok("delete", "--force", id);
}

test("each flag sets its limit, sizes have units, -1 is none", () => {
  withLimits({ memory: { limit: 64 * MiB } }, (id, read) => {
    runtime.ok("update", "--memory", "128m", "--memory-swap", "256M", "--pids-limit", "77", id);
    assert.equal([read("memory.max"), read("memory.swap.max")], [`${128 * MiB}`, `${128 * MiB}`]);
    assert.is(read("pids.max"), "77");
    runtime.ok("update", "--cpu-quota", "20000", "--cpu-period", "50000", "--cpu-share", "2048", id);
    assert.is(read("cpu.max"), "20000 50000");
    assert.ok(Number(read("cpu.weight")) > 100);
    runtime.ok("update", "--memory=-1", "--pids-limit=-1", id);
    assert.equal([read("memory.max"), read("pids.max")], ["max", "max"]);
  });
});

test("quota and burst may both fall or rise, and fall back when another value is refused", () => {
  withLimits({ cpu: { quota: 50_000, burst: 40_000 } }, (id, read) => {
    const file = `${newFolder()}/resources.json`;
    const ask = (cpu: Resources["cpu"]) => writeFileSync(file, JSON.stringify({ cpu }));
    const now = () => [read("cpu.max"), read("cpu.max.burst")];
    ask({ quota: 20_000, burst: 10_000 });
    runtime.ok("update", "--resources", file, id);
    assert.equal(now(), ["20000 100000", "10000"]);
    ask({ quota: 90_000, burst: 80_000 });
    runtime.ok("update", "--resources", file, id);
    assert.equal(now(), ["90000 100000", "80000"]);
    ask({ quota: 20_000, burst: 10_000, cpus: "0-9999" });
    assert.match(runtime.fails("update", "--resources", file, id), /cpuset\.cpus/);
    assert.equal(now(), ["90000 100000", "80000"]);
  });
});

test("swap and memory count together: one alone goes with the other", () => {
  withLimits({ memory: { limit: 64 * MiB } }, (id, read) => {
    runtime.ok("update", "--memory-swap", "96m", id);
    assert.equal([read("memory.max"), read("memory.swap.max")], [`${64 * MiB}`, `${32 * MiB}`]);
    runtime.ok("update", "--memory", "48MiB", id);
    assert.equal([read("memory.max"), read("memory.swap.max")], [`${48 * MiB}`, `${48 * MiB}`]);
    assert.match(runtime.fails("update", "--memory", "100m", id), /memory and swap together/);
    assert.is(read("memory.max"), `${48 * MiB}`);
    runtime.ok("update", "--memory", ".5g", "--memory-swap=-1", id);
    assert.equal([read("memory.max"), read("memory.swap.max")], [`${512 * MiB}`, "max"]);
  });
});

test("quota, burst and period: each direction is one that the kernel takes, what is not named stays", () => {
  withLimits({ cpu: { quota: 20000, period: 50000, burst: 10000 } }, (id, read) => {
    const cpu = () => [read("cpu.max"), read("cpu.max.burst")];
    runtime.ok("update", "--cpu-quota", "90000", "--cpu-burst", "80000", id);
    assert.equal(cpu(), ["90000 50000", "80000"]);
    runtime.ok("update", "--cpu-quota", "10000", "--cpu-burst", "5000", id);
    assert.equal(cpu(), ["10000 50000", "5000"]);
    runtime.ok("update", "--cpu-period", "100000", id);
    assert.equal(cpu(), ["10000 100000", "5000"]);
    runtime.ok("update", "--cpu-quota", "0", "--memory", "0", "--cpu-share", "0", id);
    assert.equal(cpu(), ["10000 100000", "5000"]);
    runtime.ok("update", "--cpu-quota=-1", id);
    assert.equal(cpu(), ["max 100000", "5000"]);
  });
});

test("resources come from a file or standard input, and are checked like those of a config.json", () => {
  withLimits({}, (id, read) => {
    const file = `${newFolder()}/resources.json`;
    writeFileSync(file, JSON.stringify({ pids: { limit: 33 }, unified: { "memory.high": `${8 * MiB}` } }));
    runtime.ok("update", "-r", file, id);
    assert.equal([read("pids.max"), read("memory.high")], ["33", `${8 * MiB}`]);
    writeFileSync(file, JSON.stringify({ pids: { limit: "x" } }));
    const err = runtime.fails("update", "--resources", file, id);
    assert.match(err, /\/pids\/limit.*expected/s);
    assert.is(read("pids.max"), "33");
    // containerd 1.6 and CRI-O, containerd 2, Podman
    for (const [i, flags] of [["--resources", "-"], ["--resources=-"], [`--resources=${file}`]].entries()) {
      const stdin = JSON.stringify({ pids: { limit: 40 + i } });
      writeFileSync(file, stdin);
      const { status, err: said } = runtime.call(["update", ...flags, id], { stdin });
      assert.equal({ status, said }, { status: 0, said: "" });
      assert.is(read("pids.max"), `${40 + i}`);
    }
  });
});

test("what only cgroup v1 has is taken with a warning", () => {
  withLimits({ memory: { limit: 64 * MiB } }, (id, read) => {
    const { status, err } = runtime.call(["update", "--kernel-memory", "1g", "--memory", "32m", id]);
    assert.is(status, 0);
    assert.match(err, /memory\.kernel is of cgroup v1 only/);
    assert.is(read("memory.max"), `${32 * MiB}`);
    runtime.ok("update", "--kernel-memory=-1", "--cpu-rt-period", "0", id);
  });
});

const nullBlock = "/sys/block/nullb0/dev";
const [major = 0, minor = 0] = existsSync(nullBlock)
  ? readFileSync(nullBlock, "utf8").trim().split(":").map(Number)
  : [];

/** Limits on what this machine has; `more` makes each another one. */
function everything(more: number, folder: string): Resources {
  const device = { major, minor, rate: MiB * (1 + more) };
  const hasRdma = existsSync(`${folder}/rdma.max`) && readFileSync(`${folder}/rdma.max`, "utf8") !== "";
  return {
    memory: { limit: (64 + more) * MiB, swap: (96 + 3 * more) * MiB, reservation: (8 + more) * MiB },
    cpu: {
      shares: 100 + more,
      quota: 20000 + more,
      period: 50000 + more,
      burst: 1000 + more,
      cpus: more % 2 ? "0-1" : "0",
      mems: more % 2 ? "0-1" : "0",
    },
    blockIO: {
      weight: 100 + more,
      ...(major > 0 && {
        weightDevice: [{ major, minor, weight: 200 + more }],
        throttleReadBpsDevice: [device],
        throttleWriteIOPSDevice: [device],
      }),
    },
    ...(existsSync(`${folder}/hugetlb.2MB.max`) && {
      hugepageLimits: [{ pageSize: "2MB", limit: 2 * MiB * (1 + more) }],
    }),
    ...(hasRdma && { rdma: { rxe0: { hcaHandles: 3 + more, hcaObjects: 5 + more } } }),
    unified: { "memory.high": `${(50 + more) * MiB}`, "cgroup.max.depth": `${5 + more}` },
  };
}

const controllerFiles =
  /^(memory|cpu|cpuset|io|hugetlb|rdma|pids|cgroup)\..*(max|low|high|weight|cpus|mems|idle|burst|depth)$/;

function stateOf(id: string): Readonly<Record<string, string>> {
  const folder = `${cgroupMount}/runts-${id}`;
  const files = readdirSync(folder).filter((file) => controllerFiles.test(file));
  return Object.fromEntries(files.map((file) => [file, readFileSync(`${folder}/${file}`, "utf8")]));
}

test("a value that the kernel refuses leaves all others as they were, of every kind", () => {
  withLimits({ memory: { limit: 64 * MiB }, pids: { limit: 10 } }, (id) => {
    const folder = `${cgroupMount}/runts-${id}`;
    // once processes have a set of processors of their own, the kernel takes no empty one
    runtime.ok("update", "--cpuset-cpus", "0", "--cpuset-mems", "0", "--blkio-weight", "100", id);
    const tooMany = { pids: { limit: 99999999 } };
    const seen: string[] = [];
    for (const resources of [everything(1, folder), everything(2, folder), everything(0, folder)]) {
      const fresh = stateOf(id);
      const err = runtime.fails("update", "-r", resourcesFile({ ...resources, ...tooMany }), id);
      assert.match(err, /pids\.max: 99999999/);
      assert.not.match(err, /set back/);
      assert.equal(stateOf(id), fresh);
      runtime.ok("update", "-r", resourcesFile(resources), id);
      const set = stateOf(id);
      seen.push(...Object.keys(set).filter((file) => set[file] !== fresh[file]));
    }
    // the test itself: every kind has been changed
    const kinds = new Set(seen.map((file) => file.split(".")[0]));
    for (const kind of ["memory", "cpu", "cpuset", "io", "cgroup"]) assert.ok(kinds.has(kind), kind);
    for (const [file, kind] of [
      ["hugetlb.2MB.max", "hugetlb"],
      ["rdma.max", "rdma"],
    ] as const)
      if (existsSync(`${folder}/${file}`) && readFileSync(`${folder}/${file}`, "utf8") !== "")
        assert.ok(kinds.has(kind), kind);
  });
});

test("an idle container is idle again, one that was not has its weight again", () => {
  const tooMany = { pids: { limit: 99999999 } };
  withLimits({ cpu: { shares: 512 } }, (id, read) => {
    const weight = read("cpu.weight");
    runtime.fails("update", "-r", resourcesFile({ cpu: { idle: 1 }, ...tooMany }), id);
    assert.equal([read("cpu.idle"), read("cpu.weight")], ["0", weight]);
    runtime.ok("update", "--cpu-idle", "1", id);
    runtime.fails("update", "-r", resourcesFile({ cpu: { idle: 0, shares: 2048 }, ...tooMany }), id);
    assert.is(read("cpu.idle"), "1");
  });
});

test("an inherited set of processors is set back to what it was worth, and that is told", () => {
  withLimits({ memory: { limit: 64 * MiB } }, (id, read) => {
    const resources = { cpu: { cpus: "0" }, pids: { limit: 99999999 } };
    const err = runtime.fails("update", "-r", resourcesFile(resources), id);
    assert.match(err, /cpuset\.cpus cannot be empty again/);
    assert.is(read("cpuset.cpus"), read("cpuset.cpus.effective"));
  });
});

test("what cannot be set back is told", () => {
  withLimits({}, (id) => {
    const err = runtime.fails(
      "update",
      "-r",
      resourcesFile({ unified: { "memory.reclaim": "0" }, pids: { limit: 99999999 } }),
      id,
    );
    assert.match(err, /memory\.reclaim has its new value and cannot be set back/);
  });
});

test("a paused container is updated, a stopped one is not running", () => {
  withLimits({}, (id, read) => {
    runtime.ok("start", id);
    runtime.ok("pause", id);
    runtime.ok("update", "--memory", "64m", "--pids-limit", "9", id);
    assert.equal([read("memory.max"), read("pids.max")], [`${64 * MiB}`, "9"]);
    runtime.ok("resume", id);
    runtime.ok("kill", id, "KILL");
    waitFor(() => runtime.state(id).status === "stopped", 5000);
    assert.match(runtime.fails("update", "--memory", "64m", id), /container not running/);
  });
  assert.match(runtime.fails("update", "--memory", "64m", "none"), /does not exist/);
});

test("a limit below the present use makes the kernel end what uses it, when nobody asked to look", () => {
  const hoard = shell(
    "x=$(head -c 12000000 /dev/zero | tr '\\0' a); echo ready > /dev/shm/ready; sleep 1000",
  );
  const id = runtime.create(
    combine(hoard, ({ linux }) => {
      Object.assign(linux, { resources: { memory: { limit: 64 * MiB, swap: 64 * MiB } } });
    }),
  );
  const read = (file: string) => readFileSync(`${cgroupMount}/runts-${id}/${file}`, "utf8");
  runtime.ok("start", id);
  assert.ok(waitFor(() => Number(read("memory.current")) > 11 * MiB, 60_000));
  const check = { memory: { limit: 4 * MiB, swap: 4 * MiB, checkBeforeUpdate: true } };
  assert.match(runtime.fails("update", "-r", resourcesFile(check), id), /which is more than/);
  assert.match(read("memory.events"), /^oom_kill 0$/m);
  runtime.ok("update", "--memory", "4m", "--memory-swap", "4m", id);
  assert.is(read("memory.max"), `${4 * MiB}\n`);
  assert.not.match(read("memory.events"), /^oom_kill 0$/m);
  assert.ok(waitFor(() => runtime.state(id).status === "stopped", 5000));
  runtime.ok("delete", id);
});

test("a limit below the present use is refused when asked to look", () => {
  withLimits({ memory: { limit: 64 * MiB } }, (id, read) => {
    const file = `${newFolder()}/resources.json`;
    writeFileSync(file, JSON.stringify({ memory: { limit: 4096, checkBeforeUpdate: true } }));
    const err = runtime.fails("update", "--resources", file, id);
    assert.match(err, /uses \d+ bytes, which is more than 4096/);
    assert.is(read("memory.max"), `${64 * MiB}`);
  });
});

test("updates at the same time follow each other, and a delete ends them", async () => {
  const id = runtime.create(combine(shell("sleep 1000")));
  const files = [1, 2].map((more) => resourcesFile(everything(30 * more, `${cgroupMount}/runts-${id}`)));
  const states = files.map((file) => {
    runtime.ok("update", "-r", file, id);
    return stateOf(id);
  });
  const several = [0, 1, 0, 1].map((i) => runtime.launch(["update", "-r", files[i] ?? "", id]));
  for (const { ended } of several) assert.is((await ended).status, 0);
  const found = JSON.stringify(stateOf(id));
  assert.ok(
    states.some((state) => JSON.stringify(state) === found),
    found,
  );
  const last = [0, 1].map((i) => runtime.launch(["update", "-r", files[i] ?? "", id]));
  const removed = runtime.launch(["delete", "--force", id]);
  assert.is((await removed.ended).status, 0);
  for (const { ended } of last) {
    const { status, err } = await ended;
    assert.ok(status === 0 || /does not exist|not running/.test(err), err);
  }
});

test("nothing is left behind", () => expectNoLeaks(before));

test.run();
