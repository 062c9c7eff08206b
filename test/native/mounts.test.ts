// SPDX-License-Identifier: Apache-2.0

// Mounts, their options, and the container's /dev; config.md#mounts, config-linux.md#default-devices.

import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Mount } from "../../lib/config/types.ts";
import type { Change } from "./bundle.ts";
import { combine, ownRootfs, shell } from "./bundle.ts";
import { newFolder } from "./files.ts";
import { expectNoLeaks, snapshot } from "./leaks.ts";
import { Runtime } from "./runtime.ts";

const before = snapshot();
const runtime = new Runtime();

const bind = (source: string, destination: string, ...options: string[]): Change =>
  adding({ source, destination, options: ["bind", ...options] });

function adding(...mounts: readonly Mount[]): Change {
  return (config) => {
    for (const { destination, type = "none", source = "none", options = [] } of mounts)
      config.mounts.push({ destination, type, source, options: [...options] });
  };
}

/** Where a file system of the container is mounted and how: its line of mountinfo. */
function mountLine(destination: string, ...changes: readonly Change[]): string {
  return runtime
    .inside(`awk '$5 == "${destination}"' /proc/self/mountinfo | tail -n 1`, ...changes)
    .replace(/^\d+ \d+ \S+ \S+ /, "");
}

test("the usual file systems are mounted with their options", () => {
  const lines = runtime.inside("cut -d' ' -f 5- /proc/self/mountinfo").split("\n");
  const find = (path: string) =>
    lines.find((line) => line.startsWith(`${path} `)) ?? `${path} is not mounted`;
  assert.match(find("/proc"), / rw,relatime .*- proc proc /);
  assert.match(find("/dev"), / rw,nosuid .*- tmpfs tmpfs .*size=65536k,mode=755/);
  assert.match(
    find("/dev/pts"),
    / rw,nosuid,noexec,relatime .*- devpts devpts .*gid=5,mode=620,ptmxmode=666/,
  );
  assert.match(find("/dev/shm"), / rw,nosuid,nodev,noexec,relatime .*- tmpfs shm /);
  assert.match(find("/dev/mqueue"), /- mqueue mqueue /);
  assert.match(find("/sys"), / ro,nosuid,nodev,noexec,relatime .*- sysfs sysfs /);
  assert.match(find("/sys/fs/cgroup"), / ro,nosuid,nodev,noexec,relatime .*- cgroup2 cgroup /);
});

test("a later mount covers an earlier one: they are made in their order", () => {
  const [first, second] = [newFolder({ name: "first\n" }), newFolder({ name: "second\n" })];
  assert.is(runtime.inside("cat /host/name", bind(first, "/host"), bind(second, "/host")), "second");
});

test("the default devices are there, readable and writable by all", () => {
  const out = runtime.inside(
    "cd /dev; stat -c '%n %F %t:%T %a' null zero full random urandom tty; stat -c '%n %N' fd stdin stdout stderr ptmx core",
  );
  const special = "character special file";
  assert.equal(out.split("\n").slice(0, 6), [
    `null ${special} 1:3 666`,
    `zero ${special} 1:5 666`,
    `full ${special} 1:7 666`,
    `random ${special} 1:8 666`,
    `urandom ${special} 1:9 666`,
    `tty ${special} 5:0 666`,
  ]);
  assert.match(out, /fd '?fd'? -> '?\/proc\/self\/fd'?\n/);
  assert.match(out, /stderr '?stderr'? -> '?\/proc\/self\/fd\/2'?\n/);
  assert.match(out, /ptmx '?ptmx'? -> '?pts\/ptmx'?\n/);
});

test("a listed device has the given numbers, mode and owner", () => {
  const out = runtime.inside("stat -c '%F %t:%T %a %u:%g' /dev/mine /pipes/one", ({ linux }) => {
    linux.devices = [
      { type: "c", path: "/dev/mine", major: 1, minor: 5, fileMode: 0o640, uid: 3, gid: 4 },
      { type: "p", path: "/pipes/one", fileMode: 0o600 },
    ];
  });
  assert.equal(out.split("\n"), ["character special file 1:5 640 3:4", "fifo 0:0 600 0:0"]);
});

