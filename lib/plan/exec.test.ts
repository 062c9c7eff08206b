// SPDX-License-Identifier: Apache-2.0

import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Config } from "../config/types.ts";
import { namespaceFlags } from "../tables/namespaces.ts";
import { unmatched } from "./conversation.ts";
import { encode } from "./encode.ts";
import { execPlan, type Joining } from "./exec.ts";
import type { Facts } from "./facts.ts";
import { factsOf } from "./fixtures/facts.ts";
import type { Plan, Step } from "./step.ts";

const namespaces = [{ type: "pid" }, { type: "mount" }, { type: "network" }] as const;

const base: Config = {
  ociVersion: "1.3.0",
  root: { path: "rootfs" },
  process: { cwd: "/", args: ["sh"], env: ["PATH=/bin"], user: { uid: 0, gid: 0 } },
  linux: { namespaces },
};

const cgroup = { mount: "/sys/fs/cgroup", path: "/runts-c" };

function planOf(config: Config, more: Partial<Joining> = {}, facts: Partial<Facts> = {}): Plan {
  return execPlan({
    facts: factsOf(config, facts),
    target: { pid: 77, startTime: 1234 },
    rootfs: "/bundle/rootfs",
    cgroup,
    paused: false,
    detach: true,
    ...more,
  });
}

const ops = (steps: readonly Step[]): readonly string[] => steps.map(({ op }) => op);

function find<Op extends Step["op"]>(steps: readonly Step[], op: Op): Extract<Step, { op: Op }> {
  const found = steps.find((step): step is Extract<Step, { op: Op }> => step.op === op);
  if (!found) throw new Error(`no ${op} in ${ops(steps).join(" ")}`);
  return found;
}

function before(steps: readonly Step[], ...order: readonly Step["op"][]): void {
  const places = order.map((op) => ops(steps).indexOf(op));
  assert.not(places.includes(-1), `${order.join(", ")} in ${ops(steps).join(" ")}`);
  assert.equal(
    places,
    [...places].sort((a, b) => a - b),
    order.join(" before "),
  );
}

const withProcess = (process: object): Config => ({
  ...base,
  process: { cwd: "/", args: ["sh"], ...process },
});

const mappings = [{ containerID: 0, hostID: 100000, size: 65536 }];
const userConfig: Config = {
  ...base,
  linux: { namespaces: [...namespaces, { type: "user" }], uidMappings: mappings, gidMappings: mappings },
};
const filter = { flags: 0, program: new Uint8Array(8), listener: true, file: "" };
const answered: Config = {
  ...base,
  linux: { namespaces, seccomp: { defaultAction: "SCMP_ACT_NOTIFY", listenerPath: "/agent" } },
};

const plans: Readonly<Record<string, Plan>> = {
  plain: planOf(base),
  attached: planOf(base, { detach: false }),
  paused: planOf(base, { paused: true, detach: false }),
  "without a cgroup": planOf(base, { cgroup: undefined }),
  equipped: planOf(withProcess({ oomScoreAdj: 5, rlimits: [{ type: "RLIMIT_CORE", soft: 1, hard: 2 }] })),
  pinned: planOf(withProcess({ execCPUAffinity: { initial: "0", final: "1-2" } })),
  "with a terminal": planOf(withProcess({ terminal: true }), {}, { consoleSocket: "/socket" }),
  "at a terminal": planOf(withProcess({ terminal: true }), { detach: false }),
  "in a user namespace": planOf(userConfig),
  "scheduled in a user namespace": planOf({
    ...userConfig,
    process: { cwd: "/", args: ["sh"], scheduler: { policy: "SCHED_BATCH" } },
  }),
  "answered by an agent": planOf(answered, {}, { seccomp: filter }),
  rootless: planOf(userConfig, {}, { privileged: false, uid: 1000, gid: 1000 }),
  known: planOf(base, {}, { pidFile: "/pid", pidfdSocket: "/pidfd" }),
};

for (const [name, plan] of Object.entries(plans)) {
  test(`${name}: every wait has its signal, and the plan can be encoded`, () => {
    assert.equal(unmatched(plan), []);
    assert.ok(encode(plan).length > 0);
  });

  test(`${name}: nothing of the host is held once the container can see the process (CVE-2016-9962)`, () => {
    before(plan.stage, "setDumpable", "joinProcess", "closeHost", "cloneInit");
    assert.is(find(plan.stage, "setDumpable").value, 0);
    before(plan.init, "closeHost", "closeDescriptors", "execve");
  });

  test(`${name}: the process does not outlive a runtime that ends before it is done`, () => {
    assert.is(plan.stage[0]?.op, "setParentDeathSignal");
    assert.equal(plan.init[0], { op: "setParentDeathSignal", from: "", signal: 9 });
    assert.is(plan.init.findLast(({ op }) => op === "setParentDeathSignal")?.op, "setParentDeathSignal");
    const last = plan.init.findLast((step) => step.op === "setParentDeathSignal");
    assert.equal(last, { op: "setParentDeathSignal", from: "", signal: 0 });
  });
}

