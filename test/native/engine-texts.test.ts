// SPDX-License-Identifier: Apache-2.0

// Engines know a runtime by runc's words: each text, exit status and form that one of them looks at, with the place
// in its sources where it does. A change that breaks a test of this file breaks that engine.

import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Change, makeBundle, shell } from "./bundle.ts";
import { newFolder } from "./files.ts";
import { expectNoLeaks, snapshot } from "./leaks.ts";
import { hosts, Runtime } from "./runtime.ts";
import { newId, newPath } from "./scratch.ts";
import { waitFor } from "./wait.ts";

const before = snapshot();
const runtime = new Runtime(hosts[0]);
const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

/** What each engine does with the error of a create or a start. */
const classes = {
  // moby daemon/errors.go (translateContainerdStartErr); the command's name must be in it, too
  docker: (text: string, command: string): number | undefined => {
    const lower = text.toLowerCase();
    if (lower.includes("not a directory")) return 127;
    if (lower.includes("permission denied")) return 126;
    const missing = /executable file not found|no such file or directory/.test(lower);
    return missing && lower.includes(command) ? 127 : undefined;
  },
  // podman libpod/oci_util.go (getOCIRuntimeError)
  podman: (text: string): number | undefined => {
    if (/permission denied|operation not permitted/i.test(text)) return 126;
    return /executable file not found in|no such file or directory|open executable/i.test(text)
      ? 127
      : undefined;
  },
} as const;

interface LogLine {
  readonly level: string;
  readonly msg: string;
  readonly time: string;
}

/** A create as the shim and conmon call it, which fails; the one line of its log. */
function failingCreate(change: Change): LogLine {
  const log = newPath("log.json");
  const { status, err } = runtime.call([
    ...["--log", log, "--log-format", "json", "create", "--bundle", makeBundle(change)],
    ...["--pid-file", newPath("pid"), newId()],
  ]);
  assert.is(status, 1);
  const lines = readFileSync(log, "utf8").split("\n").filter(Boolean);
  // podman libpod/oci_conmon_linux.go (readConmonPipeData) parses the whole file as one object
  assert.is(lines.length, 1);
  const line: LogLine = JSON.parse(lines[0] ?? "");
  // conmon src/conmon.c hands on what one read(2) of 8191 bytes has of standard error
  assert.ok(err.includes(line.msg) && Buffer.byteLength(err) < 8191, err);
  return line;
}

function runs(file: string): Change {
  return (config) => {
    config.process.args = [file];
  };
}

test("containerd: the log has level, msg and an RFC 3339 time (pkg/process/utils.go, getLastRuntimeError)", () => {
  const { level, msg, time } = failingCreate(runs("no-such-program"));
  assert.is(level, "error");
  assert.match(time, rfc3339);
  assert.match(msg, /no-such-program/);
});

test("containerd: the log is there though nothing went wrong (pkg/process/init.go, runtimeError)", () => {
  const log = newPath("log.json");
  const id = newId();
  const words = ["--log", log, "--log-format", "json", "create", "--bundle", makeBundle(), id];
  assert.is(runtime.call(words).status, 0);
  assert.ok(existsSync(log));
  assert.is(readFileSync(log, "utf8"), "");
  runtime.ok("delete", id);
});

for (const [what, file, status] of [
  ["is not in PATH", "no-such-program", 127],
  ["is not there", "/no/such/program", 127],
  ["is a path through a file", "/etc/passwd/program", 127],
  ["may not be executed", "/etc/passwd", 126],
  ["is a directory", "/etc", 126],
] as const)
  test(`Docker and Podman: exit status ${status} for a program that ${what}`, () => {
    const { msg } = failingCreate(runs(file));
    assert.equal([classes.docker(msg, file), file, msg], [status, file, msg]);
    // Podman knows no "not a directory"
    if (file !== "/etc/passwd/program") assert.equal([classes.podman(msg), file], [status, file]);
  });

test("containerd, Podman: the pid file is a number and nothing else (go-runc io.go, conmon src/utils.c)", () => {
  const file = newPath("pid");
  const id = runtime.create(undefined, "--pid-file", file);
  assert.is(readFileSync(file, "utf8"), String(runtime.state(id).pid));
  runtime.ok("delete", id);
});

test("kill of a container that has ended, and of none", () => {
  const id = runtime.create(shell("true"));
  runtime.ok("start", id);
  assert.ok(waitFor(() => runtime.state(id).status === "stopped"));
  // containerd pkg/process/utils.go (checkKillError), CRI-O internal/oci/runtime_oci.go: both give it up
  assert.match(runtime.fails("kill", id, "9"), /container not running/);
  runtime.ok("delete", id);
  // checkKillError: no such container
  assert.match(runtime.fails("kill", id, "9"), /does not exist/);
});

test("delete of none says so; with --force that is no error (containerd pkg/process/init.go, Delete)", () => {
  assert.match(runtime.fails("delete", newId()), /does not exist/);
  assert.is(runtime.ok("delete", "--force", newId()), "");
});

