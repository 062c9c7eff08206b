// SPDX-License-Identifier: Apache-2.0

import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Config } from "../config/types.ts";
import { unmatched } from "./conversation.ts";
import { createPlan } from "./create.ts";
import { encode } from "./encode.ts";
import type { Facts } from "./facts.ts";
import { factsOf } from "./fixtures/facts.ts";
import { startAtOnce } from "./start.ts";
import type { Plan, Step } from "./step.ts";

const namespaces = [
  { type: "pid" },
  { type: "mount" },
  { type: "uts" },
  { type: "ipc" },
  { type: "network" },
  { type: "cgroup" },
] as const;

const base: Config = {
  ociVersion: "1.3.0",
  root: { path: "rootfs" },
  process: { cwd: "/", args: ["sh"], env: ["PATH=/bin", "HOME=/root"], user: { uid: 0, gid: 0 } },
  linux: { namespaces },
};

function planOf(config: Config, more: Partial<Facts> = {}): Plan {
  return createPlan(factsOf(config, more));
}

function ops(steps: readonly Step[]): readonly string[] {
  return steps.map(({ op }) => op);
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

const mappings = [{ containerID: 0, hostID: 100000, size: 65536 }];
const userConfig: Config = {
  ...base,
  linux: {
    namespaces: [...namespaces, { type: "user" }],
    uidMappings: mappings,
    gidMappings: mappings,
  },
};
const hook = { path: "/bin/hook" };
const hooked: Config = {
  ...base,
  hooks: {
    prestart: [hook],
    createRuntime: [hook],
    createContainer: [hook],
    startContainer: [hook],
    poststart: [hook],
    poststop: [hook],
  },
};
const joined: Config = {
  ...base,
  linux: { namespaces: [...namespaces.slice(1), { type: "pid", path: "/proc/1/ns/pid" }] },
};
const offset: Config = {
  ...userConfig,
  linux: {
    ...userConfig.linux,
    namespaces: [...namespaces, { type: "user" }, { type: "time" }],
    timeOffsets: { boottime: { secs: -5 } },
  },
};
const terminal: Config = { ...base, process: { cwd: "/", args: ["sh"], terminal: true } };

test("in every kind of plan each wait has its signal and each signal its wait", () => {
  for (const config of [base, userConfig, hooked, joined, offset, terminal])
    for (const startsAtOnce of [false, true]) {
      const plan = planOf(config, { startsAtOnce });
      const runtime = startsAtOnce
        ? [
            ...plan.runtime,
            ...startAtOnce({
              hooks: config.hooks,
              state: { id: "c", bundle: "/b", annotations: undefined },
              listener: undefined,
            }),
          ]
        : plan.runtime;
      assert.equal(unmatched({ ...plan, runtime }), []);
    }
});

test("a wait without its signal is found", () => {
  const plan = planOf(base);
  const init = plan.init.filter((step) => step.op !== "signal");
  assert.equal(unmatched({ ...plan, init }), ["never sent: init to runtime: prepared"]);
});

test("the container is on record before anything else is done", () => {
  assert.is(planOf(base).runtime[0]?.op, "makeState");
});

test("limits are written before a process is in the cgroup, that of processes when init is", () => {
  const limited = (resources: NonNullable<Config["linux"]>["resources"] & object) =>
    planOf({ ...base, linux: { ...base.linux, resources } }).runtime;
  before(limited({ memory: { limit: 1 << 20 } }), "makeCgroup", "writeCgroup", "cloneInit");
  before(limited({ pids: { limit: 0 } }), "makeCgroup", "cloneInit", "writeCgroup");
});

test("device rules hold before any hook runs and before the container counts as created", () => {
  before(planOf(base).runtime, "cloneInit", "attachDeviceFilter", "wait", "recordProcess");
  before(planOf(hooked).runtime, "cloneInit", "attachDeviceFilter", "wait", "runHook");
});

test("all new namespaces are made by one clone3, the cgroup namespace by init once it is in its cgroup", () => {
  const plan = planOf(base);
  const clone = plan.runtime.find((step) => step.op === "cloneInit");
  assert.is(clone?.op === "cloneInit" && clone.flags, 0x6c020000);
  before(plan.init, "openProc", "unshare", "openRootfs");
  assert.equal(plan.stage, []);
});

test("joining a namespace takes a stage, which clones init", () => {
  const plan = planOf(joined);
  before(plan.runtime, "openNamespace", "cloneStage", "wait", "reapStage");
  before(plan.stage, "setDumpable", "joinNamespaces", "cloneInit");
  assert.not(ops(plan.runtime).includes("cloneInit"));
});

test("time offsets are written before init is cloned into the time namespace", () => {
  const plan = planOf(offset);
  before(plan.stage, "openTimeOffsets", "unshare", "becomeRoot", "writeTimeOffsets", "cloneInit");
  const offsets = plan.stage.find((step) => step.op === "writeTimeOffsets");
  assert.is(offsets?.op === "writeTimeOffsets" && offsets.offsets, "boottime -5 0\n");
});

test("in a user namespace the runtime opens the host's paths and init becomes its root", () => {
  const plan = planOf({ ...userConfig, mounts: [{ destination: "/x", source: "/y", options: ["bind"] }] });
  before(plan.runtime, "openTree", "cloneStage", "writeProc", "signal", "reapStage");
  before(plan.stage, "unshare", "signal", "wait", "becomeRoot", "cloneInit");
  const bind = plan.init.find((step) => step.op === "mountBind");
  assert.is(bind?.op === "mountBind" && bind.tree, 1);
  assert.ok(ops(plan.init).includes("bindDevice"));
  assert.not(ops(plan.init).includes("mknod"));
});

test("hooks run in the order of the spec, around the pivot", () => {
  const plan = planOf(hooked);
  const kinds = (steps: readonly Step[]) =>
    steps.flatMap((step) => (step.op === "runHook" ? [step.from.split("/")[2]] : []));
  assert.equal(kinds(plan.runtime), ["prestart", "createRuntime"]);
  assert.equal(kinds(plan.init), ["createContainer", "startContainer"]);
  before(plan.init, "openRootfs", "runHook", "pivotRoot", "awaitStart");
});

test("masks come after the hooks, which may change what is there, and before the host is out of reach", () => {
  const config: Config = {
    ...hooked,
    linux: { ...base.linux, maskedPaths: ["/proc/kcore"], readonlyPaths: ["/proc/sys"] },
    root: { path: "rootfs", readonly: true },
  };
  before(planOf(config).init, "runHook", "readonlyPath", "maskPath", "readonlyRoot", "pivotRoot");
});

test("new file systems have the mounts' label, but for those that the policy labels", () => {
  const mounts = [
    { destination: "/a", type: "tmpfs" },
    { destination: "/b", type: "tmpfs", options: ["rootcontext=own"] },
    { destination: "/proc", type: "proc" },
  ];
  const dataOf = (annotations: Config["annotations"] = {}) =>
    planOf({ ...base, annotations, mounts, linux: { ...base.linux, mountLabel: "x:y,z" } }).init.flatMap(
      (step) => (step.op === "mountFilesystem" ? [step.data] : []),
    );
  assert.equal(dataOf(), [["context=x:y,z"], ["rootcontext=own"], []]);
  assert.equal(dataOf({ "run.oci.mount_context_type": "rootcontext" })[0], ["rootcontext=x:y,z"]);
  assert.equal(dataOf({ "run.oci.mount_context_type": "nonsense" })[0], ["context=x:y,z"]);
});

test("seccomp is loaded last with no_new_privs, and while there are still rights without it", () => {
  const seccomp = { flags: 0, program: new Uint8Array(8), listener: false, file: "" };
  const process = { cwd: "/", args: ["sh"], noNewPrivileges: true };
  before(
    planOf({ ...base, process }, { seccomp }).init,
    "closeDescriptors",
    "setUser",
    "setNoNewPrivileges",
    "loadSeccomp",
    "execve",
  );
  before(
    planOf(base, { seccomp }).init,
    "dropBoundingSet",
    "awaitStart",
    "umask",
    "closeDescriptors",
    "loadSeccomp",
    "setUser",
    "setCapabilities",
    "execve",
  );
});

test("capabilities are dropped around the change of user", () => {
  before(
    planOf(base).init,
    "dropBoundingSet",
    "keepCapabilities",
    "setUser",
    "setCapabilities",
    "setAmbientSet",
  );
});

test("memory policy and personality hold for the startContainer hooks, not for the set-up", () => {
  const config: Config = {
    ...hooked,
    linux: { ...base.linux, memoryPolicy: { mode: "MPOL_LOCAL" }, personality: { domain: "LINUX32" } },
  };
  const { init } = planOf(config);
  before(init, "runHook", "pivotRoot", "setMemoryPolicy", "setPersonality", "closeHost", "awaitStart");
  const step = init.find(({ op }) => op === "setPersonality");
  assert.is(step?.op === "setPersonality" && step.persona, 8);
});

test("groups stay as they are where an annotation says so, whatever else is asked for", () => {
  const process = { cwd: "/", args: ["sh"], user: { uid: 1, gid: 1, additionalGids: [5] } };
  const setGroups = (value: string | undefined, config: Config) => {
    const annotations = value === undefined ? {} : { "run.oci.keep_original_groups": value };
    const plan = planOf({ ...config, process, annotations });
    const root = plan.stage.find((step) => step.op === "becomeRoot");
    const user = plan.init.find((step) => step.op === "setUser");
    return [root?.op === "becomeRoot" && root.dropGroups, user?.op === "setUser" && user.setGroups];
  };
  for (const value of ["1", "", "yes"]) {
    assert.equal(setGroups(value, base), [false, 0], value);
    assert.equal(setGroups(value, userConfig), [0, 0], value);
  }
  for (const value of [undefined, "0"]) {
    assert.equal(setGroups(value, base), [false, 1]);
    assert.equal(setGroups(value, userConfig), [1, 1]);
  }
});

test("a missing program is looked for before the container counts as created", () => {
  before(planOf(base).init, "pivotRoot", "findExecutable", "signal", "awaitStart", "execve");
});

test("every step says which node of the configuration asked for it, or that none did", () => {
  const config: Config = { ...base, hostname: "h", mounts: [{ destination: "/proc", type: "proc" }] };
  const { init } = planOf(config);
  assert.is(init.find(({ op }) => op === "sethostname")?.from, "/hostname");
  assert.is(init.find(({ op }) => op === "mountFilesystem")?.from, "/mounts/0");
});

test("a mount inside /proc is refused but for those that lxcfs makes", () => {
  const mount = (destination: string): Config => ({
    ...base,
    mounts: [{ destination, source: "/x", options: ["bind"] }],
  });
  assert.throws(() => planOf(mount("/proc/self/attr")));
  assert.throws(() => planOf(mount("/proc/../proc/1")));
  assert.ok(ops(planOf(mount("/proc/meminfo")).init).includes("mountBind"));
});

test("no devices are made where /dev is bound from elsewhere", () => {
  const config: Config = { ...base, mounts: [{ destination: "/dev", source: "/dev", options: ["rbind"] }] };
  assert.not(ops(planOf(config).init).includes("mknod"));
});

test("the wire form counts the words of each process", () => {
  const words = encode(planOf(base));
  assert.equal(words.slice(0, 2), [1, 3]);
  let at = 2;
  for (let process = 0; process < 3; process++) at += 2 + Number(words[at + 1]);
  assert.is(at, words.length);
});

test("a pidfd and the pid file go out once the container is on record", () => {
  const { runtime } = planOf(base, { pidFile: "/pid", pidfdSocket: "/pidfd" });
  before(runtime, "recordProcess", "passPidfd", "writePidFile");
  assert.ok(runtime.some((step) => step.op === "passPidfd" && step.kind === "standard"));
});

test.run();
