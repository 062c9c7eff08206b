// SPDX-License-Identifier: Apache-2.0

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { act, type Cases, refuse } from "../../case.ts";
import type { ClauseId } from "../../catalogue/index.ts";
import { equal, Skip } from "../../expect.ts";
import { limit, sets, takes } from "../../instruments/cgroup-files.ts";
import { cgroup, controller } from "../../needs.ts";
import { forks, pause } from "../../questions.ts";
import { removeCgroup } from "../../stage/cgroups.ts";

const refused = (clause: ClauseId, key: string, value: string) =>
  refuse({
    clauses: [clause],
    needs: [cgroup],
    change: { "/linux/resources": { unified: { [key]: value } } },
  });

/** In a cgroup between the suite's and the container's, for whose children nothing is enabled. */
const enables = (name: string, key: string, value: string) =>
  act({
    clauses: ["resources.unified-controllers"],
    needs: [cgroup, controller(name)],
    run: async (stage) => {
      const { container, place } = stage;
      const { cgroupFolder } = place;
      mkdirSync(cgroupFolder);
      container.change({
        "/linux/cgroupsPath": `${place.cgroup}/inner`,
        "/linux/resources": { unified: { [key]: value } },
      });
      await stage.begin({});
      const seen = readFileSync(`${cgroupFolder}/inner/${key}`, "utf8").trimEnd();
      equal(key, seen, value);
      await stage.finish();
      removeCgroup(cgroupFolder);
    },
  });

/** The kernel gives no domain controllers to the children of a cgroup that has processes. */
const cannotEnable = act({
  clauses: ["resources.unified-missing-controller"],
  needs: [cgroup, controller("memory")],
  run: async (stage) => {
    const { container, place } = stage;
    const { cgroupFolder } = place;
    mkdirSync(cgroupFolder);
    const { child } = stage.helper(place.probe, pause.ask);
    writeFileSync(`${cgroupFolder}/cgroup.procs`, String(child.pid));
    container.change({
      "/linux/cgroupsPath": `${place.cgroup}/inner`,
      "/linux/resources": { unified: { "memory.high": "67108864" } },
    });
    await stage.expectRefusal("create");
    equal("cgroups left behind", readdirSync(cgroupFolder).includes("inner"), false);
    removeCgroup(cgroupFolder);
  },
});

const lines = act({
  clauses: ["resources.unified-lines"],
  needs: [cgroup, controller("io")],
  run: async (stage) => {
    const devices = readdirSync("/sys/block").map((name) =>
      readFileSync(`/sys/block/${name}/dev`, "utf8").trim(),
    );
    const device = devices.find((dev) => takes(stage.place, "io.max", `${dev} rbps=2097152`));
    if (device === undefined) throw new Skip("no block device takes a limit in io.max");
    const value = `${device} rbps=2097152\n${device} wiops=120`;
    const container = stage.another({ "/linux/resources": { unified: { "io.max": value } } });
    await stage.begin({}, container);
    equal("io.max", limit(container, "io.max"), `${device} rbps=2097152 wbps=max riops=max wiops=120`);
  },
});

export default {
  file: sets(
    ["resources.unified"],
    ["memory"],
    { unified: { "memory.high": "67108864", "memory.low": "33554432" } },
    { "memory.high": "67108864", "memory.low": "33554432" },
  ),
  "file-works": act({
    clauses: ["resources.unified"],
    needs: [cgroup, controller("pids")],
    change: { "/linux/resources": { unified: { "pids.max": "32" } } },
    run: async (stage) => {
      const { children } = await stage.observe({ children: forks(64) });
      equal("children of a process that may have 31", children, { made: 31, errno: "EAGAIN" });
    },
  }),
  "core-file": sets(
    ["resources.unified-unknown"],
    [],
    { unified: { "cgroup.max.descendants": "7" } },
    { "cgroup.max.descendants": "7" },
  ),
  "unknown-file": sets(
    ["resources.unified-unknown"],
    ["memory"],
    { unified: { "memory.oom.group": "1" } },
    { "memory.oom.group": "1" },
  ),
  "enables-memory": enables("memory", "memory.high", "67108864"),
  "enables-pids": enables("pids", "pids.max", "99"),
  "enables-cpuset": enables("cpuset", "cpuset.cpus", "0"),
  lines,
  "missing-controller": refused("resources.unified-missing-controller", "nonesuch.max", "1"),
  "controller-not-enabled": cannotEnable,
  "missing-file": refused("resources.unified-missing-file", "cgroup.nonesuch", "1"),
  "missing-file-of-controller": refuse({
    clauses: ["resources.unified-missing-file"],
    needs: [cgroup, controller("memory")],
    change: { "/linux/resources": { unified: { "memory.nonesuch": "1" } } },
  }),
  "file-of-another-cgroup": refused("resources.unified-missing-file", "../cgroup.max.descendants", "max"),
  "bad-value": refused("resources.values", "cgroup.max.descendants", "many"),
} satisfies Cases;
