// SPDX-License-Identifier: Apache-2.0

import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Edits, edited } from "../../config/fixtures/edit.ts";
import { isConfig } from "../../config/generated/guards.js";
import type { Json } from "../../host.ts";
import { explainRows } from "../explain.ts";
import type { Row, Seen } from "./row.ts";
import { explanationText } from "./text.ts";

/** What Linux 6.1 says of the container of the spec's example. */
const proc: Readonly<Record<string, string>> = {
  status: `Name:\tsh
Umask:\t0022
Uid:\t0\t0\t0\t0
Gid:\t0\t0\t0\t0
Groups:\t
CapInh:\t0000000000000000
CapPrm:\t0000000020000420
CapEff:\t0000000020000420
CapBnd:\t0000000020000420
CapAmb:\t0000000000000000
NoNewPrivs:\t1
Seccomp:\t0
Seccomp_filters:\t0
`,
  limits: `Limit                     Soft Limit           Hard Limit           Units
Max core file size        0                    unlimited            bytes
Max open files            1024                 1024                 files
`,
  uid_map: "         0          0 4294967295\n",
  gid_map: "         0          0 4294967295\n",
  mountinfo: `1 0 0:1 / / ro,relatime - ext4 /dev/vda rw
2 1 0:2 / /proc rw,relatime - proc proc rw
3 1 0:3 / /dev rw,nosuid - tmpfs tmpfs rw,size=65536k
4 3 0:4 / /dev/pts rw,nosuid,noexec,relatime - devpts devpts rw
5 3 0:5 / /dev/shm rw,nosuid,nodev,noexec,relatime - tmpfs shm rw
6 3 0:6 / /dev/mqueue rw,nosuid,nodev,noexec,relatime - mqueue mqueue rw
7 1 0:7 / /sys ro,nosuid,nodev,noexec,relatime - sysfs sysfs rw
8 7 0:8 / /sys/fs/cgroup ro,nosuid,nodev,noexec,relatime - cgroup2 cgroup rw
`,
};

const own = ["mnt", "pid", "net", "ipc", "uts", "cgroup"];

interface Circumstances {
  readonly started?: boolean;
  readonly proc?: Readonly<Record<string, string>>;
  readonly cgroup?: Readonly<Record<string, string>>;
  readonly own?: readonly string[];
}

function explained(edits: Edits, more: Circumstances = {}): readonly Row[] {
  const config = edited({ "/linux/maskedPaths": [], "/linux/readonlyPaths": [], ...edits });
  if (!isConfig(config)) throw new Error("breaks the schema");
  const seen: Seen = {
    started: more.started ?? true,
    proc: (file) => ({ ...proc, ...more.proc })[file],
    namespace: (file) => ({
      its: `${file}:[${(more.own ?? own).includes(file) ? 2 : 1}]`,
      ours: `${file}:[1]`,
    }),
    cgroup: (file) => more.cgroup?.[file],
  };
  return explainRows(config, seen);
}

const differing = (rows: readonly Row[]): string[] =>
  rows.filter(({ verdict }) => verdict !== "same").map(({ verdict, what }) => `${verdict} ${what}`);

test("a container that is as it was asked for has no differences", () => {
  assert.equal(differing(explained({})), []);
});

test("ids are told as the container's user namespace has them", () => {
  const mapped = {
    ...proc,
    uid_map: "0 100000 65536\n",
    status: (proc.status ?? "").replace("Uid:\t0\t0", "Uid:\t100000\t100000"),
  };
  assert.equal(differing(explained({}, { proc: mapped })), []);
  assert.equal(differing(explained({ "/process/user": { uid: 5, gid: 0, additionalGids: [7] } })), [
    "differs uid",
    "differs groups",
  ]);
});

