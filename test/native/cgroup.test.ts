// SPDX-License-Identifier: Apache-2.0

// The container's cgroup and its device rules; config-linux.md#control-groups. Limits themselves are in test/vm.

import { existsSync, readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Change, combine, shell } from "./bundle.ts";
import { cgroupMount, cgroupOf, expectNoLeaks, snapshot } from "./leaks.ts";
import { Runtime } from "./runtime.ts";

const before = snapshot();
const runtime = new Runtime();

const controllers = readFileSync(`${cgroupMount}/cgroup.controllers`, "utf8").split(/\s+/);

test("the container is in a cgroup of its own from its birth to its delete", () => {
  const id = runtime.create();
  const path = cgroupOf(runtime.state(id).pid);
  assert.is(path, `/runts-${id}`);
  runtime.ok("delete", id);
  assert.not(existsSync(cgroupMount + path));
});

test("a process that the container leaves outside its pid namespace ends with delete", () => {
  const id = runtime.create(
    combine(shell("sleep 1000 & exec sleep 1000"), (config) => {
      config.linux.namespaces = config.linux.namespaces.filter(({ type }) => type !== "pid");
    }),
  );
  runtime.ok("start", id);
  const path = cgroupMount + cgroupOf(runtime.state(id).pid);
  runtime.ok("kill", "--all", id, "KILL");
  runtime.ok("delete", "--force", id);
  assert.not(existsSync(path));
});

test("in its cgroup namespace the container sees itself at the root of its own tree", () => {
  assert.is(
    runtime.inside("grep 0:: /proc/self/cgroup; ls -d /sys/fs/cgroup/cgroup.procs"),
    "0::/\n/sys/fs/cgroup/cgroup.procs",
  );
});

/** What each kind of access to a few devices comes to, tried for real; the nodes are in a mount that allows them. */
const attempts =
  'cd /nodes; try() { if eval "$2" 2>/dev/null; then echo $1 yes; else echo $1 no; fi; }; ' +
  "try zero 'head -c 1 /dev/zero | grep -q .'; try full-read 'head -c 1 /dev/full | grep -q .'; " +
  "try fuse-make 'mknod fuse c 10 229'; try block-make 'mknod block b 7 0'; try null-write 'echo > /dev/null'; " +
  "try mem-make 'mknod mem c 1 1'; try mem-read 'head -c 1 mem'";

function tryDevices(
  devices: NonNullable<NonNullable<Parameters<Change>[0]["linux"]["resources"]>["devices"]>,
): string {
  return runtime
    .inside(attempts, (config) => {
      config.mounts.push({ destination: "/nodes", type: "tmpfs", source: "tmpfs" });
      config.process.capabilities = {
        bounding: ["CAP_MKNOD"],
        effective: ["CAP_MKNOD"],
        permitted: ["CAP_MKNOD"],
      };
      config.linux.resources = { devices };
    })
    .replaceAll("\n", ", ");
}

test("with all devices denied the default ones work, others can be made but not opened", () => {
  assert.is(
    tryDevices([{ allow: false, access: "rwm" }]),
    "zero yes, full-read yes, fuse-make yes, block-make yes, null-write yes, mem-make yes, mem-read no",
  );
});

test("device rules count in their order, the last that fits decides", () => {
  const result = tryDevices([
    { allow: false, access: "rwm" },
    { allow: true, type: "c", major: 1, minor: 1, access: "r" },
    { allow: true, type: "c", major: 1, access: "w" },
  ]);
  assert.match(result, /null-write yes/);
  // reading /dev/mem needs CAP_SYS_RAWIO as well; here only the rule's own refusal matters
  assert.match(result, /zero yes/);
});