test("a file or folder to bind to is made when it is missing", () => {
  const folder = newFolder({ file: "text\n" });
  const out = runtime.inside(
    "cat /not/there/file /not/there/folder/file",
    bind(`${folder}/file`, "/not/there/file"),
    bind(folder, "/not/there/folder"),
    (config, bundle) => {
      config.root.path = ownRootfs(bundle);
    },
  );
  assert.is(out, "text\ntext");
});

test("a source that does not start with / counts from the bundle", () => {
  const out = runtime.inside("cat /host/file", bind("beside", "/host"), (_, bundle) => {
    mkdirSync(`${bundle}/beside`);
    writeFileSync(`${bundle}/beside/file`, "found");
  });
  assert.is(out, "found");
});

test("bind mounts take their options one by one", () => {
  const folder = newFolder();
  for (const option of ["ro", "nosuid", "nodev", "noexec", "noatime", "nosymfollow"])
    assert.match(
      mountLine("/host", bind(folder, "/host", option)),
      new RegExp(`^/host \\S*\\b${option}\\b`),
      option,
    );
  assert.not.match(mountLine("/host", bind(folder, "/host", "ro", "rw")), /^\/host ro/, "the last one wins");
});

test("ro makes the mount itself read-only, rro everything below it as well", () => {
  // the host's /sys always has another mount below it: the cgroups
  const below = (option: string) =>
    runtime.inside(
      "grep -E ' /host(/fs/cgroup)? ' /proc/self/mountinfo | cut -d' ' -f 5,6 | cut -d, -f 1",
      adding({ destination: "/host", source: "/sys", options: ["rbind", option] }),
    );
  assert.is(below("ro"), "/host ro\n/host/fs/cgroup rw");
  assert.is(below("rro"), "/host ro\n/host/fs/cgroup ro");
});

test("an unknown option goes to the file system, whose refusal is told", () => {
  const err = runtime.refuses(
    adding({ destination: "/x", type: "tmpfs", source: "tmpfs", options: ["no-such-option"] }),
  );
  assert.match(err, /fsconfig.*no-such-option.*config\.json \/mounts\/7/s);
});

test("tmpcopyup keeps in the tmpfs what was in the image", () => {
  const out = runtime.inside(
    "cat /etc/kept; touch /etc/new; stat -f -c %T /etc; stat -c '%a %u' /etc/kept; readlink /etc/link",
    adding({ destination: "/etc", type: "tmpfs", source: "tmpfs", options: ["tmpcopyup"] }),
    (config, bundle) => {
      config.root.path = ownRootfs(bundle);
      config.root.readonly = true;
      writeFileSync(`${config.root.path}/etc/kept`, "kept\n", { mode: 0o640 });
      symlinkSync("kept", `${config.root.path}/etc/link`);
    },
  );
  assert.equal(out.split("\n"), ["kept", "tmpfs", "640 0", "kept"]);
});

test("a read-only root is read-only, and mounts on it are not", () => {
  const out = runtime.inside("touch /x 2>&1; touch /dev/shm/x && echo written", ({ root }) => {
    root.readonly = true;
  });
  assert.match(out, /Read-only file system\nwritten/);
});

test("the host's mounts stay private or become shared as rootfsPropagation says", () => {
  const optional = (propagation?: "shared" | "slave" | "private" | "unbindable") =>
    mountLine("/", ({ linux }) => {
      if (propagation) linux.rootfsPropagation = propagation;
    });
  assert.match(optional("shared"), /shared:/);
  assert.not.match(optional("private"), /shared:|master:/);
  assert.match(optional("unbindable"), /unbindable/);
  assert.not.match(optional(), /shared:/);
});