test("capabilities that execve has changed are told, with the reason", () => {
  const sets = { bounding: ["CAP_KILL"], permitted: ["CAP_KILL"], effective: ["CAP_KILL"] };
  const status = (proc.status ?? "").replace(
    /Cap(Prm|Eff|Bnd):\t\w+/g,
    (_, set) => `Cap${set}:\t${set === "Bnd" ? "20" : "0"}`,
  );
  const rows = explained(
    { "/process/capabilities": sets, "/process/user": { uid: 0, gid: 0 } },
    { proc: { status } },
  );
  assert.equal(differing(rows), ["differs effective capabilities", "differs permitted capabilities"]);
  const effective = rows.find(({ what }) => what === "effective capabilities");
  assert.equal([effective?.asked, effective?.found], ["kill", "none"]);
  assert.match(effective?.note ?? "", "execve gives root");
});

test("what init does at its start is not yet to be told of a created container", () => {
  const rows = explained({ "/process/oomScoreAdj": 5 }, { started: false, proc: { oom_score_adj: "5\n" } });
  assert.equal(
    differing(rows).filter((row) => row.startsWith("differs")),
    [],
  );
  const unknown = differing(rows);
  assert.ok(unknown.includes("unknown uid") && unknown.includes("unknown RLIMIT_NOFILE"));
  assert.not(unknown.includes("unknown bounding capabilities") || unknown.includes("unknown oom_score_adj"));
});

test("no_new_privs, seccomp, labels, umask, rlimits and the OOM score are compared", () => {
  const status = (proc.status ?? "")
    .replace("NoNewPrivs:\t1", "NoNewPrivs:\t0")
    .replace("Umask:\t0022", "Umask:\t0077");
  const edits: Edits = {
    "/process/user": { uid: 0, gid: 0, umask: 0o22 },
    "/process/apparmorProfile": "runts",
    "/process/oomScoreAdj": 100,
    "/process/rlimits": [{ type: "RLIMIT_CORE", soft: 1, hard: 18446744073709551615n }],
    "/linux/seccomp": { defaultAction: "SCMP_ACT_ALLOW" },
  };
  const seen = { status, "attr/current": "unconfined\n", oom_score_adj: "0\n" };
  assert.equal(differing(explained(edits, { proc: seen })), [
    "differs umask",
    "differs no_new_privs",
    "differs seccomp",
    "differs label",
    "differs oom_score_adj",
    "differs RLIMIT_CORE",
  ]);
  const right = { "attr/current": "runts (enforce)\n" };
  assert.equal(differing(explained({ "/process/apparmorProfile": "runts" }, { proc: right })), []);
});

test("a namespace that is ours where its own was asked for differs, and the reverse", () => {
  assert.equal(differing(explained({}, { own: ["mnt", "pid", "net", "ipc", "uts", "time"] })), [
    "differs cgroup",
    "differs time",
  ]);
  assert.equal(differing(explained({ "/linux/namespaces/1/path": "/run/netns/a" })), ["unknown network"]);
});

test("mounts are compared by their flags and type, the root by whether it can be written", () => {
  const mountinfo = (proc.mountinfo ?? "")
    .replace("/dev/shm rw,nosuid,nodev,noexec", "/dev/shm rw,nosuid,nodev")
    .replace("- mqueue", "- tmpfs")
    .replace("/ ro,relatime - ext4", "/ rw,relatime - ext4")
    .replace(/^8 .*\n/m, "");
  const rows = explained({}, { proc: { mountinfo } });
  assert.equal(differing(rows), [
    "differs /",
    "differs /dev/shm",
    "differs /dev/mqueue",
    "unknown /sys/fs/cgroup",
  ]);
  assert.is(rows.find(({ what }) => what === "/dev/shm")?.note, "asked for noexec");
  const bind = { destination: "/data", source: "/x", options: ["rbind", "rw"] };
  const more = `${proc.mountinfo}9 1 0:9 / /data ro,nosuid - ext4 /dev/vdb rw\n`;
  const bound = explained({ "/mounts/-": bind }, { proc: { mountinfo: more } });
  assert.equal(
    bound.filter(({ verdict }) => verdict === "differs").map(({ note }) => note),
    ["asked for not ro"],
  );
  assert.equal(
    differing(
      explained({ "/linux/maskedPaths": ["/proc"], "/linux/readonlyPaths": ["/sys", "/proc", "/no"] }),
    ),
    ["differs /proc", "unknown /no"],
  );
});

