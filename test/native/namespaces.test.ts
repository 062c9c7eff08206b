// SPDX-License-Identifier: Apache-2.0

// New and joined namespaces, time offsets and id mappings; config-linux.md#namespaces.

import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { NamespaceType } from "../../lib/config/types.ts";
import { type Change, combine, makeBundle, shell } from "./bundle.ts";
import { newFolder } from "./files.ts";
import { expectNoLeaks, snapshot } from "./leaks.ts";
import { Runtime } from "./runtime.ts";
import { newId } from "./scratch.ts";
import { waitFor } from "./wait.ts";

const before = snapshot();
const runtime = new Runtime();

/** The names of namespaces in configurations, and in /proc/PID/ns. */
const files: Readonly<Record<NamespaceType, string>> = {
  pid: "pid",
  network: "net",
  mount: "mnt",
  ipc: "ipc",
  uts: "uts",
  user: "user",
  cgroup: "cgroup",
  time: "time",
};
const types = Object.keys(files) as NamespaceType[];

const own = (file: string) => readlinkSync(`/proc/self/ns/${file}`);
const readOwn =
  "cd /proc/self/ns; for n in pid net mnt ipc uts user cgroup time; do echo $n $(readlink $n); done";

function namespacesOf(text: string): Readonly<Record<string, string>> {
  return Object.fromEntries(text.split("\n").map((line) => line.split(" ", 2) as [string, string]));
}

const withUser: Change = ({ linux }) => {
  linux.namespaces.push({ type: "user" });
  linux.uidMappings = [{ containerID: 0, hostID: 100000, size: 65536 }];
  linux.gidMappings = [{ containerID: 0, hostID: 100000, size: 65536 }];
};

const withTime: Change = ({ linux }) => {
  linux.namespaces.push({ type: "time" });
};

test("all eight namespaces are new when asked for", () => {
  const found = namespacesOf(runtime.inside(readOwn, withUser, withTime));
  for (const file of Object.values(files)) assert.is.not(found[file], own(file), file);
});

test("a namespace that is not listed is the caller's", () => {
  for (const type of ["network", "ipc", "uts", "cgroup"] as const) {
    const found = namespacesOf(
      runtime.inside(readOwn, (config) => {
        config.linux.namespaces = config.linux.namespaces.filter((listed) => listed.type !== type);
        delete config.hostname;
        config.mounts = config.mounts.filter(({ destination }) => !destination.includes("mqueue"));
      }),
    );
    assert.is(found[files[type]], own(files[type]), type);
    const others = types.filter((one) => one !== type && one !== "user" && one !== "time");
    for (const other of others) assert.is.not(found[files[other]], own(files[other]), other);
  }
});

test("each kind of namespace is joined by its path", () => {
  const holder = runtime.create(combine(shell("exec sleep 1000"), withTime));
  const { pid } = runtime.state(holder);
  for (const type of ["network", "ipc", "uts", "pid", "cgroup", "time"] as const) {
    const path = `/proc/${pid}/ns/${files[type]}`;
    const found = namespacesOf(
      runtime.inside(readOwn, (config) => {
        config.linux.namespaces = config.linux.namespaces.filter((listed) => listed.type !== type);
        config.linux.namespaces.push({ type, path });
        if (type === "uts") delete config.hostname;
      }),
    );
    assert.is(found[files[type]], readlinkSync(path), type);
  }
  runtime.ok("delete", "-f", holder);
});

test("a user namespace is joined, with the namespaces that it owns", () => {
  const holder = runtime.create(combine(shell("exec sleep 1000"), withUser));
  const { pid } = runtime.state(holder);
  const joined: readonly NamespaceType[] = ["user", "network", "ipc", "uts"];
  const found = namespacesOf(
    runtime.inside(readOwn, (config) => {
      delete config.hostname;
      config.linux.namespaces = [
        ...joined.map((type) => ({ type, path: `/proc/${pid}/ns/${files[type]}` })),
        ...(["pid", "mount", "cgroup"] as const).map((type) => ({ type })),
      ];
    }),
  );
  for (const type of joined)
    assert.is(found[files[type]], readlinkSync(`/proc/${pid}/ns/${files[type]}`), type);
  runtime.ok("delete", "-f", holder);
});

test("a mount namespace is joined, and the container sees what is mounted there", () => {
  const folder = newFolder();
  const holder: ChildProcess = spawn(
    "unshare",
    [
      "-m",
      "sh",
      "-c",
      `mount -t tmpfs tmpfs ${folder} && touch ${folder}/inside ${folder}/ready && exec sleep 1000`,
    ],
    { stdio: "ignore" },
  );
  const path = `/proc/${holder.pid}/ns/mnt`;
  const inHolder = (file: string) => readable(`/proc/${holder.pid}/root${folder}/${file}`);
  assert.ok(waitFor(() => inHolder("ready")));
  const out = runtime.inside("ls /host", (config) => {
    config.linux.namespaces = config.linux.namespaces.map(({ type }) =>
      type === "mount" ? { type, path } : { type },
    );
    config.mounts.push({ destination: "/host", source: folder, options: ["bind"] });
  });
  assert.is(out, "inside\nready");
  holder.kill("SIGKILL");
});

function readable(path: string): boolean {
  try {
    readFileSync(path);
    return true;
  } catch {
    return false;
  }
}

test("a path to a namespace of another type is refused", () => {
  const err = runtime.refuses((config) => {
    config.linux.namespaces[5] = { type: "network", path: "/proc/self/ns/ipc" };
  });
  assert.match(err, /namespace of another type/);
  assert.match(err, /\/linux\/namespaces\/5\/path/);
});

