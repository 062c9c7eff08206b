// SPDX-License-Identifier: Apache-2.0

// A step that fails, in whichever process: one error that names the step, the errno and the configuration's node, and
// nothing stays behind.

import { readdirSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Change, makeBundle } from "./bundle.ts";
import { newFolder } from "./files.ts";
import { expectNoLeaks, ownCgroups, ownProcesses, snapshot } from "./leaks.ts";
import { hosts, missingHost, Runtime } from "./runtime.ts";
import { newId } from "./scratch.ts";

const before = snapshot();

if (missingHost) test.skip(`the same on the Node host # ${missingHost}`, () => {});

interface Failure {
  readonly what: string;
  readonly change: Change;
  /** step and errno, and where the configuration asks for it */
  readonly step: RegExp;
  readonly pointer: string;
}

const failures: readonly Failure[] = [
  {
    what: "a missing mount source",
    change: ({ mounts }) => {
      mounts.push({ destination: "/x", source: "/no/such/source", options: ["bind"] });
    },
    step: /open_tree.*ENOENT.*init: mountBind/,
    pointer: "/mounts/7",
  },
  {
    what: "a file system that the kernel does not have",
    change: ({ mounts }) => {
      mounts.push({ destination: "/x", type: "nosuchfs", source: "none" });
    },
    step: /fsopen.*ENODEV.*init: mountFilesystem/,
    pointer: "/mounts/7",
  },
  {
    what: "a sysctl that refuses its value",
    change: ({ linux }) => {
      linux.sysctl = { "kernel.shmmni": "not a number" };
    },
    step: /write.*EINVAL.*init: writeSysctl/,
    pointer: "/linux/sysctl/kernel.shmmni",
  },
  {
    what: "a sysctl that does not exist",
    change: ({ linux }) => {
      linux.sysctl = { "net.no.such.key": "1" };
    },
    step: /openat2.*ENOENT.*init: writeSysctl/,
    pointer: "/linux/sysctl/net.no.such.key",
  },
  {
    what: "a namespace path that is missing",
    change: ({ linux }) => {
      linux.namespaces[1] = { type: "ipc", path: "/proc/self/ns/nothing" };
    },
    step: /open.*ENOENT.*runtime: openNamespace/,
    pointer: "/linux/namespaces/1/path",
  },
  {
    what: "time offsets that the kernel refuses, in stage",
    change: ({ linux }) => {
      linux.namespaces.push({ type: "time" });
      linux.timeOffsets = { boottime: { secs: -1_000_000_000 } };
    },
    step: /write.*ERANGE.*stage: writeTimeOffsets/,
    pointer: "/linux/timeOffsets",
  },
  {
    what: "a device over something else",
    change: (config, bundle) => {
      config.linux.devices = [{ type: "c", path: "/bin/busybox", major: 1, minor: 3 }];
      assert.ok(bundle);
    },
    step: /mknodat.*EEXIST.*init: mknod/,
    pointer: "/linux/devices/0",
  },
  {
    what: "a hook that fails in the runtime",
    change: (config) => {
      config.hooks = { createRuntime: [{ path: "/bin/false" }] };
    },
    step: /exit status 1.*runtime: runHook/s,
    pointer: "/hooks/createRuntime/0",
  },
  {
    what: "a hook that fails in init",
    change: (config) => {
      config.hooks = { createContainer: [{ path: "/bin/false" }] };
    },
    step: /exit status 1.*init: runHook/s,
    pointer: "/hooks/createContainer/0",
  },
  {
    what: "a working directory that is a file",
    change: ({ process }) => {
      process.cwd = "/etc/passwd";
    },
    step: /openat2.*ENOTDIR.*init: makeDirectory/,
    pointer: "/process/cwd",
  },
  {
    what: "a root that is missing",
    change: ({ root }) => {
      root.path = "no-such-rootfs";
    },
    step: /ENOENT/,
    pointer: "/root/path",
  },
  {
    what: "an SELinux label that no policy has",
    change: ({ process }) => {
      process.selinuxLabel = "no_such_u:no_such_r:no_such_t:s0";
    },
    step: /SELinux is not enabled|EINVAL.*init: setKeyLabel/,
    pointer: "/process/selinuxLabel",
  },
];

