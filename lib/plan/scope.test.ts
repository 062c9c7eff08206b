// SPDX-License-Identifier: Apache-2.0

import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Config } from "../config/types.ts";
import { unmatched } from "./conversation.ts";
import { createPlan } from "./create.ts";
import { factsOf } from "./fixtures/facts.ts";
import { limitSteps } from "./limits.ts";
import { setScope } from "./scope.ts";
import type { Property } from "./scope-limits.ts";
import type { Step } from "./step.ts";

const resources = { memory: { limit: 1 << 20 }, pids: { limit: 5 } };
const namespaces = [{ type: "pid" }, { type: "mount" }, { type: "cgroup" }] as const;
const base: Config = { ociVersion: "1.3.0", root: { path: "rootfs" }, linux: { namespaces, resources } };
const joined: Config = {
  ...base,
  linux: { resources, namespaces: [{ type: "mount" }, { type: "pid", path: "/proc/1/ns/pid" }] },
};
const mappings = [{ containerID: 0, hostID: 100000, size: 65536 }];
const withUsers: Config = {
  ...base,
  linux: {
    resources,
    namespaces: [...namespaces, { type: "user" }],
    uidMappings: mappings,
    gidMappings: mappings,
  },
};

const scope = {
  addresses: ["unix:path=/run/dbus/system_bus_socket"],
  uid: -1,
  unit: "runts-c.scope",
  slice: "system.slice",
  hasBfq: false,
  annotated: [["Description", "s", "mine"]],
} as const;

function planOf(config: Config) {
  const path = "/system.slice/runts-c.scope";
  return createPlan(
    factsOf(config, {
      cgroup: { mount: "/sys/fs/cgroup", path, needed: [], offered: [], delegate: [], scope },
    }),
  );
}

const ops = (steps: readonly Step[]): readonly string[] => steps.map(({ op }) => op);

test("a scope is made around an init that waits for it, before anything else of the cgroup", () => {
  for (const config of [base, joined, withUsers]) {
    const plan = planOf(config);
    assert.equal(unmatched(plan), []);
    const cloned = plan.stage.length > 0 ? "reapStage" : "cloneInit";
    const order = [cloned, "startScope", "writeCgroup", "attachDeviceFilter", "recordProcess"];
    const places = order.map((op) => ops(plan.runtime).indexOf(op));
    assert.equal(
      places,
      [...places].sort((a, b) => a - b),
      ops(plan.runtime).join(" "),
    );
    assert.ok(places.every((place) => place >= 0));
    assert.not(ops(plan.runtime).includes("makeCgroup"));
    assert.equal(ops(plan.init).slice(0, 2), ["setParentDeathSignal", "wait"]);
    for (const step of [...plan.runtime, ...plan.stage])
      if (step.op === "cloneInit" || step.op === "cloneStage") assert.is(step.intoCgroup, 0);
  }
});

test("systemd gets the limits as properties, and those of annotations in the place of ours", () => {
  const start = planOf(base).runtime.find(({ op }) => op === "startScope");
  const properties = start?.op === "startScope" ? start.properties.join(" ") : "";
  assert.match(properties, /^Slice s system\.slice Delegate b 1 /);
  assert.match(properties, / MemoryMax t 1048576 TasksMax t 5 Description s mine$/);
});

test("what an older systemd may not know goes apart, unless an annotation asks for it; an update has no policy", () => {
  const unified = { "memory.oom.group": "1", "memory.zswap.max": "4096" };
  const config: Config = { ...base, linux: { namespaces, resources: { unified } } };
  const started = (annotated: readonly Property[]) => {
    const facts = factsOf(config, {
      cgroup: {
        ...{ mount: "/sys/fs/cgroup", path: "/system.slice/runts-c.scope", needed: [], offered: [] },
        ...{ delegate: [], scope: { ...scope, annotated } },
      },
    });
    const step = createPlan(facts).runtime.find(({ op }) => op === "startScope");
    return step?.op === "startScope" ? step : undefined;
  };
  assert.equal(started([])?.newer, ["OOMPolicy", "s", "kill", "MemoryZSwapMax", "t", "4096"]);
  const asked = started([["OOMPolicy", "s", "stop"]]);
  assert.equal(asked?.newer, ["MemoryZSwapMax", "t", "4096"]);
  assert.match(asked?.properties.join(" ") ?? "", / OOMPolicy s stop$/);
  const [set] = setScope(scope, limitSteps({ unified }), false);
  assert.ok(set?.op === "setScope");
  assert.equal([set.properties, set.newer], [[], ["MemoryZSwapMax", "t", "4096"]]);
});

test.run();
