// SPDX-License-Identifier: Apache-2.0

import { spawnSync } from "node:child_process";
import { act, type Case, type Cases, refuse } from "../../case.ts";
import type { ClauseId } from "../../catalogue/index.ts";
import { holds, present, Skip } from "../../expect.ts";
import { held, holdNamespace, needSupport, withNamespaces } from "../../instruments/namespaces.ts";
import { namespace, root } from "../../needs.ts";
import { clocks } from "../../questions.ts";
import { answerOf, parseLines } from "../../stage/answers.ts";
import type { Place } from "../../stage/place.ts";

type Clock = "monotonic" | "boottime";
interface Offset {
  readonly secs?: number;
  readonly nanosecs?: number;
}

const billion = 1_000_000_000n;
const nanoseconds = ({ secs = 0, nanosecs = 0 }: Offset) => BigInt(secs) * billion + BigInt(nanosecs);

/** The host's clocks, in nanoseconds. */
function readClocks({ probe }: Place): Readonly<Record<Clock, bigint>> {
  const line = parseLines(spawnSync(probe, [clocks.ask], { encoding: "utf8" }).stdout)[0];
  const { monotonic, boottime } = answerOf(clocks, present("the host's clocks", line));
  return { monotonic: BigInt(monotonic), boottime: BigInt(boottime) };
}

/** What the clocks show in the container lies between what they show outside before and afterwards, plus the offset. */
const shifted = (
  clauses: readonly [ClauseId, ...ClauseId[]],
  offsets: Readonly<Partial<Record<Clock, Offset>>>,
): Case =>
  act({
    clauses,
    needs: [root, namespace("time")],
    change: { ...withNamespaces({ type: "time" }), "/linux/timeOffsets": offsets },
    run: async (stage) => {
      await needSupport(stage, "time");
      const before = readClocks(stage.place);
      const seen = (await stage.observe({ clocks })).clocks;
      const after = readClocks(stage.place);
      for (const clock of ["monotonic", "boottime"] as const) {
        const offset = nanoseconds(offsets[clock] ?? {});
        const [least, most] = [before[clock] + offset, after[clock] + offset];
        const fits = least <= BigInt(seen[clock]) && BigInt(seen[clock]) <= most;
        holds(`nanoseconds of the clock ${clock}`, seen[clock], `${least} to ${most}`, fits);
      }
    },
  });

/** A clock may run behind, but not below zero: half of what it shows is taken off. */
const behind: Case = act({
  clauses: ["namespaces.time-offset-secs"],
  needs: [root, namespace("time")],
  change: withNamespaces({ type: "time" }),
  run: async (stage) => {
    await needSupport(stage, "time");
    const offset = -(readClocks(stage.place).boottime / billion / 2n);
    if (offset > -5n) throw new Skip("the host has been up for less than ten seconds");
    stage.container.change({ "/linux/timeOffsets": { boottime: { secs: Number(offset) } } });
    const before = readClocks(stage.place).boottime + offset * billion;
    const seen = BigInt((await stage.observe({ clocks })).clocks.boottime);
    const after = readClocks(stage.place).boottime + offset * billion;
    holds(
      "nanoseconds of the clock boottime",
      String(seen),
      `${before} to ${after}`,
      before <= seen && seen <= after,
    );
  },
});

const inapplicable = (offsets: Readonly<Record<string, Offset>>): Case =>
  refuse({
    clauses: ["namespaces.time-offset-inapplicable"],
    needs: [root, namespace("time")],
    change: { ...withNamespaces({ type: "time" }), "/linux/timeOffsets": offsets },
  });

export default {
  monotonic: shifted(["namespaces.time-offset-monotonic"], { monotonic: { secs: 86400 } }),
  boottime: shifted(["namespaces.time-offset-boottime"], { boottime: { secs: 604800 } }),
  both: shifted(["namespaces.time-offset-secs", "namespaces.time-offset-nanosecs"], {
    monotonic: { secs: 1_000_000, nanosecs: 999_999_999 },
    boottime: { secs: 2_000_000, nanosecs: 1 },
  }),
  "only-nanosecs": shifted(["namespaces.time-offset-nanosecs"], { monotonic: { nanosecs: 999_999_999 } }),
  behind,

  "too-many-nanosecs": inapplicable({ monotonic: { secs: 1, nanosecs: 1_000_000_000 } }),
  // The sum of clock and offset may have 146 years at most.
  "too-far-ahead": inapplicable({ monotonic: { secs: 9_000_000_000 } }),
  "below-zero": inapplicable({ boottime: { secs: -1_000_000_000 } }),
  "no-time-namespace": refuse({
    clauses: ["namespaces.time-offset-inapplicable"],
    change: { "/linux/timeOffsets": { monotonic: { secs: 86400 } } },
  }),
  // Its offsets are fixed, there has been a process in it.
  "joined-namespace": refuse({
    clauses: ["namespaces.time-offset-inapplicable"],
    needs: [root, namespace("time")],
    prepare: (place) => void holdNamespace(place, "time"),
    change: (place) => ({
      ...withNamespaces(held(place, "time")),
      "/linux/timeOffsets": { monotonic: { secs: 86400 } },
    }),
  }),
} satisfies Cases;
