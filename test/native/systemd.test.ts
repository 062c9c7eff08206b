// SPDX-License-Identifier: Apache-2.0

// The driver of systemd inside a container that systemd runs, with a user namespace: what it makes different, and what
// needs no limits. The rest is in test/systemd, where systemd is process 1 of the machine.

import { existsSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { systemdProperties } from "../../lib/tables/systemd-properties.ts";
import { type Change, combine, makeBundle, shell } from "./bundle.ts";
import { expectNoLeaks, snapshot } from "./leaks.ts";
import { type Result, Runtime } from "./runtime.ts";
import { newId, scratch } from "./scratch.ts";
import { waitFor } from "./wait.ts";

const rootfs = `${process.env.RUNTS_VM_CACHE ?? "/var/cache/runts-vm"}/systemd-root`;
const capabilities = [
  ...["CAP_SYS_ADMIN", "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FOWNER", "CAP_FSETID", "CAP_KILL", "CAP_MKNOD"],
  ...["CAP_SETGID", "CAP_SETUID", "CAP_SETPCAP", "CAP_NET_ADMIN", "CAP_SYS_CHROOT", "CAP_SETFCAP"],
] as const;

/** A user namespace whose ids are those outside: not the host's all the same. */
const systemd: Change = (config) => {
  config.root = { path: rootfs, readonly: true };
  config.process.args = ["/sbin/init"];
  config.process.env = [...config.process.env, "PATH=/usr/bin:/usr/sbin", "container=runts"];
  config.process.noNewPrivileges = false;
  const sets = ["bounding", "effective", "permitted"] as const;
  config.process.capabilities = Object.fromEntries(sets.map((set) => [set, [...capabilities]]));
  config.linux.namespaces.push({ type: "user" });
  config.linux.uidMappings = config.linux.gidMappings = [{ containerID: 0, hostID: 0, size: 65_536 }];
  for (const mount of config.mounts)
    if (mount.type === "cgroup") mount.options = ["nosuid", "noexec", "nodev", "rw"];
  for (const destination of ["/run", "/tmp", "/var/log", "/var/lib/systemd"])
    config.mounts.push({ destination, type: "tmpfs", source: "tmpfs" });
  for (const path of [process.cwd(), scratch])
    config.mounts.push({ destination: path, type: "bind", source: path, options: ["rbind"] });
};

const before = snapshot();
const runtime = new Runtime();
const outer = newId();

const exec = (...words: readonly string[]): Result => runtime.call(["exec", outer, ...words]);
const runts = (...words: readonly string[]): Result =>
  exec(...runtime.host.command, "--root", "/run/inner", ...words);
const quiet = { status: 0, signal: null, out: "", err: "" };

function scoped(change: Change): string {
  const id = newId();
  assert.equal(runts("--systemd-cgroup", "create", "--bundle", makeBundle(change), id), quiet);
  return id;
}

const shown = (id: string, names: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    exec("systemctl", "show", "--property", names.join(","), `runts-${id}.scope`)
      .out.trimEnd()
      .split("\n")
      .map((line) => line.split(/=(.*)/s)),
  );

/** A value of each type that any property takes, and what is special. */
const usual = {
  s: "'auto'",
  b: "true",
  i: "int32 10",
  u: "uint32 7",
  t: "uint64 4096",
  as: "@as []",
} as const;
const special: Readonly<Record<string, string>> = {
  CollectMode: "'inactive'",
  Documentation: "['man:true(1)']",
  KillMode: "'mixed'",
  ManagedOOMPreference: "'none'",
  OOMPolicy: "'continue'",
  RuntimeMaxUSec: "uint64 900000000",
  TasksMax: "33",
};
/** systemd 253's. */
const newer = ["MemoryZSwapMax"];

if (existsSync(`${rootfs}.stamp`)) {
  test("systemd boots in a user namespace", () => {
    runtime.ok("run", "--detach", "--bundle", makeBundle(systemd), outer);
    const state = () => exec("systemctl", "is-system-running").out.trim();
    assert.ok(
      waitFor(() => /^(running|degraded)$/.test(state()), 20_000),
      state(),
    );
  });

  test("there root has scopes of the system's manager, and takes them away", () => {
    const id = scoped(shell("sleep 1000"));
    const { ControlGroup, ...rest } = shown(id, ["ActiveState", "Slice", "ControlGroup"]);
    assert.equal(rest, { ActiveState: "active", Slice: "system.slice" });
    assert.match(ControlGroup ?? "", new RegExp(`/system\\.slice/runts-${id}\\.scope$`));
    assert.equal(runts("delete", "--force", id), quiet);
    assert.is(shown(id, ["ActiveState"]).ActiveState, "inactive");
  });

  test("systemd takes every property of the table by the type that stands there", () => {
    const names = Object.keys(systemdProperties).filter((name) => !newer.includes(name));
    const annotations = Object.fromEntries(
      names.map((name) => [
        `org.systemd.property.${name}`,
        special[name] ?? usual[systemdProperties[name] ?? "s"],
      ]),
    );
    const id = scoped(combine(shell("true"), (config) => Object.assign(config, { annotations })));
    assert.equal(shown(id, ["KillMode", "KillSignal", "TasksMax", "MemoryHigh", "CollectMode"]), {
      ...{ KillMode: "mixed", KillSignal: "10", TasksMax: "33", MemoryHigh: "4096", CollectMode: "inactive" },
    });
    assert.equal(runts("delete", "--force", id), quiet);
  });

  test("a scope that refuses to be stopped by hand is deleted all the same", () => {
    const annotations = { "org.systemd.property.RefuseManualStop": "true" };
    const id = scoped(combine(shell("sleep 1000"), (config) => Object.assign(config, { annotations })));
    assert.is(exec("systemctl", "stop", `runts-${id}.scope`).status, 4);
    assert.equal(runts("delete", "--force", id), quiet);
    assert.ok(waitFor(() => shown(id, ["ActiveState"]).ActiveState === "inactive"));
  });

  test("one name again and again", () => {
    const bundle = makeBundle(shell("sleep 1000"));
    for (let i = 0; i < 10; i++) {
      assert.equal(runts("--systemd-cgroup", "create", "--bundle", bundle, "again"), quiet);
      assert.equal(runts("delete", "--force", "again"), quiet);
    }
  });

  test("nothing is left behind", () => {
    runtime.ok("delete", "--force", outer);
    expectNoLeaks(before);
  });
} else test.skip("the driver of systemd # no root with systemd (scripts/vm/systemd-root.sh)", () => {});

test.run();