/** In a mount namespace in between, which stands for the host: its mounts afterwards, and what was printed. */
function betweenHosts(preparation: string, change: Change): { mounts: number; out: string } {
  const count = "wc -l < /proc/self/mountinfo";
  const script = `${preparation}; ${count}; "$@"; status=$?; ls -d /usr; ${count}; exit $status`;
  const through = ["unshare", "--mount", "--propagation", "private", "sh", "-c", script, "sh"];
  const { status, out, err } = runtime.run(change, { through });
  assert.equal({ status, err }, { status: 0, err: "" });
  const [before, ...lines] = out.trimEnd().split("\n");
  assert.is(lines.at(-2), "/usr");
  return { mounts: Number(lines.at(-1)) - Number(before), out: lines.slice(0, -2).join("\n") };
}

test("with rootfsPropagation shared below a shared host the host keeps its mounts, and gets none", () => {
  const change = combine(shell("grep -c ' / rw.* shared:' /proc/self/mountinfo"), ({ linux }) => {
    linux.rootfsPropagation = "shared";
  });
  assert.equal(betweenHosts("mount --make-rshared /", change), { mounts: 0, out: "1" });
});

test("without a mount namespace the container has its root by chroot, and the host's mounts stay as they are", () => {
  const change = combine(shell("ls -d /bin /usr 2>&1 | head -n 1"), (config, bundle) => {
    config.root.path = ownRootfs(bundle);
    config.mounts.length = 0;
    config.linux.maskedPaths = [];
    config.linux.readonlyPaths = [];
    config.linux.namespaces = config.linux.namespaces.filter(({ type }) => type !== "mount");
  });
  assert.equal(betweenHosts("true", change), { mounts: 0, out: "/bin" });
});

test("remounting changes the file system's own options as well", () => {
  const changes = [
    adding({ destination: "/tmp", type: "tmpfs", options: ["size=1m"] }),
    adding({ destination: "/tmp", options: ["remount", "nosuid", "size=2m"] }),
  ];
  assert.match(mountLine("/tmp", ...changes), / rw,nosuid,relatime - tmpfs .*size=2048k/);
});

test("masked files read as empty, masked folders as well; what is not there is no error", () => {
  const out = runtime.inside(
    "wc -c < /etc/passwd; ls -A /tmp; touch /tmp/x 2>&1; stat -c %t:%T /etc/passwd; ls /missing 2>&1; true",
    ({ linux }) => {
      linux.maskedPaths = ["/etc/passwd", "/tmp", "/missing", "/etc/passwd/missing"];
    },
  );
  assert.match(out, /^0\ntouch: .*Read-only file system\n1:3\nls: \/missing/);
});

test("read-only paths cannot be written to, nor what is mounted below them", () => {
  const out = runtime
    .inside(
      "touch /tmp/x /tmp/deep/x 2>&1; touch /run/x && echo written; echo 1 2>&1 > /proc/sys/kernel/printk; true",
      adding({ destination: "/tmp/deep", type: "tmpfs", source: "tmpfs" }),
      ({ linux, root }, bundle) => {
        root.path = ownRootfs(bundle);
        linux.readonlyPaths = ["/tmp", "/missing", "/proc/sys"];
      },
    )
    .replaceAll("\n", " ");
  assert.match(out, /\/tmp\/x: Read-only file system .*\/tmp\/deep\/x: Read-only file system written/);
});

test("the caller's mounts are not to be seen in the container", () => {
  const points = runtime.inside("cut -d' ' -f 5 /proc/self/mountinfo").split("\n");
  assert.equal(
    points.sort(),
    ["/", "/proc", "/dev", "/dev/pts", "/dev/shm", "/dev/mqueue", "/sys", "/sys/fs/cgroup"].sort(),
  );
});

test("--no-pivot gives the same files", () => {
  const names = (...flags: string[]) =>
    runtime.run(
      ({ process }) => {
        process.args = ["ls", "/", "/dev"];
      },
      {},
      ...flags,
    ).out;
  assert.is(names("--no-pivot"), names());
});

test("a mount that cannot be made leaves no trace in the bundle's folder", () => {
  const folder = newFolder();
  runtime.refuses(bind(`${folder}/missing`, "/host"));
  assert.equal(readdirSync(folder), []);
  assert.ok(existsSync("/proc/self"));
  assert.not.match(readFileSync("/proc/self/mountinfo", "utf8"), new RegExp(folder));
});

test("nothing is left behind", () => expectNoLeaks(before));

test.run();
