// SPDX-License-Identifier: Apache-2.0

// Limits, where the controllers are: written by create, read back from the kernel, and held. They run on a
// host with cgroup v2, else in the virtual machine.

import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmdirSync, rmSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Resources } from "../../lib/config/types.ts";
import { type Change, combine, shell } from "../native/bundle.ts";
import { cgroupMount, expectNoLeaks, snapshot } from "../native/leaks.ts";
import { Runtime } from "../native/runtime.ts";
import { mark, newPath } from "../native/scratch.ts";

const before = snapshot();
const runtime = new Runtime();

const limited =
  (resources: Resources): Change =>
  ({ linux }) => {
    Object.assign(linux, { resources });
  };

/** What the kernel says of these files of a container created with these resources. */
function readBack(resources: Resources, ...files: readonly string[]): Readonly<Record<string, string>> {
  const id = runtime.create(limited(resources));
  const values = files.map((file) => [
    file,
    readFileSync(`${cgroupMount}/runts-${id}/${file}`, "utf8").trimEnd(),
  ]);
  runtime.ok("delete", id);
  return Object.fromEntries(values);
}

test("memory: the limit, swap beyond it, and the reservation", () => {
  const MiB = 1 << 20;
  assert.equal(
    readBack(
      { memory: { limit: 64 * MiB, swap: 96 * MiB, reservation: 16 * MiB } },
      "memory.max",
      "memory.swap.max",
      "memory.low",
    ),
    { "memory.max": `${64 * MiB}`, "memory.swap.max": `${32 * MiB}`, "memory.low": `${16 * MiB}` },
  );
});

test("memory: -1 is no limit", () => {
  assert.equal(readBack({ memory: { limit: -1 } }, "memory.max", "memory.swap.max"), {
    "memory.max": "max",
    "memory.swap.max": "max",
  });
});

test("cpu: weight, quota, period and burst", () => {
  assert.equal(
    readBack(
      { cpu: { shares: 512, quota: 20000, period: 50000, burst: 10000 } },
      "cpu.weight",
      "cpu.max",
      "cpu.max.burst",
    ),
    { "cpu.weight": "59", "cpu.max": "20000 50000", "cpu.max.burst": "10000" },
  );
});

test("cpu: an idle container", () => {
  assert.equal(readBack({ cpu: { idle: 1, shares: 512 } }, "cpu.idle"), { "cpu.idle": "1" });
});

test("cpuset: processors and memory nodes", () => {
  assert.equal(readBack({ cpu: { cpus: "0", mems: "0" } }, "cpuset.cpus", "cpuset.mems"), {
    "cpuset.cpus": "0",
    "cpuset.mems": "0",
  });
});

test("pids: a number, and -1 for none", () => {
  assert.equal(readBack({ pids: { limit: 7 } }, "pids.max"), { "pids.max": "7" });
  assert.equal(readBack({ pids: { limit: -1 } }, "pids.max"), { "pids.max": "max" });
});

test("unified: whatever file the kernel has", () => {
  const unified = { "memory.high": "33554432", "io.weight": "default 50" };
  const found = readBack({ unified }, "memory.high");
  assert.equal(found, { "memory.high": "33554432" });
});

test("unified: it wins over the other limits, and a limit of processes waits for init", () => {
  assert.equal(
    readBack(
      {
        memory: { limit: 1 << 26 },
        pids: { limit: 50 },
        unified: { "memory.max": "33554432", "pids.max": "1" },
      },
      "memory.max",
      "pids.max",
    ),
    { "memory.max": "33554432", "pids.max": "1" },
  );
});

test("memory: checkBeforeUpdate looks at what is on the books of a cgroup that is there", () => {
  const path = `/${mark}used`;
  mkdirSync(cgroupMount + path);
  // its pages stay on the books when the process has gone
  const file = newPath("pages");
  const fill = `echo $$ > ${cgroupMount}${path}/cgroup.procs && head -c 4000000 /dev/zero > ${file}`;
  execFileSync("sh", ["-c", fill]);
  const change: Change = ({ linux }) => {
    linux.cgroupsPath = path;
    Object.assign(linux, { resources: { memory: { limit: 1 << 20, checkBeforeUpdate: true } } });
  };
  assert.match(runtime.refuses(change), /uses \d+ bytes, which is more than 1048576.*memory\/limit/);
  rmSync(file);
  rmdirSync(cgroupMount + path);
});

test("unified: a file that the kernel does not have is an error that names it, and leaves no cgroup", () => {
  const err = runtime.refuses(limited({ unified: { "memory.nonsense": "1" } }));
  assert.match(err, /memory\.nonsense.*ENOENT|ENOENT.*memory\.nonsense/);
  assert.match(err, /\/linux\/resources\/unified\/memory\.nonsense/);
});

test("a value that the kernel refuses is an error with file, value and field, and leaves no cgroup", () => {
  const err = runtime.refuses(limited({ cpu: { cpus: "4096" } }));
  assert.match(err, /cpuset\.cpus: 4096.*\/linux\/resources\/cpu\/cpus/);
});

test("controllers are enabled all the way down to a cgroup of some depth", () => {
  const path = `/${mark}deep/one/two`;
  const change: Change = ({ linux }) => {
    linux.cgroupsPath = path;
    Object.assign(linux, { resources: { pids: { limit: 9 } } });
  };
  const id = runtime.create(change);
  assert.is(readFileSync(`${cgroupMount}${path}/pids.max`, "utf8"), "9\n");
  runtime.ok("delete", id);
  assert.not(existsSync(`${cgroupMount}/${mark}deep`)); // create had made it, too
});

test("the container cannot have more processes than its limit", () => {
  const script = "for i in 1 2 3 4 5 6 7 8; do sleep 5 & done; wait";
  const { err } = runtime.run(combine(shell(script), limited({ pids: { limit: 4 } })));
  assert.match(err, /can't fork/);
});

test("a process that takes more memory than its limit is killed, and the exit status says so", () => {
  const change = combine(
    shell("exec tail /dev/zero"),
    limited({ memory: { limit: 8 << 20, swap: 8 << 20 } }),
  );
  assert.is(runtime.run(change).status, 137);
});

test("a container sees its own limits through its cgroup namespace", () => {
  assert.is(runtime.inside("cat /sys/fs/cgroup/pids.max", limited({ pids: { limit: 50 } })), "50");
});

test("nothing is left behind", () => {
  expectNoLeaks(before);
});

test.run();