test("limits are what the cgroup's files say, to the page and a line a device", () => {
  const resources = {
    memory: { limit: 10_000_000 },
    pids: { limit: 5 },
    cpu: { quota: 50000, period: 100000 },
    blockIO: { throttleReadBpsDevice: [{ major: 8, minor: 0, rate: 1024 }] },
  };
  const files = {
    "memory.max": "9998336\n",
    "pids.max": "5\n",
    "cpu.max": "50000 100000\n",
    "io.max": "8:0 rbps=1024 wbps=max riops=max wiops=max\n",
  };
  const limits = (cgroup: Readonly<Record<string, string>>) =>
    differing(
      explained({ "/linux/resources": resources }, { cgroup }).filter(({ part }) => part === "cgroup"),
    );
  assert.equal(limits(files), []);
  assert.equal(limits({ ...files, "pids.max": "max\n", "io.max": "" }), [
    "differs io.max",
    "differs pids.max",
  ]);
  assert.equal(limits({}).length, 4);
});

test("a limit is the same in whatever words the kernel has it", () => {
  const verdicts = (resources: Json, cgroup: Readonly<Record<string, string>>) =>
    explained({ "/linux/resources": resources }, { cgroup })
      .filter(({ part }) => part === "cgroup")
      .map(({ what, verdict }) => `${verdict} ${what}`);
  const same: readonly (readonly [Json, string, string])[] = [
    [{ cpu: { quota: 50000 } }, "cpu.max", "50000 100000\n"],
    [{ cpu: { quota: -1 } }, "cpu.max", "max 100000\n"],
    [{ memory: { limit: 9223372036854775807n } }, "memory.max", "max\n"],
    [{ unified: { "memory.high": "64M" } }, "memory.high", "67108864\n"],
    [{ unified: { "io.weight": "50" } }, "io.weight", "default 50\n8:0 20\n"],
    [
      { cpu: { quota: 5000, period: 10000 }, unified: { "cpu.max": "6000 20000" } },
      "cpu.max",
      "6000 20000\n",
    ],
    [{ blockIO: { throttleReadBpsDevice: [{ major: 8, minor: 0, rate: 0 }] } }, "io.max", "\n"],
  ];
  for (const [resources, file, text] of same)
    assert.equal(verdicts(resources, { [file]: text }), [`same ${file}`], file);
  assert.equal(verdicts({ cpu: { quota: 50000 } }, { "cpu.max": "5000 50000\n" }), ["differs cpu.max"]);
  assert.equal(verdicts({ pids: { limit: 100 } }, { "pids.max": "101\n" }), ["differs pids.max"]);
  assert.equal(verdicts({ memory: { limit: 1 << 20 } }, { "memory.max": "max\n" }), ["differs memory.max"]);
  // nothing is written
  assert.equal(verdicts({ unified: { "memory.max": "" } }, { "memory.max": "max\n" }), []);
});

test("the text marks what differs and what is not known", () => {
  const rows: readonly Row[] = [
    { part: "process", what: "uid", from: "/process/user/uid", asked: "0", found: "0", verdict: "same" },
    {
      part: "process",
      what: "seccomp",
      from: "/linux/seccomp",
      asked: "filter",
      found: "off",
      verdict: "differs",
      note: "why",
    },
    {
      part: "mounts",
      what: "/a",
      from: "/mounts/0",
      asked: "tmpfs",
      found: "?",
      verdict: "unknown",
      note: "absent",
    },
  ];
  assert.is(
    explanationText({ id: "c", status: "running", pid: 7, rows }, false),
    `c: running, pid 7; 1 differs from what was asked for

process
  uid      0
! seccomp  asked  filter
           found  off
                  (/linux/seccomp: why)

mounts
? /a  asked tmpfs; absent
`,
  );
});

test.run();
