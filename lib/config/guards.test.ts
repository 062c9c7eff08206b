// SPDX-License-Identifier: Apache-2.0

import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Json } from "../host.ts";
import { escapeToken } from "../json.ts";
import { edited, limitsConfig, podmanConfig, specConfig } from "./fixtures/edit.ts";
import { validate as configViolations } from "./generated/config-violations.js";
import { validate as featuresViolations } from "./generated/features-violations.js";
import { isConfig, isFeatures, isState } from "./generated/guards.js";
import { validate as stateViolations } from "./generated/state-violations.js";

/** Every kind of field once, with values that are allowed. */
const full: Json = edited({
  "/domainname": "d",
  "/hooks": { prestart: [{ path: "/h", args: ["h"], env: ["A=b"], timeout: 1 }], poststop: [{ path: "/h" }] },
  "/annotations": { "a.b": "" },
  "/mounts/0/uidMappings": [{ containerID: 0, hostID: 0, size: 1 }],
  "/mounts/0/gidMappings": [],
  "/process/consoleSize": { height: 1, width: 2 },
  "/process/oomScoreAdj": -1000,
  "/process/scheduler": {
    policy: "SCHED_FIFO",
    nice: -1,
    flags: ["SCHED_FLAG_RECLAIM"],
    runtime: 2n ** 63n - 1n,
  },
  "/process/ioPriority": { class: "IOPRIO_CLASS_RT", priority: 7 },
  "/process/execCPUAffinity": { initial: "0-3,7", final: "" },
  "/process/user": { uid: 1, gid: 4294967295, umask: 18, additionalGids: [1] },
  "/linux/uidMappings": [{ containerID: 0, hostID: 0, size: 1 }],
  "/linux/timeOffsets": { monotonic: { secs: -(2n ** 63n), nanosecs: 999999999 }, boottime: {} },
  "/linux/devices": [
    { type: "p", path: "/f" },
    { type: "c", path: "/c", major: 4095, minor: 0, fileMode: 8612 },
  ],
  "/linux/netDevices": { eth0: { name: "a" } },
  "/linux/cgroupsPath": "/a",
  "/linux/intelRdt": { closID: "a", schemata: ["L3:0=f"], memBwSchema: "MB:0=20", enableMonitoring: true },
  "/linux/memoryPolicy": { mode: "MPOL_BIND", nodes: "0", flags: ["MPOL_F_STATIC_NODES"] },
  "/linux/sysctl": { "a.b": "1" },
  "/linux/rootfsPropagation": "rslave",
  "/linux/personality": { domain: "LINUX32", flags: [] },
  "/linux/seccomp": {
    defaultAction: "SCMP_ACT_ERRNO",
    defaultErrnoRet: 1,
    architectures: ["SCMP_ARCH_X86_64"],
    flags: ["SECCOMP_FILTER_FLAG_LOG"],
    listenerPath: "/x",
    listenerMetadata: "m",
    syscalls: [
      {
        names: ["a"],
        action: "SCMP_ACT_ALLOW",
        errnoRet: 1,
        args: [{ index: 5, value: 2n ** 64n - 1n, valueTwo: 1, op: "SCMP_CMP_MASKED_EQ" }],
      },
    ],
  },
  "/linux/resources": {
    devices: [{ allow: true, type: "a", major: -1, minor: 1, access: "rwm" }],
    memory: { limit: -1, swap: 2n ** 63n - 1n, swappiness: 1, disableOOMKiller: false },
    cpu: { shares: 1, quota: -1, period: 1, cpus: "0-1", mems: "", idle: 1 },
    pids: { limit: 0 },
    blockIO: {
      weight: 1,
      weightDevice: [{ major: 8, minor: 0, leafWeight: 1 }],
      throttleReadBpsDevice: [{ major: 8, minor: 0, rate: 2n ** 63n }],
    },
    hugepageLimits: [{ pageSize: "2MB", limit: 1 }],
    network: { classID: 1, priorities: [{ name: "a", priority: 1 }] },
    rdma: { a: { hcaObjects: 1 } },
    unified: { "memory.max": "1" },
  },
});

const state: Json = {
  ociVersion: "1.3.0",
  id: "a",
  status: "running",
  pid: 1,
  bundle: "/b",
  annotations: { a: "" },
};
const features: Json = {
  ociVersionMin: "1.0.0",
  ociVersionMax: "1.3.0",
  hooks: null,
  mountOptions: ["ro"],
  annotations: { a: "b" },
  linux: {
    namespaces: ["pid"],
    cgroup: { v1: false, v2: true, systemd: null },
    seccomp: { enabled: true, actions: [] },
    intelRdt: null,
    mountExtensions: { idmap: { enabled: false } },
  },
};

function* pointersOf(value: Json, pointer = ""): Generator<string> {
  yield pointer;
  if (typeof value !== "object" || value === null) return;
  for (const [name, child] of Object.entries(value))
    yield* pointersOf(child, `${pointer}/${escapeToken(name)}`);
}

/** Values at the borders of what some schema node allows. */
const probes: readonly (Json | undefined)[] = [
  undefined,
  null,
  true,
  "",
  "/",
  "relative",
  "rwmx",
  "1.2.3-x",
  "a".repeat(65),
  "𝄞".repeat(64),
  -0,
  1.5,
  -1,
  8,
  65536,
  2 ** 32,
  2 ** 53,
  1e300,
  2n ** 53n,
  2n ** 63n,
  2n ** 64n,
  -(2n ** 63n) - 1n,
  [],
  [1],
  [""],
  {},
  { "": "" },
  { type: "x" },
];

const subjects = [
  {
    name: "config",
    guard: isConfig,
    violations: configViolations,
    right: [full, podmanConfig, limitsConfig, specConfig],
  },
  { name: "state", guard: isState, violations: stateViolations, right: [state] },
  { name: "features", guard: isFeatures, violations: featuresViolations, right: [features] },
];

for (const { name, guard, violations, right } of subjects) {
  test(`what is right passes the ${name} guard and ajv`, () => {
    for (const value of right) {
      violations(value);
      assert.equal(violations.errors ?? null, null);
      assert.ok(guard(value));
    }
  });

  test(`the ${name} guard and ajv agree on every value at every place`, () => {
    const [whole = null] = right;
    let refused = 0;
    for (const pointer of pointersOf(whole))
      for (const probe of probes) {
        const value = pointer === "" ? (probe ?? null) : edited({ [pointer]: probe }, whole);
        const allowed = violations(value);
        if (!allowed) refused++;
        if (guard(value) !== allowed)
          assert.unreachable(`${pointer} ${typeof probe} ${String(probe)}: ajv ${allowed}`);
      }
    assert.ok(refused > 100);
  });
}

test("names that the schema does not know are allowed everywhere", () => {
  for (const pointer of [
    "/x",
    "/root/x",
    "/process/x",
    "/linux/x",
    "/mounts/0/x",
    "/linux/seccomp/syscalls/0/x",
  ])
    assert.ok(isConfig(edited({ [pointer]: null }, full)), pointer);
});

test("a state is of a container that has a process when it runs", () => {
  assert.not(isState(edited({ "/pid": undefined }, state)));
  assert.ok(isState(edited({ "/pid": undefined, "/status": "stopped" }, state)));
  assert.ok(isState(edited({ "/status": "paused", "/owner": "" }, state)));
});

test("a bigint where a smaller integer belongs is refused", () => {
  assert.not(isConfig(edited({ "/process/user/uid": 2n ** 60n }, full)));
  assert.not(isConfig(edited({ "/process/user/uid": 1n }, full)));
});

test.run();
