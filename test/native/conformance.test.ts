// SPDX-License-Identifier: Apache-2.0

// The conformance suite as a program: what it says of programs that are no runtimes, and what it does about runtimes
// that leave things behind or do not come back. Whether it judges rightly is for conformance/mutants to show.

import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { newFolder } from "./files.ts";
import { expectNoLeaks, snapshot } from "./leaks.ts";
import { newPath } from "./scratch.ts";

const before = snapshot();
const suite = resolve("build/conformance/runts-conformance.js");
const runts = resolve("build/runts");

interface Result {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

function conformance(...args: readonly string[]): Result {
  const options = {
    encoding: "utf8",
    timeout: 120_000,
    env: { ...process.env, TMPDIR: newFolder() },
  } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, [suite, ...args], options);
  return { status, out: stdout, err: stderr };
}

/** A runtime of a line of shell; $@ is the command line. */
function runtimeOf(script: string): string {
  const path = newPath("runtime");
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return path;
}

const onlyReadonly = ["--only", "^root/readonly/", "--jobs", "1"];

const notRuntimes: Readonly<Record<string, readonly [script: string, message: RegExp]>> = {
  "ends with an error at once": ["exit 3", /--version: exit code 3/],
  "prints nothing": ["exit 0", /--version printed nothing/],
  "prints garbage": ["head -c 300 /dev/urandom", /cannot run the simplest container: .*create|state prints/],
  "never returns": ["sleep 1000", /--version: no end within the time limit/],
  "never returns from create": [
    'test "$1" = --version && echo 1 || sleep 1000',
    /create: expected success, saw no end within the time limit/,
  ],
  "is killed by a signal": ["kill -SEGV $$", /ended by SIGSEGV/],
  "kills whatever it can": ["kill -KILL -1", /the runtime ended it: the worker ended/],
};

for (const [what, [script, message]] of Object.entries(notRuntimes)) {
  test(`a program that ${what} is no runtime: exit code 2`, () => {
    const { status, out, err } = conformance(runtimeOf(script), ...onlyReadonly, "--timeout", "1");
    assert.equal({ status, out }, { status: 2, out: "" });
    assert.match(err, message);
    assert.is(err.trimEnd().split("\n").length, 1, err);
  });
}

test("bad words on the command line are named: exit code 2", () => {
  const folder = newFolder();
  const words: readonly (readonly [readonly string[], RegExp])[] = [
    [[], /which runtime\?/],
    [["no-such-runtime"], /there is no runtime no-such-runtime/],
    [[folder], /is not executable/],
    [[runts, "--level", "maybe"], /level/i],
    [[runts, "--jobs", "none"], /--jobs: expected a number/],
    [[runts, "--only", "("], /--only: .*regular expression/i],
    [[runts, "--only", "no-such-case"], /no case or clause matches/],
    [[runts, "--expect", `${folder}/list.json`], /--expect .*no such file/],
    [[runts, "--unheard-of"], /unheard-of/i],
  ];
  for (const [args, message] of words) {
    const { status, out, err } = conformance(...args);
    assert.equal({ status, out }, { status: 2, out: "" }, args.join(" "));
    assert.match(err, message);
  }
});

test("a list of expected failures must name cases and clauses that there are", () => {
  const list = newPath("list");
  const write = (failure: object) =>
    writeFileSync(list, JSON.stringify({ runtime: "runts", version: "0", failures: [failure] }));
  const refusal = () => conformance(runts, ...onlyReadonly, "--expect", list).err;
  write({ case: "root/readonly/none", clause: "root.readonly", reason: "x" });
  assert.match(refusal(), /no such case: root\/readonly\/none/);
  write({ case: "root/readonly" });
  assert.match(refusal(), /clause/);
});

test("what passes is exit code 0, with a summary", () => {
  const { status, out } = conformance(runts, ...onlyReadonly);
  assert.is(status, 0);
  assert.match(out, /\b0 failed\b/);
});

test("a failure is told with its clause, its bundle and the command that repeats it; reports are written", () => {
  const report = newPath("report");
  const forgetful = runtimeOf(`
for word; do bundle=$last; last=$word; test "$bundle" = --bundle && sed -i 's/"readonly": true/"readonly": false/' "$word/config.json"; done
exec ${runts} "$@"`);
  const { status, out } = conformance(forgetful, ...onlyReadonly, "--report", report);
  assert.is(status, 1);
  assert.match(out, /FAILED root\/readonly\//);
  assert.match(out, /root\.readonly/);
  assert.match(out, new RegExp(`runts-conformance ${forgetful} --only`));
  const kept = out.match(/bundle +(\/\S+)/)?.[1] ?? "";
  assert.ok(existsSync(`${kept}/config.json`), kept);
  const files = readdirSync(report).map((name) => name.replace(/^.*\./, "."));
  assert.equal(files.sort(), [".html", ".json", ".tap", ".txt", ".xml", "bundles"]);
  assert.match(readFileSync(`${report}/index.html`, "utf8"), /root\.readonly/);
});

const leaks: Readonly<Record<string, readonly [script: string, found: RegExp]>> = {
  process: ["setsid sleep 1000 > /dev/null 2>&1 &", /process \d+ sleep 1000/],
  mount: ["mkdir -p /tmp/left; mount -t tmpfs left /tmp/left", /mount \/tmp\/left/],
  cgroup: ["mkdir -p /sys/fs/cgroup/left-$id", /cgroup \/sys\/fs\/cgroup\/left-/],
  state: ['mkdir -p "$root/left-$id"', /state .*left-/],
};

for (const [what, [deed, found]] of Object.entries(leaks)) {
  test(`a ${what} that is left behind fails the case, and is cleared away`, () => {
    const leaky = runtimeOf(`
test "$1" = --root && root=$2
for word; do id=$word; done
${runts} "$@"; status=$?
case "$*" in *" delete "*) ${deed} ;; esac
exit $status`);
    const { status, out } = conformance(leaky, ...onlyReadonly);
    assert.is(status, 1);
    assert.match(out, found);
  });
}

test("a runtime that hangs in the middle fails its case within the time limit, and the suite goes on", () => {
  const log = newPath("log");
  mkdirSync(log);
  const hanging = runtimeOf(`
case "$*" in *" start "*) test -e ${log}/preflight && sleep 1000; touch ${log}/preflight ;; esac
exec ${runts} "$@"`);
  const { status, out } = conformance(hanging, "--only", "^root/readonly/", "--jobs", "2", "--timeout", "1");
  assert.is(status, 1);
  assert.match(out, /start\n.*expected +success\n.*saw +no end within the time limit/);
});

test("nothing is left behind", () => expectNoLeaks(before));

test.run();
