// SPDX-License-Identifier: Apache-2.0

import { test } from "uvu";
import * as assert from "uvu/assert";
import { encode } from "../encode.ts";
import { factsOf } from "../fixtures/facts.ts";
import type { Step } from "../step.ts";
import { type Checkpoint, type CheckpointFlags, checkpointPlan, makeFolders } from "./checkpoint.ts";
import type { Criu, CriuFlags } from "./criu.ts";
import { encodeRequest } from "./request.ts";
import { type Restore, restorePlan } from "./restore.ts";

const criu: Criu = {
  program: "/usr/sbin/criu",
  environment: ["PATH=/bin"],
  images: "/images",
  work: undefined,
  configFile: undefined,
};

const common: CriuFlags = {
  tcpEstablished: false,
  extUnixSk: false,
  shellJob: false,
  fileLocks: false,
  autoDedup: false,
  manageCgroupsMode: "",
  emptyNamespaces: 0,
};

/** What every request says of these. */
const commonAsked = {
  imagesFd: 4,
  workFd: 5,
  tcpEstablished: false,
  extUnixSk: false,
  shellJob: false,
  fileLocks: false,
  autoDedup: false,
  cgroupMode: "",
  orphanPtsMaster: true,
  notifyScripts: true,
  logLevel: 4,
} as const;

const flags: CheckpointFlags = {
  ...common,
  leaveRunning: false,
  tcpSkipInFlight: false,
  linkRemap: false,
  preDump: false,
  parentPath: undefined,
  pageServer: undefined,
};

const checkpoint: Checkpoint = {
  root: "/run/runts",
  id: "one",
  process: { pid: 42, startTime: 7 },
  rootfs: "/bundle/rootfs",
  cgroup: "/sys/fs/cgroup/one",
  criu,
  flags,
  external: ["mnt[/data]:/data"],
};

const dumped = {
  ...commonAsked,
  logFile: "dump.log",
  pid: 42,
  root: "/bundle/rootfs",
  leaveRunning: false,
  tcpSkipInFlight: false,
  linkRemap: false,
  freezeCgroup: "/sys/fs/cgroup/one",
  external: ["mnt[/data]:/data"],
} as const;

const asked = (steps: readonly Step[]): readonly Step[] => steps.filter(({ op }) => op === "askCriu");

test("a checkpoint holds the container's lock, checks who it asks for, and waits for criu's end", () => {
  const plan = checkpointPlan(checkpoint);
  assert.equal(plan.runtime, [
    { op: "lockState", from: "", root: "/run/runts", id: "one", milliseconds: 10_000 },
    { op: "openProcess", from: "", slot: 0, pid: 42, startTime: 7 },
    {
      op: "startCriu",
      from: "",
      program: "/usr/sbin/criu",
      environment: ["PATH=/bin"],
      root: "",
      files: ["/images", "/images"],
    },
    { op: "askCriu", from: "", request: encodeRequest("dump", dumped) },
    { op: "awaitCriu", from: "", moment: "" },
  ]);
  assert.ok(encode(plan).length > 0);
});

test("before that the folders are made, that of the log where it is another one", () => {
  const folders = (plan: ReturnType<typeof makeFolders>) =>
    plan.runtime.map((step) => (step.op === "makeFolder" ? step.path : step.op));
  assert.equal(folders(makeFolders(criu)), ["/images"]);
  assert.equal(folders(makeFolders({ ...criu, work: "/work" })), ["/images", "/work"]);
});

test("a pre-dump and the dump after it follow the memory", () => {
  const pre = { ...flags, preDump: true };
  assert.equal(asked(checkpointPlan({ ...checkpoint, flags: pre }).runtime), [
    { op: "askCriu", from: "", request: encodeRequest("preDump", { ...dumped, trackMemory: true }) },
  ]);
  const second = { ...flags, parentPath: "../pre" };
  assert.equal(asked(checkpointPlan({ ...checkpoint, flags: second }).runtime), [
    {
      op: "askCriu",
      from: "",
      request: encodeRequest("dump", { ...dumped, parentImage: "../pre", trackMemory: true }),
    },
  ]);
});

test("each flag is one of criu's options", () => {
  const all: CheckpointFlags = {
    tcpEstablished: true,
    extUnixSk: true,
    shellJob: true,
    fileLocks: true,
    autoDedup: true,
    manageCgroupsMode: "ignore",
    emptyNamespaces: 0x40000000,
    leaveRunning: true,
    tcpSkipInFlight: true,
    linkRemap: true,
    preDump: false,
    parentPath: undefined,
    pageServer: { address: "::1", port: 27 },
  };
  assert.equal(asked(checkpointPlan({ ...checkpoint, flags: all }).runtime), [
    {
      op: "askCriu",
      from: "",
      request: encodeRequest("dump", {
        ...dumped,
        tcpEstablished: true,
        extUnixSk: true,
        shellJob: true,
        fileLocks: true,
        autoDedup: true,
        cgroupMode: "ignore",
        emptyNamespaces: 0x40000000,
        leaveRunning: true,
        tcpSkipInFlight: true,
        linkRemap: true,
        pageServer: { address: "::1", port: 27 },
      }),
    },
  ]);
});