test("a rule without access letters it does not grant leaves those denied", () => {
  const script = "cd /nodes; mknod z c 1 5 && head -c 1 z | wc -c";
  const with_ = (access: string): string =>
    runtime.inside(`${script}; true`, (config) => {
      config.mounts.push({ destination: "/nodes", type: "tmpfs", source: "tmpfs" });
      config.process.args[2] = `(${script}) 2>&1; true`;
      config.process.capabilities = {
        bounding: ["CAP_MKNOD"],
        effective: ["CAP_MKNOD"],
        permitted: ["CAP_MKNOD"],
      };
      config.linux.resources = {
        devices: [
          { allow: false, access: "rwm" },
          { allow: false, type: "c", major: 1, minor: 5, access },
        ],
      };
    });
  assert.match(with_("w"), /1$/);
});

const heldByVersion1 = readFileSync("/proc/self/cgroup", "utf8")
  .split("\n")
  .flatMap((line) => (line.startsWith("0:") ? [] : (line.split(":")[1] ?? "").split(",")));
const missing = ["memory", "pids", "cpu"].filter((name) => !controllers.includes(name));
const limitTest = missing.length > 0 ? test : test.skip;
limitTest(
  `a limit whose controller is missing is an error that names it${missing.length > 0 ? "" : " # this tree has every controller"}`,
  () => {
    const limits: Readonly<Record<string, Change>> = {
      memory: ({ linux }) => {
        linux.resources = { memory: { limit: 100_000_000 } };
      },
      pids: ({ linux }) => {
        linux.resources = { pids: { limit: 10 } };
      },
      cpu: ({ linux }) => {
        linux.resources = { cpu: { shares: 100 } };
      },
    };
    for (const name of missing) {
      const err = runtime.refuses(limits[name] ?? (() => {}));
      assert.match(err, new RegExp(`cgroup controller ${name} is not available`));
      assert.match(err, new RegExp(`/linux/resources/${name}`));
      if (heldByVersion1.includes(name))
        assert.match(err, /cgroup v1 holds it, (mounted at \/|in a hierarchy)/);
    }
    const unified = runtime.refuses(({ linux }) => {
      linux.resources = { unified: { "memory.high": "1000000" } };
    });
    assert.match(unified, /controller memory is not available.*\/linux\/resources\/unified\/memory\.high/s);
  },
);

test("a unified file outside of the cgroup is refused (GHSA-5g49-rx9x-qfc6)", () => {
  for (const file of [
    "../cgroup.procs",
    "../../cgroup.procs",
    "a/b",
    "",
    "/etc/passwd",
    "..",
    "cgroup.procs/../x",
  ]) {
    const err = runtime.refuses(({ linux }) => {
      linux.resources = { unified: { [file]: "1" } };
    });
    assert.match(err, /unified/, file);
  }
});

test("a unified file that moves or ends processes is no limit", () => {
  for (const [file, value] of [
    ["cgroup.procs", `${process.pid}`],
    ["cgroup.threads", `${process.pid}`],
    ["cgroup.kill", "1"],
    ["cgroup.type", "threaded"],
    ["cgroup.freeze", "01"],
  ] as const) {
    const err = runtime.refuses(({ linux }) => {
      linux.resources = { unified: { [file]: value } };
    });
    assert.match(err, new RegExp(`/linux/resources/unified/${file}: found "${value}", expected`));
  }
});

test("a value longer than the kernel takes at once is an error", () => {
  const err = runtime.refuses(({ linux }) => {
    linux.resources = { unified: { "cgroup.max.depth": `7${" ".repeat(5000)}8` } };
  });
  assert.match(err, /E2BIG.*no more than a page at once for cgroup\.max\.depth/);
});

test("a unified file of the kernel's own is written", () => {
  const id = runtime.create(({ linux }) => {
    linux.resources = { unified: { "cgroup.max.depth": "7" } };
  });
  const path = cgroupMount + cgroupOf(runtime.state(id).pid);
  assert.is(readFileSync(`${path}/cgroup.max.depth`, "utf8"), "7\n");
  runtime.ok("delete", id);
});

test("nothing is left behind", () => expectNoLeaks(before));

test.run();
