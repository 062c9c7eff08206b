// SPDX-License-Identifier: Apache-2.0

// An ordinary user's containers in scopes of the user's own systemd, without root.

import { execFileSync, spawnSync } from "node:child_process";
import { chownSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { sharedRootfs } from "../native/bundle.ts";
import { ownCgroups, ownProcesses } from "../native/leaks.ts";
import { type CallOptions, Runtime } from "../native/runtime.ts";
import { markVariable, newId, newPath } from "../native/scratch.ts";

const uid = 47_110;
const own = `/user.slice/user-${uid}.slice/user@${uid}.service`;

function systemctl(...words: readonly string[]): string {
  return execFileSync("systemctl", words, { encoding: "utf8" });
}

/** A user with a name, since PAM wants one, and a manager. */
function startManager(): void {
  if (!readFileSync("/etc/passwd", "utf8").includes(`:${uid}:`))
    execFileSync("useradd", ["--uid", `${uid}`, "--no-create-home", "--shell", "/bin/sh", "runts-test"]);
  systemctl("start", `user@${uid}.service`);
}

function ownFolder(name: string): string {
  const folder = newPath(name);
  mkdirSync(folder);
  chownSync(folder, uid, uid);
  return folder;
}

const options: CallOptions = {
  through: ["setpriv", `--reuid=${uid}`, `--regid=${uid}`, "--clear-groups", "--inh-caps=-all"],
  env: { PATH: "/usr/bin:/bin", XDG_RUNTIME_DIR: `/run/user/${uid}`, RUNTS_TEST: markVariable.slice(11) },
};

function bundleOf(args: readonly string[], resources: object, caller = options): string {
  const bundle = ownFolder("bundle");
  runtime.call(["spec", "--rootless", "--bundle", bundle], caller);
  const config = JSON.parse(readFileSync(`${bundle}/config.json`, "utf8"));
  config.root.path = sharedRootfs();
  config.process.terminal = false;
  config.process.args = args;
  config.linux.resources = resources;
  writeFileSync(`${bundle}/config.json`, JSON.stringify(config));
  return bundle;
}

startManager();
const runtime = new Runtime(undefined, ownFolder("root"));

function call(...args: readonly string[]) {
  return runtime.call(["--systemd-cgroup", ...args], options);
}

test("the container is in a scope of the user's manager, with its limits", () => {
  const id = newId();
  const bundle = bundleOf(["sleep", "1000"], { memory: { limit: 1 << 26 }, pids: { limit: 12 } });
  assert.equal(call("create", "--bundle", bundle, id), { status: 0, signal: null, out: "", err: "" });
  const { pid } = JSON.parse(call("state", id).out);
  const path = `${own}/user.slice/runts-${id}.scope`;
  assert.is(readFileSync(`/proc/${pid}/cgroup`, "utf8"), `0::${path}\n`);
  const folder = `/sys/fs/cgroup${path}`;
  assert.is(readFileSync(`${folder}/memory.max`, "utf8"), `${1 << 26}\n`);
  assert.is(readFileSync(`${folder}/pids.max`, "utf8"), "12\n");
  assert.equal(call("start", id).err, "");
  assert.equal(call("delete", "--force", id), { status: 0, signal: null, out: "", err: "" });
  assert.not(existsSync(folder));
});

test("from inside a user namespace, as rootless engines call, it is the same manager", () => {
  const id = newId();
  const inside: CallOptions = {
    ...options,
    through: [...(options.through ?? []), "unshare", "--user", "--map-root-user"],
  };
  const bundle = bundleOf(["sleep", "1000"], {}, inside);
  const made = runtime.call(["--systemd-cgroup", "create", "--bundle", bundle, id], inside);
  assert.equal(made, { status: 0, signal: null, out: "", err: "" });
  // as that user and not through --machine=, which is a session of logind's: at its end the user's manager is stopped
  const [program = "", ...words] = [...(options.through ?? []), "systemctl", "--user", "is-active"];
  const asked = spawnSync(program, [...words, `runts-${id}.scope`], { env: options.env, encoding: "utf8" });
  assert.is(asked.stdout, "active\n", asked.stderr);
  assert.equal(runtime.call(["delete", "--force", id], inside).err, "");
});

test("a controller that the user was not given is named, with who gives it", () => {
  const bundle = bundleOf(["true"], { hugepageLimits: [{ pageSize: "2MB", limit: 0 }] });
  const { status, err } = call("create", "--bundle", bundle, newId());
  assert.is(status, 1);
  assert.match(err, /controller hugetlb is not delegated to this user.*user@\.service.*hugepageLimits/s);
});

test("without the manager's address it is said what is missing", () => {
  const bundle = bundleOf(["true"], {});
  const env = { PATH: "/usr/bin:/bin" };
  const { status, err } = runtime.call(["--systemd-cgroup", "create", "--bundle", bundle, newId()], {
    ...options,
    env,
  });
  assert.is(status, 1);
  assert.match(err, /XDG_RUNTIME_DIR is not set/);
});

test("whoever asks the system's manager, or one that does not run, is sent to his own", () => {
  const bundle = bundleOf(["true"], {});
  const told = (env: Readonly<Record<string, string>>) => {
    const words = ["--debug", "--systemd-cgroup", "create", "--bundle", bundle, newId()];
    return runtime.call(words, { ...options, env: { ...options.env, ...env }, seconds: 120 }).err;
  };
  const system = told({ DBUS_SESSION_BUS_ADDRESS: "unix:path=/run/dbus/system_bus_socket" });
  assert.match(system, /Interactive authentication required[\s\S]*try .*unset DBUS_SESSION_BUS_ADDRESS/);
  const none = told({ XDG_RUNTIME_DIR: "/no/such" });
  assert.match(none, /FileNotFound[\s\S]*try .*enable-linger/, none);
});

test("nothing is left behind", () => {
  systemctl("stop", `user@${uid}.service`);
  assert.equal([...ownProcesses(), ...ownCgroups()], []);
});

test.run();
