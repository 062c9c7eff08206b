// SPDX-License-Identifier: Apache-2.0

import { test } from "uvu";
import * as assert from "uvu/assert";
import { encode } from "../lib/config/fixtures/host.ts";
import { isConfig } from "../lib/config/generated/guards.js";
import { type Circumstances, recordingHost } from "./fixtures/host.ts";
import { main } from "./main.ts";

async function call(args: readonly string[], circumstances?: Circumstances) {
  const { host, written, appended } = recordingHost(args, circumstances);
  const status = await main(host);
  return { status, out: written[1] ?? "", err: written[2] ?? "", appended };
}

test("help of the program and of every command is printed with status 0", async () => {
  const whole = await call(["--help"]);
  assert.is(whole.status, 0);
  for (const name of [
    "create",
    "start",
    "state",
    "kill",
    "pause",
    "resume",
    "update",
    "checkpoint",
    "restore",
    "delete",
    "run",
    "list",
    "ps",
    "events",
    "stats",
    "validate",
    "plan",
    "explain",
    "spec",
    "features",
  ]) {
    assert.match(whole.out, `runts ${name}`);
    const one = await call([name, "--help"]);
    assert.is(one.status, 0);
    assert.match(one.out, `runts ${name}`);
  }
  assert.is((await call([])).out, whole.out);
  assert.is((await call(["help", "kill"])).out, (await call(["kill", "-h"])).out);
});

test("a command that there is not fails even when asked for help", async () => {
  const { status, out, err } = await call(["chekpoint", "--help"]);
  assert.is(status, 1);
  assert.is(out, "");
  assert.match(err, "Incorrect Usage: no such command: chekpoint\n");
});

test("Podman finds out by these words what restore can do", async () => {
  const { status, err } = await call(["restore", "--lsm-mount-context"]);
  assert.is(status, 1);
  assert.match(err, "flag needs an argument");
});

test("what checkpoint and restore cannot do is refused by the flag's name", async () => {
  for (const [name, ...flags] of [
    ["checkpoint", "--lazy-pages"],
    ["checkpoint", "--status-fd", "3"],
    ["checkpoint", "--empty-ns", "pid"],
    ["checkpoint", "--page-server", "nowhere"],
    ["checkpoint", "--manage-cgroups-mode", "hard"],
    ["restore", "--lazy-pages"],
    ["restore", "--preserve-fds", "1"],
  ]) {
    const { status, out, err } = await call([name ?? "", ...flags, "a"]);
    assert.equal([status, out], [1, ""]);
    assert.match(err, `Incorrect Usage: ${flags[0]}`);
  }
});

test("a wrong number of arguments and an unknown flag fail with the command's help on standard error", async () => {
  for (const args of [
    ["kill"],
    ["kill", "a", "TERM", "c"],
    ["state", "--bogus", "a"],
    ["kill", "a", "NOPE"],
  ]) {
    const { status, out, err } = await call(args);
    assert.is(status, 1);
    assert.is(out, "");
    assert.match(err, /^runts: Incorrect Usage: /);
    assert.match(err, `runts ${args[0]} `);
  }
});

test("the version comes in the lines that engines read", async () => {
  const { status, out } = await call(["--version"]);
  assert.is(status, 0);
  assert.match(
    out,
    /^runts version \d+\.\d+\.\d+\n(commit: [0-9a-f]{40}(-dirty)?\n)?spec: 1\.\d\.\d\nlibseccomp: 2\.5\.4\nengine: node test\n$/,
  );
  assert.is((await call(["-v"])).out, out);
});

test("a fatal error is one line of a JSON log, and plain on standard error", async () => {
  const { status, err, appended } = await call(["--log", "/log", "--log-format", "json", "state", "gone"]);
  assert.is(status, 1);
  assert.is(err, 'container "gone" does not exist\n');
  const lines = (appended["/log"] ?? "").split("\n");
  assert.is(lines.length, 2);
  const { level, msg, time } = JSON.parse(lines[0] ?? "");
  assert.equal([level, msg], ["error", 'container "gone" does not exist']);
  assert.match(time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/);
});

test("the log file is made even when nothing is logged", async () => {
  assert.equal((await call(["--log=/log", "--log-format=json", "list"])).appended, { "/log": "" });
});

test("delete --force of a container that there is not is no error; delete is one", async () => {
  assert.is((await call(["delete", "--force", "gone"])).status, 0);
  const { status, err } = await call(["delete", "gone"]);
  assert.is(status, 1);
  assert.match(err, "does not exist");
});

test("an empty list is a table of headings, null as JSON, and nothing with --quiet", async () => {
  assert.match((await call(["list"])).out, /^ID {10}PID {9}STATUS {6}BUNDLE {6}CREATED {5}OWNER\n$/);
  assert.is((await call(["list", "-f", "json"])).out, "null\n");
  assert.is((await call(["list", "-q"])).out, "");
});

test("spec writes a config that validates, and does not write over one", async () => {
  for (const flags of [[], ["--rootless"]]) {
    const { status, appended } = await call(["spec", "-b", "bundle", ...flags], { uid: 1000 });
    assert.is(status, 0);
    assert.ok(isConfig(JSON.parse(appended["/there/bundle/config.json"] ?? "")));
  }
  const { status, err, appended } = await call(["spec"], { files: { "/there/config.json": encode("{}") } });
  assert.is(status, 1);
  assert.match(err, "/there/config.json already exists");
  assert.equal(appended, {});
});

test("without a reader of standard error the exit status still tells", async () => {
  const { host } = recordingHost(["state", "gone"]);
  const closed = {
    ...host,
    write() {
      throw { syscall: "write", errno: 32, path: "" };
    },
  };
  assert.is(await main(closed), 1);
});

test("the manual page and the completion script are made", async () => {
  const { out } = await call(["man"]);
  assert.match(out, /^\.TH RUNTS 8 /);
  assert.match(out, "\\fB\\-\\-pid\\-file\\fR \\fIFILE\\fR");
  assert.match(out, "criu");
  assert.match((await call(["completion"])).out, "complete -o default -F _runts runts");
  assert.equal((await call(["completion", "--", "kill", "--"])).out, "--all\n--regex\n--help\n");
  assert.match((await call(["completion", "--", "st"])).out, /^start$/m);
});

test.run();
