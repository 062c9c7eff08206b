// SPDX-License-Identifier: Apache-2.0

import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Reader, restoring } from "./restore.ts";
import type { Step } from "./step.ts";

const readerOf =
  (files: Readonly<Record<string, string>>): Reader =>
  (file) =>
    files[file];

const write = (file: string, value: string): Step => ({ op: "writeCgroup", from: "/x", file, value });

/** What is written to undo a write to a file that said `before`. */
function undone(file: string, value: string, before: string, more: Readonly<Record<string, string>> = {}) {
  const ways = restoring(write(file, value), readerOf({ [file]: before, ...more })).map((steps) =>
    steps.map((step) => (step.op === "writeCgroup" ? `${step.file}: ${step.value}` : step.op)),
  );
  assert.ok(ways.length < 2);
  return ways[0];
}

test("a file with one value gets it back", () => {
  assert.equal(undone("memory.max", "5", "max"), ["memory.max: max"]);
  assert.equal(undone("cpu.max", "5000", "max 100000"), ["cpu.max: max 100000"]);
});

test("of a file with a line for each device only the one that was written comes back", () => {
  const before = "8:0 rbps=1 wbps=max riops=max wiops=max\n8:16 rbps=2 wbps=max riops=max wiops=max";
  assert.equal(undone("io.max", "8:16 rbps=9", before), ["io.max: 8:16 rbps=2 wbps=max riops=max wiops=max"]);
  assert.equal(undone("rdma.max", "mlx hca_handle=5", "mlx hca_handle=max hca_object=7"), [
    "rdma.max: mlx hca_handle=max hca_object=7",
  ]);
});

test("a device that had no line has none again", () => {
  assert.equal(undone("io.max", "8:0 rbps=9 wiops=3", ""), ["io.max: 8:0 rbps=max wiops=max"]);
  assert.equal(undone("io.weight", "8:0 50", "default 100\n8:16 7"), ["io.weight: 8:0 default"]);
  assert.equal(undone("io.latency", "8:0 target=50", ""), ["io.latency: 8:0 target=max"]);
});

test("a weight without a device is the default one", () => {
  assert.equal(undone("io.weight", "default 50", "default 100\n8:16 7"), ["io.weight: default 100"]);
  assert.equal(undone("io.weight", "50", "default 100\n8:16 7"), ["io.weight: default 100"]);
});

test("with BFQ's default weight those of devices come back, which it drops", () => {
  assert.equal(undone("io.bfq.weight", "50", "default 100\n8:0 7"), [
    "io.bfq.weight: default 100",
    "io.bfq.weight: 8:0 7",
  ]);
});

test("an empty set of processors is made empty again, or as good as that", () => {
  const read = readerOf({ "cpuset.cpus": "", "cpuset.cpus.effective": "0-7" });
  assert.equal(restoring(write("cpuset.cpus", "0"), read), [
    [write("cpuset.cpus", "\n")],
    [write("cpuset.cpus", "0-7")],
  ]);
  assert.equal(undone("cpuset.cpus.partition", "root", "root invalid (Cpu list is empty)"), [
    "cpuset.cpus.partition: root",
  ]);
});

test("leaving idle brings the weight back, and an idle group's weight is left alone", () => {
  assert.equal(undone("cpu.idle", "1", "0", { "cpu.weight": "77" }), ["cpu.idle: 0", "cpu.weight: 77"]);
  assert.equal(undone("cpu.idle", "0", "1", { "cpu.weight": "0" }), ["cpu.idle: 1"]);
  assert.equal(undone("cpu.weight", "50", "0", { "cpu.idle": "1" }), []);
});

test("controllers are switched back, those that stayed as they were are not named", () => {
  assert.equal(undone("cgroup.subtree_control", "+cpu +io -pids", "cpu pids"), [
    "cgroup.subtree_control: -io +pids",
  ]);
  assert.equal(undone("cgroup.subtree_control", "+cpu", "cpu"), []);
});

test("what cannot be read, or says no one value, cannot be set back", () => {
  assert.equal(restoring(write("memory.reclaim", "1M"), readerOf({})), []);
  assert.is(undone("cgroup.procs", "1", "5\n6"), undefined);
});

test("of several files the one that is there comes back", () => {
  const step: Step = {
    op: "writeCgroupEither",
    from: "",
    files: ["io.bfq.weight", "io.weight"],
    values: ["10", "default 1"],
  };
  assert.equal(restoring(step, readerOf({ "io.weight": "default 100" })), [
    [{ op: "writeCgroup", from: "", file: "io.weight", value: "default 100" }],
  ]);
});

test("of a class's schemata the line of the resource comes back", () => {
  const step: Step = { op: "writeResctrl", from: "", mount: "/m", path: "g", value: "MB:0=10" };
  const schemata = "    L3:0=7ff;1=7ff\n    MB:0= 100;1= 100";
  assert.equal(restoring(step, readerOf({}), schemata), [[{ ...step, value: "MB:0= 100;1= 100" }]]);
});

test.run();