/** Those that only the start can meet. */
const late: readonly Failure[] = [
  {
    what: "an rlimit above what the kernel allows",
    change: ({ process }) => {
      process.rlimits = [{ type: "RLIMIT_NOFILE", soft: 1, hard: 4_000_000_000 }];
    },
    step: /prlimit.*EPERM.*init: setRlimit/,
    pointer: "/process/rlimits/0",
  },
  {
    what: "a deadline sooner than any host permits",
    change: ({ process }) => {
      process.scheduler = { policy: "SCHED_DEADLINE", runtime: 2000, deadline: 3000 };
    },
    step: /sched_setattr: (EINVAL|EPERM).*init: setScheduler/,
    pointer: "/process/scheduler",
  },
];

for (const host of hosts) {
  const runtime = new Runtime(host);

  function expectOneError(err: string, { step, pointer }: Failure): void {
    assert.is(err.trimEnd().split("\n").length, 1, err);
    assert.match(err, step);
    assert.ok(err.includes(`config.json ${pointer}`), err);
  }

  function expectNothing(id: string): void {
    assert.match(runtime.fails("state", id), /does not exist/);
    assert.equal(ownCgroups(), []);
    assert.equal(ownProcesses(), []);
    assert.equal(
      readdirSync(runtime.root).filter((name) => !name.startsWith(".")),
      [],
    );
  }

  for (const failure of failures)
    test(`${host.name}: ${failure.what} fails create and run with one error, and nothing stays`, () => {
      for (const command of ["create", "run"]) {
        const id = newId();
        expectOneError(runtime.fails(command, "--bundle", makeBundle(failure.change), id), failure);
        expectNothing(id);
      }
    });

  for (const failure of late)
    test(`${host.name}: ${failure.what} fails start and run with one error`, () => {
      const id = newId();
      runtime.ok("create", "--bundle", makeBundle(failure.change), id);
      expectOneError(runtime.fails("start", id), failure);
      runtime.ok("delete", id);
      expectNothing(id);
      const another = newId();
      expectOneError(runtime.fails("run", "--bundle", makeBundle(failure.change), another), failure);
      expectNothing(another);
    });

  test(`${host.name}: a bundle that is missing, or has no config.json, is told by its path`, () => {
    const empty = newFolder();
    for (const bundle of [`${empty}/missing`, empty]) {
      const err = runtime.fails("create", "--bundle", bundle, newId());
      assert.ok(err.includes(bundle) && err.includes("ENOENT"), err);
    }
  });

  test(`${host.name}: a pid file that cannot be written fails create, and nothing stays`, () => {
    const id = newId();
    const err = runtime.fails("create", "--pid-file", "/no/such/folder/pid", "--bundle", makeBundle(), id);
    assert.match(err, /ENOENT.*runtime: writePidFile/);
    expectNothing(id);
  });

  test(`${host.name}: a console socket that is missing fails create, and nothing stays`, () => {
    const id = newId();
    const bundle = makeBundle(({ process }) => {
      process.terminal = true;
    });
    const err = runtime.fails("create", "--console-socket", "/no/such/socket", "--bundle", bundle, id);
    assert.match(err, /ENOENT.*runtime: passConsole/);
    expectNothing(id);
  });
}

test("what D-Bus says of a failure is told whole", () => {
  // where systemd seems to run, and nobody listens on its sockets
  const line =
    'mkdir -p /run/systemd && mount -t tmpfs none /run/systemd && mkdir /run/systemd/system && exec "$@"';
  const through = ["unshare", "--mount", "sh", "-c", line, "sh"];
  const runtime = new Runtime();
  const { err } = runtime.call(["--systemd-cgroup", "run", "--bundle", makeBundle(), newId()], {
    through,
    env: { PATH: process.env.PATH ?? "", XDG_RUNTIME_DIR: "/no/such" },
  });
  assert.match(
    err,
    /connect: org\.freedesktop\.DBus\.Error\.\w+: Failed to connect to socket \/run\/systemd\/private/,
  );
  assert.match(err, /: neither the system's bus nor systemd itself can be reached/);
});

test("nothing is left behind", () => expectNoLeaks(before));

test.run();
