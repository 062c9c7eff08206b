// SPDX-License-Identifier: Apache-2.0

// events and stats, where the controllers are: figures are those of the kernel's files, and what happens is told.

import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Resources } from "../../lib/config/types.ts";
import { type Change, combine, shell } from "../native/bundle.ts";
import { cgroupMount, expectNoLeaks, snapshot } from "../native/leaks.ts";
import { hasOpened, type Launched, Runtime } from "../native/runtime.ts";
import { waitFor } from "../native/wait.ts";

const before = snapshot();
const runtime = new Runtime();
const MiB = 1 << 20;
const patience = 60_000;

const limited =
  (resources: Resources): Change =>
  ({ linux }) => {
    Object.assign(linux, { resources });
  };

const noSwap = (limit: number) => ({ memory: { limit, swap: limit } });

/** A container that has been started, until `use` is done. */
async function whileRunning(
  change: Change,
  use: (id: string, read: (file: string) => string) => void | Promise<void>,
): Promise<void> {
  const id = runtime.create(change);
  try {
    runtime.ok("start", id);
    await use(id, (file) => readFileSync(`${cgroupMount}/runts-${id}/${file}`, "utf8").trimEnd());
  } finally {
    runtime.ok("delete", "--force", id);
  }
}

const stats = (id: string) => JSON.parse(runtime.ok("events", "--stats", id)).data;

const keyed = (text: string) =>
  Object.fromEntries(text.split("\n").map((line) => [line.split(" ")[0] ?? "", Number(line.split(" ")[1])]));

test("figures are those of the cgroup's files", () =>
  whileRunning(
    combine(
      shell("for i in 1 2 3; do sleep 1000 & done; head -c 8m /dev/zero | tail -c 8m > /dev/null; wait"),
      limited({ ...noSwap(64 * MiB), pids: { limit: 50 }, cpu: { quota: 50000, period: 100000 } }),
    ),
    (id, read) => {
      assert.ok(
        waitFor(() => read("pids.current") === "4" && Number(read("memory.peak")) > 8 * MiB, patience),
      );
      runtime.ok("pause", id); // so that nothing changes between two looks
      const { cpu, memory, pids, blkio, hugetlb } = stats(id);
      const time = keyed(read("cpu.stat"));
      assert.equal(cpu.usage, {
        total: (time.usage_usec ?? 0) * 1000,
        kernel: (time.system_usec ?? 0) * 1000,
        user: (time.user_usec ?? 0) * 1000,
      });
      // of these the kernel goes on counting
      const { periods } = cpu.throttling;
      assert.ok(periods > 0 && periods <= (time.nr_periods ?? 0), `${periods} of ${time.nr_periods}`);
      assert.equal(memory.usage, {
        limit: 64 * MiB,
        usage: Number(read("memory.current")),
        max: Number(read("memory.peak")),
        failcnt: keyed(read("memory.events")).max,
      });
      assert.equal(memory.swap, { limit: 64 * MiB, usage: memory.usage.usage, failcnt: 0 });
      assert.equal(memory.raw, keyed(read("memory.stat")));
      assert.is(memory.cache ?? 0, memory.raw.file);
      assert.equal(pids, { current: 4, limit: 50 });
      assert.equal(Object.keys(hugetlb).sort(), hugePageSizes(id));
      for (const [psi, file] of [
        [cpu.psi, "cpu"],
        [memory.psi, "memory"],
        [blkio.psi, "io"],
      ])
        assert.is(psi?.some.total, pressureTotal(id, file));
    },
  ));

function hugePageSizes(id: string): readonly string[] {
  const names = readdirSync(`${cgroupMount}/runts-${id}`);
  return names.flatMap((name) => /^hugetlb\.(\w+)\.current$/.exec(name)?.[1] ?? []).sort();
}

function pressureTotal(id: string, file: string): number | undefined {
  const path = `${cgroupMount}/runts-${id}/${file}.pressure`;
  return existsSync(path) ? Number(/^some .*total=(\d+)$/m.exec(readFileSync(path, "utf8"))?.[1]) : undefined;
}

test("processor's time, processes and memory move", () =>
  whileRunning(
    combine(
      shell("while [ ! -e /dev/shm/go ]; do sleep 0.2; done; sleep 1000 & sleep 1000 & while :; do :; done"),
      limited({ ...noSwap(64 * MiB), pids: { limit: 20 } }),
    ),
    (id, read) => {
      const first = stats(id);
      assert.is(first.pids.current <= 2, true); // a shell, and a sleep now and then
      const [pid] = read("cgroup.procs").split("\n");
      writeFileSync(`/proc/${pid}/root/dev/shm/go`, "");
      assert.ok(waitFor(() => stats(id).pids.current === 3, patience));
      const [line = ""] = runtime.ok("stats", "--json", "--no-stream", id).split("\n");
      const { cpu, memory, pids } = JSON.parse(line);
      assert.ok(cpu.percent > 20, `${cpu.percent} percent`);
      assert.ok(memory.used > 0 && memory.limit === 64 * MiB && memory.percent > 0, JSON.stringify(memory));
      assert.is(pids.limit, 20);
      assert.ok(stats(id).cpu.usage.total > first.cpu.usage.total);
    },
  ));

