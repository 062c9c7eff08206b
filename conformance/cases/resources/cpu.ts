// SPDX-License-Identifier: Apache-2.0

import { existsSync } from "node:fs";
import { act, type Cases, refuse } from "../../case.ts";
import type { ClauseId } from "../../catalogue/index.ts";
import { equal, holds, Skip } from "../../expect.ts";
import { changes, grows, limit, needFile, readAbove, sets } from "../../instruments/cgroup-files.ts";
import { cgroup, controller } from "../../needs.ts";
import { scheduling, spin } from "../../questions.ts";
import type { Place } from "../../stage/place.ts";

type Cpu = Readonly<Record<string, unknown>>;

const refused = (name: string, cpu: Cpu) =>
  refuse({
    clauses: ["resources.values"],
    needs: [cgroup, controller(name)],
    change: { "/linux/resources": { cpu } },
  });

/** "0-2,7" → 0, 1, 2, 7 */
const numbersOf = (list: string): readonly number[] =>
  list
    .split(",")
    .filter((part) => part !== "")
    .flatMap((part) => {
      const [first = 0, last = first] = part.split("-").map(Number);
      return Array.from({ length: last - first + 1 }, (_, at) => first + at);
    });

/** The processors or memory nodes that containers can be given here. */
const available = (place: Place, kind: "cpus" | "mems") =>
  numbersOf(readAbove(place, `cpuset.${kind}.effective`) ?? "");

/** `choose` makes a list out of those that there are; undefined when there are not enough. */
const cpus = (choose: (there: readonly number[]) => string | undefined) =>
  act({
    clauses: ["resources.cpu-cpus"],
    needs: [cgroup, controller("cpuset")],
    run: async (stage) => {
      const list = choose(available(stage.place, "cpus"));
      if (list === undefined) throw new Skip("there are too few processors");
      const container = stage.another({ "/linux/resources": { cpu: { cpus: list } } });
      const { seen } = await stage.begin({ seen: scheduling }, container);
      equal("cpuset.cpus", numbersOf(limit(container, "cpuset.cpus")), numbersOf(list));
      equal("processors of the process", seen.processors, numbersOf(list));
    },
  });

const mems = act({
  clauses: ["resources.cpu-mems"],
  needs: [cgroup, controller("cpuset")],
  run: async (stage) => {
    // A kernel without NUMA has no file of memory nodes.
    needFile(stage.place, "cpuset.mems");
    const last = available(stage.place, "mems").at(-1);
    const container = stage.another({ "/linux/resources": { cpu: { mems: String(last) } } });
    await stage.begin({}, container);
    equal("cpuset.mems", limit(container, "cpuset.mems"), String(last));
  },
});

const slowed = act({
  clauses: ["resources.cpu-quota", "resources.cpu-period"],
  needs: [cgroup, controller("cpu")],
  change: { "/linux/resources": { cpu: { quota: 10_000, period: 100_000 } } },
  run: async (stage) => {
    const { work } = await stage.begin({ work: spin(1000) });
    const throttled = /^nr_throttled (\d+)$/m.exec(limit(stage.container, "cpu.stat"))?.[1];
    holds("nr_throttled in cpu.stat", throttled, "more than 0", Number(throttled) > 0);
    // A tenth, or 100 ms; the kernel takes its time to notice, and hands out slices.
    holds("milliseconds got of 1000", work.got, "a tenth, at most half", work.got <= 500);
  },
});

const realtime = (cpu: Cpu) =>
  act({
    clauses: ["resources.cpu-realtime", "resources.conversion-impossible"],
    needs: [cgroup, controller("cpu")],
    change: { "/linux/resources": { cpu } },
    run: async (stage) => {
      if (existsSync(`${stage.place.cgroupFolder}/../cpu.rt_runtime_us`)) {
        throw new Skip("this kernel has realtime groups in cgroup v2");
      }
      await stage.expectRefusal("create");
    },
  });

const weight: ClauseId = "resources.cpu-shares";

export default {
  shares: grows(
    [weight],
    ["cpu"],
    [2, 512, 2048, 262_144].map((shares) => ({ cpu: { shares } })),
    (container) => Number(limit(container, "cpu.weight")),
  ),
  quota: sets(
    ["resources.cpu-quota", "resources.cpu-period"],
    ["cpu"],
    { cpu: { quota: 30_000, period: 60_000 } },
    { "cpu.max": "30000 60000" },
  ),
  "quota-slows": slowed,
  "quota-alone": sets(
    ["resources.cpu-quota"],
    ["cpu"],
    { cpu: { quota: 50_000 } },
    { "cpu.max": "50000 100000" },
  ),
  "period-alone": sets(
    ["resources.cpu-period"],
    ["cpu"],
    { cpu: { period: 50_000 } },
    { "cpu.max": "max 50000" },
  ),
  "quota-unlimited": changes(
    ["resources.cpu-quota"],
    ["cpu"],
    { cpu: { quota: -1, period: 50_000 } },
    { "cpu.max": { from: "20000 100000", to: "max 50000" } },
  ),
  burst: sets(
    ["resources.cpu-burst"],
    ["cpu"],
    { cpu: { quota: 40_000, burst: 20_000, period: 100_000 } },
    { "cpu.max": "40000 100000", "cpu.max.burst": "20000" },
  ),
  // the kernel lets nobody save up more than he may have in a period
  "burst-above-quota": act({
    clauses: ["resources.values"],
    needs: [cgroup, controller("cpu")],
    change: { "/linux/resources": { cpu: { quota: 20_000, burst: 20_001, period: 100_000 } } },
    run: async (stage) => {
      needFile(stage.place, "cpu.max.burst");
      await stage.expectRefusal("create");
    },
  }),
  "realtime-runtime": realtime({ realtimeRuntime: 95_000, realtimePeriod: 1_000_000 }),
  "realtime-period": realtime({ realtimePeriod: 1_000_000 }),
  "cpus-one": cpus((there) => there.at(-1)?.toString()),
  "cpus-list": cpus(([a, b]) => (b === undefined ? undefined : `${a},${b}`)),
  "cpus-range": cpus(([a, b]) => (a === undefined || b !== a + 1 ? undefined : `${a}-${b}`)),
  mems,
  idle: sets(["resources.cpu-idle"], ["cpu"], { cpu: { idle: 1 } }, { "cpu.idle": "1" }),
  "idle-off": changes(
    ["resources.cpu-idle"],
    ["cpu"],
    { cpu: { idle: 0 } },
    { "cpu.idle": { from: "1", to: "0" } },
  ),
  "idle-unknown": refused("cpu", { idle: 2 }),
  // cpu.max takes no period below a millisecond.
  "period-too-short": refused("cpu", { quota: 1000, period: 100 }),
  "cpus-no-list": refused("cpuset", { cpus: "first" }),
  "mems-no-list": refused("cpuset", { mems: "first" }),
} satisfies Cases;