const base = { ociVersion: "1.3.0", root: { path: "rootfs" } };

function restoring(change: Partial<Restore> = {}): Restore {
  return {
    facts: factsOf(base),
    rootfs: "/bundle/rootfs",
    criu,
    flags: { ...common, tcpClose: false, lsmProfile: undefined, lsmMountContext: undefined },
    parts: {
      external: [],
      inherit: [{ key: "pipe:[1]", fd: 1 }],
      join: [],
      files: ["/run/netns/a"],
      directories: ["/data"],
      regularFiles: [],
    },
    detach: true,
    ...change,
  };
}

const ops = (steps: readonly Step[]): readonly string[] =>
  steps.map((step) => (step.op === "awaitCriu" ? `awaitCriu ${step.moment}` : step.op));

test("criu is put into the cgroup before it is asked, and the rules hold before the program goes on", () => {
  const facts = factsOf(
    { ...base, linux: { resources: { pids: { limit: 9 }, devices: [{ allow: false, access: "rwm" }] } } },
    {
      cgroup: { mount: "/sys/fs/cgroup", path: "/one", needed: [], offered: [], delegate: [] },
      pidFile: "/pid",
    },
  );
  const plan = restorePlan(restoring({ facts }));
  assert.equal(ops(plan.runtime), [
    "makeState",
    "makeCgroup",
    "makeMountpoints",
    "startCriu",
    "enterCgroup",
    "askCriu",
    "awaitCriu post-restore",
    "attachDeviceFilter",
    "writeCgroup",
    "recordProcess",
    "awaitCriu ",
    "writePidFile",
  ]);
  assert.equal([plan.stage, plan.init], [[], []]);
  assert.ok(encode(plan).length > 0);
});

test("a scope of systemd's is made around criu, with the limit of processes when they are there", () => {
  const scope = {
    addresses: ["a"],
    uid: 0,
    unit: "one.scope",
    slice: "s.slice",
    hasBfq: false,
    annotated: [],
  };
  const facts = factsOf(
    { ...base, linux: { resources: { pids: { limit: 9 }, memory: { limit: 1 << 26 } } } },
    { cgroup: { mount: "/m", path: "/s.slice/one.scope", needed: [], offered: [], delegate: [], scope } },
  );
  const { runtime } = restorePlan(restoring({ facts }));
  const found = ops(runtime);
  const at = found.indexOf("startCriu");
  assert.equal(found.slice(at), [
    "startCriu",
    "startScope",
    "writeCgroup",
    "askCriu",
    "awaitCriu post-restore",
    "attachDeviceFilter",
    "setScope",
    "writeCgroup",
    "recordProcess",
    "awaitCriu ",
  ]);
  const starts = runtime.find((step) => step.op === "startScope");
  assert.not(starts?.op === "startScope" && starts.properties.includes("TasksMax"));
});

test("in the foreground the runtime stays, and carries the terminal unless it is handed on", () => {
  const process = { cwd: "/", args: ["sh"], terminal: true };
  const tail = (facts: Restore["facts"]) => {
    const { runtime } = restorePlan(restoring({ facts, detach: false }));
    return runtime.slice(runtime.findIndex(({ op }) => op === "awaitCriu") + 1);
  };
  assert.equal(tail(factsOf({ ...base, process })).at(-1), { op: "superviseInit", from: "", terminal: 1 });
  const handed = tail(factsOf({ ...base, process }, { consoleSocket: "/socket" }));
  assert.equal(ops(handed).includes("passConsole"), true);
  assert.equal(handed.at(-1), { op: "superviseInit", from: "", terminal: 0 });
});

test("hooks of the creation run when the namespaces are there", () => {
  const facts = factsOf({ ...base, hooks: { createRuntime: [{ path: "/hook" }] } });
  const found = ops(restorePlan(restoring({ facts })).runtime);
  const at = found.indexOf("awaitCriu setup-namespaces");
  assert.equal(found.slice(at, at + 3), ["awaitCriu setup-namespaces", "runHook", "awaitCriu post-restore"]);
});

test("what of the host comes back is named in the request, and opened for criu", () => {
  const { runtime } = restorePlan(restoring());
  const start = runtime.find((step) => step.op === "startCriu");
  assert.equal(start?.op === "startCriu" && [start.root, start.files], [
    "/bundle/rootfs",
    ["/images", "/images", "/run/netns/a"],
  ]);
  assert.equal(asked(runtime), [
    {
      op: "askCriu",
      from: "",
      request: encodeRequest("restore", {
        ...commonAsked,
        fileLocks: true,
        logFile: "restore.log",
        root: "/bundle/rootfs",
        restoreSibling: true,
        evasiveDevices: true,
        tcpClose: false,
        cgroupRoot: "/runts-c",
        inherit: [{ key: "pipe:[1]", fd: 1 }],
      }),
    },
  ]);
});

test.run();