test("the namespaces that the container lists are joined, by its first process", () => {
  const { pid = 0, mount = 0, network = 0 } = namespaceFlags;
  const plan = planOf(base);
  assert.equal(plan.runtime[0], { op: "openProcess", from: "", slot: 0, pid: 77, startTime: 1234 });
  assert.is(find(plan.stage, "joinProcess").flags, pid | mount | network);
});

test("without a mount namespace the root is opened before, and entered after", () => {
  const plan = planOf({ ...base, linux: { namespaces: [{ type: "pid" }] } });
  before(plan.stage, "openRootfs", "joinProcess", "chroot", "closeHost", "cloneInit");
  assert.is(find(plan.stage, "openRootfs").path, "/bundle/rootfs");
});

test("without any namespace there is nothing to join", () => {
  assert.not(ops(planOf({ ...base, linux: {} }).stage).includes("joinProcess"));
});

test("it is born into the cgroup, unless something is to come before", () => {
  const plain = planOf(base).runtime;
  assert.is(find(plain, "cloneStage").intoCgroup, 1);
  assert.not(ops(plain).includes("enterCgroup"));
  for (const { runtime } of [
    planOf(base, { paused: true }),
    planOf(withProcess({ execCPUAffinity: { initial: "0-1,3" } })),
  ]) {
    assert.is(find(runtime, "cloneStage").intoCgroup, 0);
    before(runtime, "openCgroup", "cloneStage", "enterCgroup", "signal", "wait");
  }
});

test("the initial affinity is set before the cgroup is entered, the final one after", () => {
  const plan = planOf(withProcess({ execCPUAffinity: { initial: "0-1,3", final: "2" } }));
  before(plan.runtime, "cloneStage", "setAffinity", "enterCgroup");
  assert.equal(find(plan.runtime, "setAffinity").processors, [0, 1, 3]);
  assert.equal(find(plan.init, "setAffinity").processors, [2]);
});

test("the program has its limits and its score before anything of the container can be in the way", () => {
  const { runtime, stage } = planOf({
    ...userConfig,
    process: { cwd: "/", args: ["sh"], oomScoreAdj: 7, rlimits: [{ type: "RLIMIT_CORE", soft: 1, hard: 2 }] },
  });
  before(runtime, "cloneStage", "writeProc", "raiseRlimit", "signal", "wait");
  assert.is(find(runtime, "writeProc").of, "stage");
  before(stage, "wait", "setDumpable", "joinProcess");
});

test("the pid file is written when the program runs, and no earlier: conmon takes it for success", () => {
  const { runtime } = planOf(base, { detach: false }, { pidFile: "/pid", pidfdSocket: "/pidfd" });
  const executed = runtime.findIndex((step) => step.op === "wait" && step.event === "executed");
  assert.equal(ops(runtime).slice(executed), ["wait", "passPidfd", "writePidFile", "superviseInit"]);
  assert.is(find(runtime, "passPidfd").kind, "setns");
});

test("signals are kept before the program can run; a process that hangs in a freezer can be ended", () => {
  before(planOf(base, { detach: false }).runtime, "catchSignals", "cloneStage");
  before(
    planOf(base, { detach: false, paused: true }).runtime,
    "cloneStage",
    "wait",
    "catchSignals",
    "reapStage",
  );
  assert.not(ops(planOf(base).runtime).includes("catchSignals"));
});

test("its terminal is one of the container's, and no /dev/console", () => {
  const { init, runtime } = planOf(withProcess({ terminal: true }), { detach: false });
  before(init, "setsid", "openRootfs", "openConsole", "useConsole", "closeHost");
  assert.is(find(init, "openConsole").bind, 0);
  assert.is(find(init, "openRootfs").path, "/");
  assert.is(find(runtime, "superviseInit").terminal, 1);
  const passed = planOf(withProcess({ terminal: true }), { detach: false }, { consoleSocket: "/s" }).runtime;
  assert.is(find(passed, "superviseInit").terminal, 0);
});

test("labels are written through the container's procfs, opened after the join", () => {
  for (const label of [{ apparmorProfile: "confined" }, { selinuxLabel: "a:b:c:s0" }]) {
    const plan = planOf(withProcess(label));
    before(plan.init, "openProc", "openLabel", "closeHost", "execve");
    assert.not(ops(plan.stage).includes("openProc"));
  }
  assert.not(ops(planOf(base).init).includes("openProc"));
});

test("an agent is told of a running container, by its first process's pid", () => {
  const step = find(planOf(answered, {}, { seccomp: filter }).runtime, "passListener");
  assert.is(step.pid, 77);
  assert.match(step.state, /"status":"running"/);
});

test("the caller's session keyring is kept where create was to keep it", () => {
  assert.ok(ops(planOf(base).init).includes("joinSessionKeyring"));
  assert.not(ops(planOf(base, {}, { noNewKeyring: true }).init).includes("joinSessionKeyring"));
});

test.run();
