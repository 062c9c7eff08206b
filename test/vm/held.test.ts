// SPDX-License-Identifier: Apache-2.0

// Limits at work: what wants more than its limit, measured by the kernel's own books.

import { existsSync, readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Resources } from "../../lib/config/types.ts";
import { type Change, combine, shell } from "../native/bundle.ts";
import { cgroupMount, expectNoLeaks, snapshot } from "../native/leaks.ts";
import { Runtime } from "../native/runtime.ts";
import { waitFor } from "../native/wait.ts";

const before = snapshot();
const runtime = new Runtime();
const MiB = 1 << 20;

const limited =
  (resources: Resources): Change =>
  ({ linux }) => {
    Object.assign(linux, { resources });
  };

const within = (what: string, value: number, least: number, most: number) =>
  assert.ok(value >= least && value <= most, `${what}: ${value}, expected ${least} to ${most}`);

interface Running {
  readonly id: string;
  readonly read: (file: string) => string;
  /** of a file with a name and a number in each line */
  readonly count: (file: string, name: string) => number;
}

/** A container that runs this while `look` does; then it is deleted, however it is. */
function during(script: string, change: Change, look: (running: Running) => void): void {
  const id = runtime.create(combine(shell(script), change));
  const read = (file: string) => readFileSync(`${cgroupMount}/runts-${id}/${file}`, "utf8").trimEnd();
  const count = (file: string, name: string) =>
    Number(new RegExp(`^${name} (\\d+)$`, "m").exec(read(file))?.[1]);
  runtime.ok("start", id);
  try {
    look({ id, read, count });
  } finally {
    runtime.ok("delete", "--force", id);
    assert.not(existsSync(`${cgroupMount}/runts-${id}`));
  }
}

const cell = new Int32Array(new SharedArrayBuffer(4));
const sleep = (milliseconds: number) => void Atomics.wait(cell, 0, 0, milliseconds);

test("a fork bomb stays below its limit of processes, and delete is its end", () => {
  // in the host's pid namespace, where nothing dies with init
  const withHostPids: Change = ({ linux }) => {
    linux.namespaces = linux.namespaces.filter(({ type }) => type !== "pid");
  };
  const bomb = "bomb() { bomb | bomb & }; while :; do bomb; done 2>/dev/null";
  during(bomb, combine(withHostPids, limited({ pids: { limit: 20 } })), ({ read, count }) => {
    assert.ok(waitFor(() => count("pids.events", "max") > 20, 20_000));
    const seen = Array.from({ length: 20 }, () => {
      sleep(10);
      return Number(read("pids.current"));
    });
    within("most processes", Math.max(...seen), 1, 20);
  });
});

test("who takes more memory than the limit is ended, and never has more", () => {
  const change = limited({ memory: { limit: 16 * MiB, swap: 16 * MiB } });
  during("tail /dev/zero; sleep 1000", change, ({ read, count }) => {
    assert.ok(waitFor(() => count("memory.events", "oom_kill") === 1, 20_000));
    // memory.peak is of Linux 5.19
    within("memory.peak", Number(read("memory.peak")), 15 * MiB, 16 * MiB);
    assert.ok(waitFor(() => Number(read("memory.current")) < 4 * MiB));
  });
});

test("a quota of a fifth of a processor is a fifth, and half of it with another period", () => {
  for (const [quota, period, share] of [
    [20_000, 100_000, 0.2],
    [5_000, 10_000, 0.5],
  ] as const)
    during("while :; do :; done", limited({ cpu: { quota, period } }), ({ count }) => {
      sleep(500);
      const used = count("cpu.stat", "usage_usec");
      const began = process.hrtime.bigint();
      sleep(2000);
      const spent = count("cpu.stat", "usage_usec") - used;
      const elapsed = Number(process.hrtime.bigint() - began) / 1000;
      // what goes beyond a period's end is taken from the next; on a busy machine there may be less to be had
      within(`share of a processor, ${quota} of ${period}`, spent / elapsed, share * 0.4, share * 1.25);
      assert.ok(count("cpu.stat", "nr_throttled") > 10);
      // by the kernel's own clock, from the first moment on: in no period more than it is due
      const all = count("cpu.stat", "usage_usec");
      const due = quota * (count("cpu.stat", "nr_periods") + 1);
      within("microseconds in all", all, due * 0.4, due * 1.1);
    });
});

const disk = "/sys/block/nullb0/dev";
const [major = 0, minor = 0] = existsSync(disk) ? readFileSync(disk, "utf8").split(":").map(Number) : [];

const withDisk: Change = ({ linux }) => {
  linux.devices = [{ path: "/dev/disk", type: "b", major, minor, fileMode: 0o600 }];
};

/** How many of `what` the container does in a second, by its io.stat. */
function rate(what: string, throttle: string, limit: number, command: string): number {
  const resources: Resources = {
    devices: [
      { allow: false, access: "rwm" },
      { allow: true, type: "b", major, minor, access: "rw" },
    ],
    blockIO: { [throttle]: [{ major, minor, rate: limit }] },
  };
  let found = 0;
  during(`while :; do ${command}; done 2>/dev/null`, combine(withDisk, limited(resources)), ({ read }) => {
    const done = () => Number(new RegExp(` ${what}=(\\d+)`).exec(read("io.stat"))?.[1] ?? 0);
    assert.ok(waitFor(() => done() > 0, 10_000));
    sleep(300);
    const [from, began] = [done(), process.hrtime.bigint()];
    sleep(1500);
    found = (done() - from) / (Number(process.hrtime.bigint() - began) / 1e9);
  });
  return found;
}

const write = "dd if=/dev/zero of=/dev/disk oflag=direct count=64";
const reading = "dd if=/dev/disk of=/dev/null iflag=direct count=64";

for (const [throttle, what, limit, command] of [
  ["throttleWriteBpsDevice", "wbytes", MiB, `${write} bs=65536`],
  ["throttleReadBpsDevice", "rbytes", MiB, `${reading} bs=65536`],
  ["throttleWriteIOPSDevice", "wios", 40, `${write} bs=4096`],
  ["throttleReadIOPSDevice", "rios", 40, `${reading} bs=4096`],
] as const) {
  const title = `${throttle}: the disk is read or written no faster`;
  if (existsSync(disk))
    test(title, () => within(what, rate(what, throttle, limit, command), limit * 0.4, limit * 1.2));
  else test.skip(`${title} # there is no null block device (scripts/vm/devices.sh)`, () => {});
}

test("nothing is left behind", () => expectNoLeaks(before));

test.run();
