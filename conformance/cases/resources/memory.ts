// SPDX-License-Identifier: Apache-2.0

import { mkdirSync, writeFileSync } from "node:fs";
import { act, type Cases, refuse } from "../../case.ts";
import type { ClauseId } from "../../catalogue/index.ts";
import { equal, holds, Skip } from "../../expect.ts";
import { changes, limit, readAbove, sets } from "../../instruments/cgroup-files.ts";
import { createOrSkip } from "../../instruments/optional.ts";
import { cgroup, controller } from "../../needs.ts";
import { allocate, pause } from "../../questions.ts";
import { removeCgroup } from "../../stage/cgroups.ts";
import { ending } from "../../stage/runtime.ts";

const mebibyte = 1024 * 1024;
type Memory = Readonly<Record<string, unknown>>;

const refused = (clauses: readonly [ClauseId, ...ClauseId[]], memory: Memory) =>
  refuse({
    clauses,
    needs: [cgroup, controller("memory")],
    change: { "/linux/resources": { memory } },
  });

/** Nothing of cgroup v1 that has gone without a successor can be passed over in silence. */
const gone = (clause: ClauseId, memory: Memory) =>
  refused([clause, "resources.conversion-impossible"], memory);

const kills = (memory: Memory) =>
  act({
    clauses: ["resources.memory-limit", "resources.memory-oom-killer"],
    needs: [cgroup, controller("memory")],
    change: (place) => {
      // Swap would save the process; a kernel without the file has none.
      const swap = readAbove(place, "memory.swap.max") === undefined ? {} : { swap: 64 * mebibyte };
      return { "/linux/resources": { memory: { limit: 64 * mebibyte, ...swap, ...memory } } };
    },
    run: async (stage) => {
      const { little, much } = await stage.observe({
        little: allocate(8 * mebibyte),
        much: allocate(256 * mebibyte),
      });
      equal("the end of a process that uses 8 of 64 MiB", little, { exit: 0, signal: null });
      equal("the end of a process that wants 256 of 64 MiB", much, { exit: null, signal: 9 });
    },
  });

const softLimit = act({
  clauses: ["resources.memory-reservation"],
  needs: [cgroup, controller("memory")],
  change: { "/linux/resources": { memory: { limit: 64 * mebibyte, reservation: 32 * mebibyte } } },
  run: async (stage) => {
    await stage.begin({});
    const seen = ["memory.low", "memory.high"].map((file) => limit(stage.container, file));
    // The spec names no file of cgroup v2; these are the two soft ones.
    holds("memory.low and memory.high", seen, `${32 * mebibyte} in one`, seen.includes(`${32 * mebibyte}`));
    equal("memory.max", limit(stage.container, "memory.max"), `${64 * mebibyte}`);
  },
});

const checked = act({
  clauses: ["resources.memory-check-rejects"],
  needs: [cgroup, controller("memory")],
  change: { "/linux/resources": { memory: { limit: 64 * mebibyte } } },
  run: async (stage) => {
    const { container, place, runtime } = stage;
    const help = await runtime.call(["update", "--help"]);
    if (help.code !== 0) throw new Skip("the runtime has no command update");
    await stage.begin({});
    const file = `${place.scratch}/resources.json`;
    // One page: any process uses more.
    writeFileSync(file, JSON.stringify({ memory: { limit: 4096, checkBeforeUpdate: true } }));
    const result = await runtime.call(["update", "--resources", file, container.id]);
    if (result.code === 0) throw new Skip("the runtime does not look at the present use, which it need not");
    holds("what update says", result.err, "a message", result.err.trim() !== "");
    equal(`memory.max after update (${ending(result)})`, limit(container, "memory.max"), `${64 * mebibyte}`);
    equal("the status after a refused update", (await container.state()).status, "running");
  },
});