test("a path to something else, or to nothing, is refused", () => {
  for (const [path, reason] of [
    ["/etc/passwd", /ENOTTY.*not a namespace/s],
    ["/proc/self/ns/missing", /ENOENT/],
  ] as const) {
    const err = runtime.refuses((config) => {
      config.linux.namespaces[1] = { type: "ipc", path };
    });
    assert.match(err, reason);
    assert.match(err, /\/linux\/namespaces\/1\/path/);
  }
});

test("clocks of a new time namespace run ahead or behind by what is given", () => {
  const uptime = () => Number(readFileSync("/proc/uptime", "utf8").split(" ")[0]);
  const script = "cat /proc/uptime; cat /proc/self/timens_offsets";
  const none: Change = () => {};
  for (const [secs, user] of [
    [100_000, none],
    [-10, none],
    [70_000, withUser],
  ] as const) {
    const text = runtime.inside(script, withTime, user, ({ linux }) => {
      linux.timeOffsets = { boottime: { secs, nanosecs: 0 }, monotonic: { secs: 5, nanosecs: 500 } };
    });
    const [inside = ""] = text.split(" ");
    assert.ok(Math.abs(Number(inside) - uptime() - secs) < 5, `${inside} with ${secs}`);
    assert.match(text, /monotonic +5 +500/);
  }
});

test("clocks are set in a time namespace of a user namespace that is joined", () => {
  const holder = runtime.create(combine(shell("exec sleep 1000"), withUser));
  const { pid } = runtime.state(holder);
  const text = runtime.inside("cat /proc/self/timens_offsets; id -u", withTime, ({ linux }) => {
    linux.namespaces.push({ type: "user", path: `/proc/${pid}/ns/user` });
    linux.timeOffsets = { monotonic: { secs: 5, nanosecs: 500 } };
  });
  assert.match(text, /monotonic +5 +500\n.*\n0$/);
  runtime.ok("delete", "-f", holder);
});

test("the ids of a user namespace are mapped as given", () => {
  const text = runtime.inside("cat /proc/self/uid_map /proc/self/gid_map; id -u; id -g", ({ linux }) => {
    linux.namespaces.push({ type: "user" });
    linux.uidMappings = [
      { containerID: 0, hostID: 100000, size: 1000 },
      { containerID: 1000, hostID: 200000, size: 10 },
    ];
    linux.gidMappings = [{ containerID: 0, hostID: 300000, size: 2000 }];
  });
  assert.equal(
    text.split("\n").map((line) => line.trim().replace(/\s+/g, " ")),
    ["0 100000 1000", "1000 200000 10", "0 300000 2000", "0", "0"],
  );
});

test("a bind mount from a folder that only root can reach works in a user namespace", () => {
  const closed = newFolder();
  mkdirSync(`${closed}/deep`);
  writeFileSync(`${closed}/deep/file`, "reached\n");
  chmodSync(`${closed}/deep`, 0o755);
  chmodSync(closed, 0o700);
  const out = runtime.inside("cat /host/file", withUser, ({ mounts }) => {
    mounts.push({ destination: "/host", source: `${closed}/deep`, options: ["bind"] });
  });
  assert.is(out, "reached");
});

test("in a user namespace the default devices are the host's, and usable", () => {
  const out = runtime.inside(
    "head -c 4 /dev/zero | wc -c; echo gone > /dev/null; test -c /dev/null",
    withUser,
  );
  assert.is(out.trim(), "4");
});

test("many containers with user namespaces start at the same time (init never overtakes stage's word of it)", async () => {
  const bundle = makeBundle(withUser);
  for (let round = 0; round < 5; round++) {
    const runs = Array.from({ length: 8 }, () => runtime.launch(["run", "--bundle", bundle, newId()]).ended);
    for (const { status, err } of await Promise.all(runs))
      assert.equal({ status, err }, { status: 0, err: "" });
  }
});

test("the program of a user namespace is one of the mapped users on the host", () => {
  const id = runtime.create(combine(shell("exec sleep 1000"), withUser));
  const { pid } = runtime.state(id);
  assert.match(readFileSync(`/proc/${pid}/status`, "utf8"), /^Uid:\s+100000\s+100000\s/m);
  runtime.ok("delete", "-f", id);
});

test("hostname and domainname are those of the container, and the host keeps its own", () => {
  const host = readFileSync("/proc/sys/kernel/hostname", "utf8");
  const out = runtime.inside("hostname; cat /proc/sys/kernel/domainname", (config) => {
    config.hostname = "a-name";
    config.domainname = "a-domain";
  });
  assert.is(out, "a-name\na-domain");
  assert.is(readFileSync("/proc/sys/kernel/hostname", "utf8"), host);
});

test("the loopback interface of a new network namespace is up", () => {
  assert.match(runtime.inside("ip addr show lo"), /LOOPBACK,UP/);
});

test("a sysctl is set in the container's namespace, and not on the host", () => {
  const path = "/proc/sys/net/ipv4/ip_forward";
  const host = readFileSync(path, "utf8");
  const wanted = host.trim() === "1" ? "0" : "1";
  const out = runtime.inside(`cat ${path} /proc/sys/kernel/shmmni`, ({ linux }) => {
    linux.sysctl = { "net.ipv4.ip_forward": wanted, "kernel.shmmni": "1234" };
  });
  assert.is(out, `${wanted}\n1234`);
  assert.is(readFileSync(path, "utf8"), host);
});

test("nothing is left behind", () => expectNoLeaks(before));

test.run();
