// SPDX-License-Identifier: Apache-2.0

import { act, type Case, type Cases, observe, refuse } from "../../case.ts";
import { equal } from "../../expect.ts";
import { hostCapability, root } from "../../needs.ts";
import { limits } from "../../questions.ts";

const privileged = [root, hostCapability("CAP_SYS_RESOURCE", 24)];

/** Below what a host gives root by itself, so that nobody needs a capability. */
const lower: Readonly<Record<string, readonly [soft: number, hard: number]>> = {
  RLIMIT_AS: [2 ** 40, 2 ** 41],
  RLIMIT_CPU: [3600, 7200],
  RLIMIT_DATA: [2 ** 38, 2 ** 39],
  RLIMIT_FSIZE: [2 ** 30, 2 ** 31],
  RLIMIT_LOCKS: [50, 100],
  RLIMIT_MEMLOCK: [32768, 65536],
  RLIMIT_MSGQUEUE: [40960, 81920],
  RLIMIT_NOFILE: [512, 768],
  RLIMIT_NPROC: [600, 700],
  RLIMIT_RSS: [2 ** 38, 2 ** 39],
  RLIMIT_RTTIME: [1000000, 2000000],
  RLIMIT_SIGPENDING: [500, 600],
  RLIMIT_STACK: [2 ** 22, 2 ** 23],
};
/** Hosts begin with 0 here, and a process without CAP_SYS_RESOURCE, as the container's, cannot raise that. */
const higher: typeof lower = {
  RLIMIT_CORE: [1024, 2048],
  RLIMIT_NICE: [10, 20],
  RLIMIT_RTPRIO: [5, 10],
};

const limited = (
  type: string,
  [soft, hard]: readonly [number, number],
  needs: typeof privileged = [],
): Case =>
  observe({
    clauses: ["process.rlimits"],
    needs,
    change: { "/process/rlimits": [{ type, soft, hard }] },
    ask: { limits },
    expect: (seen) => equal(type, seen.limits[type], { soft: String(soft), hard: String(hard) }),
  });

const family = (table: typeof lower, needs: typeof privileged = []) =>
  Object.entries(table).map(([type, pair]) => [
    type.toLowerCase().replace("rlimit_", ""),
    limited(type, pair, needs),
  ]);

/** Numbers that JavaScript's JSON would round. */
const exact = (type: string, soft: string, hard: string, needs: typeof privileged = []): Case =>
  act({
    clauses: ["process.rlimits-range", "process.rlimits"],
    needs,
    run: async (stage) => {
      const { container } = stage;
      container.change({ "/process/rlimits": [{ type, soft: "SOFT", hard: "HARD" }] });
      stage.ask({ limits });
      container.write(JSON.stringify(container.config).replace('"SOFT"', soft).replace('"HARD"', hard));
      await container.create();
      await container.start();
      const seen = await stage.answers({ limits });
      await container.ended();
      equal(type, seen.limits[type], { soft, hard });
    },
  });

type Clause = "process.rlimits-unknown" | "process.rlimits-invalid" | "process.rlimits-duplicate";
const refused = (clause: Clause, ...entries: readonly object[]) =>
  refuse({ clauses: [clause], at: "either", change: { "/process/rlimits": entries } });

export default {
  ...Object.fromEntries(family(lower)),
  ...Object.fromEntries(family(higher, privileged)),
  several: observe({
    clauses: ["process.rlimits"],
    change: {
      "/process/rlimits": [
        { type: "RLIMIT_NOFILE", soft: 512, hard: 512 },
        { type: "RLIMIT_CPU", soft: 3600, hard: 7200 },
        { type: "RLIMIT_CORE", soft: 0, hard: 0 },
      ],
    },
    ask: { limits },
    expect: ({ limits: { RLIMIT_NOFILE, RLIMIT_CPU, RLIMIT_CORE } }) => {
      equal("RLIMIT_NOFILE", RLIMIT_NOFILE, { soft: "512", hard: "512" });
      equal("RLIMIT_CPU", RLIMIT_CPU, { soft: "3600", hard: "7200" });
      equal("RLIMIT_CORE", RLIMIT_CORE, { soft: "0", hard: "0" });
    },
  }),
  "64-bits": exact("RLIMIT_FSIZE", "9007199254740993", "9223372036854775807"),
  unlimited: exact("RLIMIT_FSIZE", "18446744073709551615", "18446744073709551615"),
  unknown: refused("process.rlimits-unknown", { type: "RLIMIT_CONFORMANCE", soft: 1, hard: 1 }),
  "no-prefix": refused("process.rlimits-unknown", { type: "NOFILE", soft: 512, hard: 512 }),
  "no-type": refused("process.rlimits-unknown", { soft: 512, hard: 512 }),
  "no-soft": refused("process.rlimits-invalid", { type: "RLIMIT_NOFILE", hard: 512 }),
  "no-hard": refused("process.rlimits-invalid", { type: "RLIMIT_NOFILE", soft: 512 }),
  "soft-above-hard": refused("process.rlimits-invalid", { type: "RLIMIT_NOFILE", soft: 513, hard: 512 }),
  twice: refused(
    "process.rlimits-duplicate",
    { type: "RLIMIT_NOFILE", soft: 512, hard: 512 },
    { type: "RLIMIT_NOFILE", soft: 512, hard: 512 },
  ),
} satisfies Cases;