/** Its events, from before it starts: told are those of memory alone. */
function withEvents(script: string, limit: number): { id: string; events: Launched; oom: string } {
  const id = runtime.create(combine(shell(script), limited(noSwap(limit))));
  const events = runtime.launch(["events", "--interval", "10m", id]);
  assert.ok(hasOpened(events, `${cgroupMount}/runts-${id}/memory.events`));
  runtime.ok("start", id);
  return { id, events, oom: `{"type":"oom","id":"${id}"}\n` };
}

test("a process that takes more memory than there is is told of as oom, and the container goes on", async () => {
  const { id, events, oom } = withEvents("tail /dev/zero; exec sleep 1000", 16 * MiB);
  try {
    assert.ok(
      waitFor(() => events.out() === oom, patience),
      events.out(),
    );
    assert.is(runtime.state(id).status, "running");
    const { usage } = stats(id).memory;
    assert.ok(usage.failcnt > 0 && usage.max === 16 * MiB, JSON.stringify(usage));
    runtime.ok("kill", id, "KILL");
    assert.equal(await events.ended, { status: 0, signal: null, out: oom, err: "" });
  } finally {
    runtime.ok("delete", "--force", id);
  }
});

test("the last thing told of a container that ran out of memory is that", async () => {
  const { id, events, oom } = withEvents("exec tail /dev/zero", 8 * MiB);
  assert.equal(await events.ended, { status: 0, signal: null, out: oom, err: "" });
  runtime.ok("delete", id);
});

const kernelTells = existsSync("/proc/pressure/memory");
const ofPressure = kernelTells ? test : test.skip;

ofPressure(
  `memory pressure is told when asked for${kernelTells ? "" : " # this kernel keeps no account of it"}`,
  () =>
    whileRunning(
      combine(
        shell("while :; do head -c 24m /dev/zero | tail -c 24m > /dev/null; done"),
        limited({ ...noSwap(64 * MiB), unified: { "memory.high": `${8 * MiB}` } }),
      ),
      async (id) => {
        const silent = runtime.launch(["events", "--interval", "10m", id]);
        const events = runtime.launch(["events", "--interval", "10m", "--memory-pressure", "5ms", id]);
        assert.ok(
          waitFor(() => events.out().includes("\n"), patience),
          "nothing told",
        );
        const [line = ""] = events.out().split("\n");
        const { type, id: told, data } = JSON.parse(line);
        assert.equal([type, told], ["memory-pressure", id]);
        assert.ok(data.some.total >= 5000, line);
        runtime.ok("kill", id, "KILL");
        assert.is((await events.ended).status, 0);
        assert.is((await silent.ended).out, "");
      },
    ),
);

const disk = "/dev/nullb0";
const ofDisk = existsSync(disk) ? test : test.skip;

ofDisk(
  `block devices are told of by their numbers${existsSync(disk) ? "" : ` # there is no ${disk} to read`}`,
  () => {
    const { rdev } = statSync(disk);
    const [major, minor] = [(rdev >> 8) & 0xfff, rdev & 0xff];
    const device: Change = ({ linux }) => {
      linux.devices = [{ path: "/dev/disk", type: "b", major, minor, fileMode: 0o600 }];
      const devices = [{ allow: false }, { allow: true, type: "b", major, minor, access: "r" }] as const;
      Object.assign(linux, { resources: { devices, unified: { "io.weight": "default 50" } } });
    };
    return whileRunning(
      combine(shell("dd if=/dev/disk of=/dev/null bs=1M count=3; exec sleep 1000"), device),
      (id, read) => {
        const line = () =>
          new RegExp(`^${major}:${minor} .*rbytes=(\\d+) .*rios=(\\d+)`, "m").exec(read("io.stat"));
        assert.ok(
          waitFor(() => Number(line()?.[1]) >= 3 * MiB, patience),
          read("io.stat"),
        );
        runtime.ok("pause", id);
        const { ioServiceBytesRecursive: bytes, ioServicedRecursive: operations } = stats(id).blkio;
        const numbers = { ...(major ? { major } : {}), ...(minor ? { minor } : {}) };
        assert.equal(bytes[0], { ...numbers, op: "Read", value: Number(line()?.[1]) });
        assert.equal(bytes[1], { ...numbers, op: "Write" });
        assert.equal(operations[0], { ...numbers, op: "Read", value: Number(line()?.[2]) });
      },
    );
  },
);

test("nothing is left behind", () => expectNoLeaks(before));

test.run();
