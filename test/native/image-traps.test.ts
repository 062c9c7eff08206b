// SPDX-License-Identifier: Apache-2.0

// What a hostile image may hold where the runtime makes or mounts something. Each case either fails or stays inside
// the container; the host, and a folder that the traps lead to, are never touched.

import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Change, ownRootfs } from "./bundle.ts";
import { newFolder } from "./files.ts";
import { expectNoLeaks, snapshot } from "./leaks.ts";
import { type Result, Runtime } from "./runtime.ts";

const before = snapshot();
const runtime = new Runtime();

/** What the traps lead to: it must stay as it is. */
const canary = newFolder({ file: "canary\n" });
mkdirSync(`${canary}/dev`);
const look = () =>
  execFileSync("find", [canary, "-printf", "%P %y %m %U %G %s %l %T@\\n"], { encoding: "utf8" }) +
  readFileSync(`${canary}/file`, "utf8");

/** Runs a container whose image was tampered with, and looks whether the host noticed. */
function tamper(setTrap: (rootfs: string) => void, ...changes: readonly Change[]): Result {
  const host = { canary: look(), ...snapshot() };
  const result = runtime.run((config, bundle) => {
    config.root.path = ownRootfs(bundle);
    for (const change of changes) change(config, bundle);
    setTrap(config.root.path);
  });
  assert.equal({ canary: look(), ...snapshot() }, host);
  return result;
}

function link(target: string, path: string): (rootfs: string) => void {
  return (rootfs) => {
    rmSync(`${rootfs}${path}`, { recursive: true, force: true });
    symlinkSync(target, `${rootfs}${path}`);
  };
}

const print =
  (script: string): Change =>
  ({ process }) => {
    process.args = ["sh", "-c", script];
  };

/** Without a mount on /dev what is in the image's /dev counts. */
const withoutDev: Change = (config) => {
  config.mounts = config.mounts.filter(({ destination }) => !destination.startsWith("/dev"));
};

const escapes = [canary, `../../../../../../..${canary}`];

for (const path of ["/proc", "/sys"])
  test(`${path} as a symlink or a file in the image is refused (CVE-2019-19921)`, () => {
    for (const target of [...escapes, "tmp", "/tmp", "missing"]) {
      const { status, err } = tamper(link(target, path));
      assert.is(status, 1, target);
      assert.match(err, new RegExp(`"?${path}"?`), target);
    }
    const asFile = tamper((rootfs) => {
      rmSync(`${rootfs}${path}`, { recursive: true });
      writeFileSync(`${rootfs}${path}`, "");
    });
    assert.is(asFile.status, 1);
  });

test("/dev as a symlink out of the image stays inside (CVE-2026-41579)", () => {
  for (const target of escapes.map((path) => `${path}/dev`)) {
    tamper(link(target, "/dev"));
    tamper(link(target, "/dev"), withoutDev);
  }
});

test("device nodes and links of the image's own /dev are not followed", () => {
  for (const name of ["null", "zero", "tty", "ptmx", "fd", "stdin", "core"])
    for (const target of [`${canary}/file`, `${canary}/new`, "/proc/sys/kernel/core_pattern"])
      tamper(link(target, `/dev/${name}`), withoutDev);
});

test("a /dev/null that is something else is refused", () => {
  const { status, err } = tamper((rootfs) => writeFileSync(`${rootfs}/dev/null`, ""), withoutDev);
  assert.is(status, 1);
  assert.match(err, /\/dev\/null is something else/);
});

test("a mount's destination that is a symlink is resolved inside the image (CVE-2021-30465)", () => {
  const source = newFolder({ mounted: "" });
  for (const target of escapes) {
    const { status, out } = tamper(
      link(target, "/volume"),
      print(`ls /volume; ls ${canary}`),
      ({ mounts }) => {
        mounts.push({ destination: "/volume", source, options: ["bind"] });
      },
    );
    assert.equal({ status, out }, { status: 0, out: "mounted\nmounted\n" }, target);
  }
});

test("a tmpfs and a missing file below such a symlink stay inside, too (CVE-2024-45310)", () => {
  for (const target of escapes) {
    const changes: Change = ({ mounts }) => {
      mounts.push(
        { destination: "/volume/new/deep", type: "tmpfs", source: "tmpfs" },
        { destination: "/volume/another", source: "/etc/passwd", options: ["bind"] },
      );
    };
    const { status, err } = tamper(link(target, "/volume"), changes);
    assert.equal({ status, err }, { status: 0, err: "" }, target);
  }
});