test("state of none is an error; that of another has what specs.State, go-runc and CRI-O decode", () => {
  assert.match(runtime.fails("state", newId()), /does not exist/);
  const id = runtime.create(shell("sleep 1000"));
  // go-runc container.go; CRI-O internal/oci/runtime_oci.go (UpdateContainerStatus); podman 4 libpod/oci_conmon.go
  const { ociVersion, pid, status, bundle, created } = runtime.state(id);
  assert.match(String(ociVersion), /^1\.\d+\.\d+/);
  assert.ok(pid > 1 && String(bundle).startsWith("/"));
  assert.match(String(created), rfc3339);
  const seen = [status];
  for (const words of [["start"], ["pause"], ["resume"], ["kill"]] as const) {
    runtime.ok(...words, id, ...(words[0] === "kill" ? ["9"] : []));
    if (words[0] === "kill") waitFor(() => runtime.state(id).status === "stopped");
    seen.push(runtime.state(id).status);
  }
  // podman knows these four and no other
  assert.equal(seen, ["created", "running", "paused", "running", "stopped"]);
  assert.is(runtime.state(id).pid, 0);
  runtime.ok("delete", id);
});

test("list --format json: an array, or null (go-runc runc.go, List)", () => {
  assert.is(JSON.parse(runtime.ok("list", "--format=json")), null);
  const id = runtime.create();
  const [one] = JSON.parse(runtime.ok("list", "--format=json"));
  for (const field of ["id", "pid", "status", "bundle", "rootfs", "created"]) assert.ok(one[field], field);
  runtime.ok("delete", id);
});

test("ps --format json: an array of pids, with nothing on standard error (go-runc runc.go, Ps)", () => {
  const id = runtime.create(shell("sleep 1000"));
  runtime.ok("start", id);
  const pids: unknown = JSON.parse(runtime.ok("ps", "--format", "json", id));
  assert.ok(Array.isArray(pids) && pids.includes(runtime.state(id).pid));
  runtime.ok("delete", "--force", id);
});

test("exec: 255 when it fails, and the words that engines know", () => {
  const id = runtime.create(shell("sleep 1000"));
  runtime.ok("start", id);
  const exec = (...words: readonly string[]) => runtime.call(["exec", ...words]);
  const missing = exec(id, "no-such-program");
  // moby daemon/exec.go, podman libpod/oci_util.go
  assert.equal([missing.status, classes.podman(missing.err)], [255, 127]);
  assert.is(classes.docker(missing.err, "no-such-program"), 127);
  assert.equal([classes.podman(exec(id, "/etc").err)], [126]);
  runtime.ok("pause", id);
  assert.match(exec(id, "true").err, /paused/);
  runtime.ok("resume", id);
  runtime.ok("delete", "--force", id);
  assert.match(exec(id, "true").err, /does not exist/);
});

test("--version: a line with the word (moby daemon/info_unix.go), the whole for podman info and CRI-O", () => {
  const lines = runtime.ok("--version").split("\n");
  assert.match(lines[0] ?? "", /^runts version \d+\.\d+\.\d+/);
  assert.is(lines.filter((line) => line.includes("version")).length, 1, "Docker takes the last such line");
  // `docker info` shows what follows as the version; it is there when the build's folder was a repository
  const commits = lines.filter((line) => /^commit: [0-9a-f]{40}(-dirty)?$/.test(line));
  const git = existsSync(".git") && spawnSync("git", ["describe", "--always"]).status === 0;
  assert.is(commits.length, git ? 1 : 0);
});

test("features: both versions, nothing else said (CRI-O internal/oci/runtime_oci.go, moby daemon/runtime_unix.go)", () => {
  const features = JSON.parse(runtime.ok("features"));
  assert.match(features.ociVersionMin, /^1\./);
  assert.match(features.ociVersionMax, /^1\./);
  // containerd internal/cri/server/service.go: without these no recursive read-only mounts, no user namespaces
  assert.ok(features.mountOptions.includes("rro"));
  assert.ok(features.linux.namespaces.includes("user"));
  assert.is(features.linux.mountExtensions.idmap.enabled, true);
});

test("update reads a dash as standard input, with = and without (go-runc runc.go, Update; CRI-O)", () => {
  const id = runtime.create(shell("sleep 1000"));
  for (const words of [["--resources=-"], ["--resources", "-"]]) {
    const { status, err } = runtime.call(["update", ...words, id], { stdin: "{}" });
    assert.equal({ status, err }, { status: 0, err: "" });
  }
  assert.match(runtime.call(["update", "--resources=-", newId()], { stdin: "{}" }).err, /does not exist/);
  runtime.ok("delete", "--force", id);
});

test("spec --rootless: what runs without root (Podman's and BuildKit's users start from it)", () => {
  const bundle = newFolder();
  runtime.ok("spec", "--rootless", "--bundle", bundle);
  const { linux, mounts } = JSON.parse(readFileSync(`${bundle}/config.json`, "utf8"));
  assert.ok(linux.namespaces.some(({ type }: { type: string }) => type === "user"));
  assert.not(linux.namespaces.some(({ type }: { type: string }) => type === "network"));
  for (const name of ["uidMappings", "gidMappings"])
    assert.equal([linux[name][0].containerID, linux[name][0].size], [0, 1]);
  assert.not(linux.resources);
  assert.ok(
    mounts.some(
      ({ destination, options }: { destination: string; options: string[] }) =>
        destination === "/sys" && options.includes("rbind"),
    ),
  );
});

test("nothing is left behind", () => expectNoLeaks(before));

test.run();