/** A limit that a double cannot hold, in a cgroup with another one. */
const exactly = (bytes: bigint, expectLimit: (found: string) => void) =>
  act({
    clauses: ["resources.memory-limit"],
    needs: [cgroup, controller("memory")],
    change: { "/linux/resources": { memory: { limit: "exactly" } } },
    run: async (stage) => {
      const { container, place } = stage;
      mkdirSync(place.cgroupFolder);
      writeFileSync(`${place.cgroupFolder}/memory.max`, `${64 * mebibyte}`);
      stage.ask({ pause });
      container.write(JSON.stringify(container.config).replace('"exactly"', `${bytes}`));
      await container.create();
      expectLimit(limit(container, "memory.max"));
      await stage.finish();
      removeCgroup(place.cgroupFolder); // the runtime has not made it, and may leave it
    },
  });

/** The kernel has no more, and calls it no limit. */
const largest = exactly(2n ** 63n - 1n, (found) => equal("memory.max", found, "max"));

/** One byte less than a page more than a power: the nearest double is above it, and the kernel rounds to pages below. */
const asked = 2n ** 62n + 4095n;
const largestPage = 65_536n;
const exact = exactly(asked, (found) => {
  const right = found !== "max" && BigInt(found) <= asked && BigInt(found) > asked - largestPage;
  holds("memory.max", found, `${asked}, but for a part of a page`, right);
});

/** It is how cgroup v2 always is, so that a runtime can take it; converting is what it may do, not more. */
const hierarchical = act({
  clauses: ["resources.memory-use-hierarchy"],
  needs: [cgroup, controller("memory")],
  change: { "/linux/resources": { memory: { limit: 64 * mebibyte, useHierarchy: true } } },
  run: async (stage) => {
    stage.ask({ pause });
    await createOrSkip(stage.container, "conversion of useHierarchy");
    equal("memory.max", limit(stage.container, "memory.max"), `${64 * mebibyte}`);
  },
});

export default {
  limit: sets(
    ["resources.memory-limit"],
    ["memory"],
    { memory: { limit: 128 * mebibyte } },
    { "memory.max": `${128 * mebibyte}` },
  ),
  "limit-kills": kills({}),
  "oom-killer-enabled": kills({ disableOOMKiller: false }),
  reservation: softLimit,
  swap: sets(
    ["resources.memory-swap"],
    ["memory"],
    { memory: { limit: 64 * mebibyte, swap: 96 * mebibyte } },
    { "memory.max": `${64 * mebibyte}`, "memory.swap.max": `${32 * mebibyte}` },
  ),
  "swap-none": sets(
    ["resources.memory-swap"],
    ["memory"],
    { memory: { limit: 64 * mebibyte, swap: 64 * mebibyte } },
    { "memory.swap.max": "0" },
  ),
  "swap-unlimited": changes(
    ["resources.memory-unlimited", "resources.memory-swap"],
    ["memory"],
    { memory: { limit: 64 * mebibyte, swap: -1 } },
    {
      "memory.max": { from: `${32 * mebibyte}`, to: `${64 * mebibyte}` },
      "memory.swap.max": { from: `${32 * mebibyte}`, to: "max" },
    },
  ),
  unlimited: changes(
    ["resources.memory-unlimited"],
    ["memory"],
    { memory: { limit: -1 } },
    { "memory.max": { from: `${64 * mebibyte}`, to: "max" } },
  ),
  "limit-largest": largest,
  "limit-exact": exact,
  "swap-below-limit": refused(["resources.memory-swap", "resources.conversion-impossible"], {
    limit: 64 * mebibyte,
    swap: 32 * mebibyte,
  }),
  // There is no limit of both together in cgroup v2.
  "swap-without-limit": refused(["resources.conversion-impossible", "resources.memory-swap"], {
    swap: 64 * mebibyte,
  }),
  "limit-negative": refused(["resources.values"], { limit: -2 }),
  kernel: gone("resources.memory-kernel", { kernel: 64 * mebibyte }),
  "kernel-tcp": gone("resources.memory-kernel-tcp", { kernelTCP: 64 * mebibyte }),
  swappiness: gone("resources.memory-swappiness", { swappiness: 20 }),
  "disable-oom-killer": gone("resources.memory-disable-oom-killer", { disableOOMKiller: true }),
  "use-hierarchy": hierarchical,
  "use-no-hierarchy": gone("resources.memory-use-hierarchy", { useHierarchy: false }),
  "check-before-update": checked,
} satisfies Cases;