test("a destination that leads into procfs is refused (CVE-2019-16884)", () => {
  for (const target of ["/proc", "/proc/self/attr", "/proc/1", "../proc/sys"]) {
    const { status } = tamper(link(target, "/volume"), ({ mounts }) => {
      mounts.push({ destination: "/volume", type: "tmpfs", source: "tmpfs" });
    });
    assert.is(status, 1, target);
  }
  for (const destination of ["/proc/self", "/proc/self/attr", "/proc/1", "/proc/../proc/self"])
    assert.is(
      tamper(
        () => {},
        ({ mounts }) => {
          mounts.push({ destination, type: "tmpfs", source: "tmpfs" });
        },
      ).status,
      1,
      destination,
    );
});

test("nothing but a procfs poses as /proc; files that lxcfs provides may be covered", () => {
  const source = newFolder({ cpuinfo: "my cpu\n" });
  const overProc =
    (type: string): Change =>
    ({ mounts }) => {
      mounts.push({ destination: "/proc", type, source: type });
    };
  assert.is(tamper(() => {}, overProc("tmpfs")).status, 1);
  assert.is(tamper(() => {}, overProc("proc")).status, 0);
  const { out } = tamper(
    () => {},
    print("cat /proc/cpuinfo"),
    ({ mounts }) => {
      mounts.push({ destination: "/proc/cpuinfo", source: `${source}/cpuinfo`, options: ["bind"] });
    },
  );
  assert.is(out, "my cpu\n");
});

test("masked paths are masked with the host's null device whatever the image's is (CVE-2025-31133)", () => {
  const traps: ((rootfs: string) => void)[] = [
    link("/proc/sys/kernel/core_pattern", "/dev/null"),
    link("/proc/sysrq-trigger", "/dev/null"),
    (rootfs) => execFileSync("mkfifo", [`${rootfs}/dev/null`]),
    (rootfs) => execFileSync("mknod", [`${rootfs}/dev/null`, "c", "1", "5"]),
    (rootfs) => writeFileSync(`${rootfs}/dev/null`, "file"),
  ];
  for (const trap of traps) {
    const { status, out } = tamper(trap, withoutDev, print("stat -c %t:%T /etc/passwd"), ({ linux }) => {
      linux.maskedPaths = ["/etc/passwd"];
    });
    assert.ok(status === 1 || out === "1:3\n", out);
  }
});

test("masked and read-only paths that are symlinks out of the image touch nothing outside", () => {
  for (const target of escapes) {
    const both: Change = ({ linux }) => {
      linux.maskedPaths = ["/trap"];
      linux.readonlyPaths = ["/trap"];
    };
    assert.is(tamper(link(target, "/trap"), both).status, 0);
  }
});

test("a working directory that is a symlink out of the image is made inside", () => {
  for (const target of escapes) {
    const { out } = tamper(link(target, "/work"), print("pwd -P"), ({ process }) => {
      process.cwd = "/work/below";
    });
    assert.match(out, /\/below$/m);
  }
});

test("a terminal's /dev/console that is a symlink is not followed (CVE-2026-88264)", () => {
  for (const target of [`${canary}/new`, `${canary}/file`]) {
    const result = tamper(
      link(target, "/dev/console"),
      (config) => {
        config.process.terminal = true;
        const kept = ["/dev", "/dev/shm", "/dev/mqueue"];
        config.mounts = config.mounts.filter(({ destination }) => !kept.includes(destination));
      },
      (config) => {
        mkdirSync(`${config.root.path}/dev/pts`, { recursive: true });
      },
    );
    assert.is(result.status, 1);
    assert.match(result.err, /\/dev\/console is a symlink/);
  }
});

test("an image's passwd file that is a trap does not stop the program", () => {
  for (const trap of [link("/dev/zero", "/etc/passwd"), link("/proc/self/fd/0", "/etc/passwd")]) {
    const { status, out } = tamper(trap, print("echo $HOME"), ({ process }) => {
      process.user = { uid: 0, gid: 0 };
    });
    assert.equal({ status, out }, { status: 0, out: "/\n" });
  }
  const fifo = tamper((rootfs) => {
    rmSync(`${rootfs}/etc/passwd`);
    execFileSync("mkfifo", [`${rootfs}/etc/passwd`]);
  }, print("echo $HOME"));
  assert.is(fifo.out, "/\n");
});

test("the traps have made nothing where they lead", () => {
  assert.equal(readdirSync(canary).sort(), ["dev", "file"]);
  assert.equal(readdirSync(`${canary}/dev`), []);
});

test("nothing is left behind", () => expectNoLeaks(before));

test.run();
