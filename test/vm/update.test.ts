// SPDX-License-Identifier: Apache-2.0

// update, pause and resume, where the controllers are.

import { readFileSync, writeFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Resources } from "../../lib/config/types.ts";
import { newFolder } from "../native/files.ts";
import { cgroupMount, expectNoLeaks, snapshot } from "../native/leaks.ts";
import { Runtime } from "../native/runtime.ts";

const before = snapshot();
const runtime = new Runtime();
const MiB = 1 << 20;

/** A created container with these resources, while `use` runs. */
function withLimits(resources: Resources, use: (id: string, read: (file: string) => string) => void): void {
  const id = runtime.create(({ linux }) => {
    Object.assign(linux, { resources });
  });
  use(id, (file) => readFileSync(`${cgroupMount}/runts-${id}/${file}`, "utf8").trimEnd());
  runtime.ok("delete", id);
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

test("swap alone counts from the limit that is there", () => {
  withLimits({ memory: { limit: 64 * MiB } }, (id, read) => {
    runtime.ok("update", "--memory-swap", "96m", id);
    assert.equal([read("memory.max"), read("memory.swap.max")], [`${64 * MiB}`, `${32 * MiB}`]);
  });
});

test("resources come from a file, and are checked like those of a config.json", () => {
  withLimits({}, (id, read) => {
    const file = `${newFolder()}/resources.json`;
    writeFileSync(file, JSON.stringify({ pids: { limit: 33 }, unified: { "memory.high": `${8 * MiB}` } }));
    runtime.ok("update", "-r", file, id);
    assert.equal([read("pids.max"), read("memory.high")], ["33", `${8 * MiB}`]);
    writeFileSync(file, JSON.stringify({ pids: { limit: "x" } }));
    const err = runtime.fails("update", "--resources", file, id);
    assert.match(err, /\/pids\/limit.*expected/s);
    assert.is(read("pids.max"), "33");
  });
});

test("a value that the kernel refuses leaves the others as they were", () => {
  withLimits({ memory: { limit: 64 * MiB }, pids: { limit: 10 } }, (id, read) => {
    const err = runtime.fails("update", "--memory", "32m", "--cpuset-cpus", "0-9999", id);
    assert.match(err, /cpuset\.cpus/);
    assert.is(read("memory.max"), `${64 * MiB}`);
  });
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

test("nothing is left behind", () => expectNoLeaks(before));

test.run();
