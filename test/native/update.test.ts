// SPDX-License-Identifier: Apache-2.0

// update as far as it needs no controller: what is asked for is checked, and said again in the asker's own words.

import { readFileSync, writeFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { resourcesFile } from "./device-probe.ts";
import { newFolder } from "./files.ts";
import { cgroupMount, expectNoLeaks, snapshot } from "./leaks.ts";
import { Runtime } from "./runtime.ts";
import { newPath } from "./scratch.ts";

const before = snapshot();
const runtime = new Runtime();

function whileCreated(use: (id: string) => void): void {
  const id = runtime.create();
  try {
    use(id);
  } finally {
    runtime.ok("delete", "--force", id);
  }
}

test("what is wrong with a flag is said of the flag", () =>
  whileCreated((id) => {
    for (const [flags, said] of [
      [["--memory-swap", "128m"], /^runts: --memory-swap: found 134217728, expected a memory limit/],
      [
        ["--memory", "64m", "--memory-swap", "32m"],
        /^runts: --memory-swap: found 33554432, expected at least/,
      ],
      [
        ["--cpu-quota", "10", "--cpu-burst", "20"],
        /^runts: --cpu-burst: found 20, expected at most the quota, 10/,
      ],
      [
        ["--blkio-weight", "70000"],
        /^runts: --blkio-weight: found 70000, expected an integer from 0 to 65535/,
      ],
      // this tree has no such controllers
      [["--memory", "64m"], /memory.*\(flag --memory\)/],
      [["--cpu-period", "50000"], /cpu.*\(flag --cpu-period\)/],
    ] as const) {
      const err = runtime.fails("update", ...flags, id);
      assert.match(err, said);
      assert.not.match(err, /config\.json|the command line|Options:/);
    }
  }));

test("numbers and sizes that are none are a misuse", () =>
  whileCreated((id) => {
    for (const [flag, value] of [
      ["memory", "64q"],
      ["memory", "-5"],
      ["memory-reservation", "1 k k"],
      ["kernel-memory", "x"],
      ["pids-limit", "1.5"],
      ["cpu-share", "-1"],
      ["cpu-quota", "10ms"],
      ["cpu-idle", "yes"],
      ["blkio-weight", "-10"],
    ] as const) {
      const err = runtime.fails("update", `--${flag}=${value}`, id);
      assert.match(err, `Incorrect Usage: invalid value for --${flag}: "${value}"`);
    }
    assert.match(runtime.fails("update", "--memory-limit", "1m", id), /memory-limit/);
  }));

test("an error about what a file asks for names the file and the place in it", () =>
  whileCreated((id) => {
    const file = resourcesFile({ memory: { limit: 1 << 20 } });
    const name = file.slice(file.lastIndexOf("/") + 1);
    assert.match(runtime.fails("update", "-r", file, id), `(${name} /memory/limit)`);
    const stdin = JSON.stringify({ unified: { "cgroup.max.depth": "x" } });
    const { err } = runtime.call(["update", "-r", "-", id], { stdin });
    assert.match(err, "(runtime: writeCgroup, standard input /unified/cgroup.max.depth)");
  }));

test("what is no JSON changes nothing and is told with its place; fields that nobody knows are passed over", () =>
  whileCreated((id) => {
    const update = (stdin: string) => runtime.call(["update", "-r", "-", id], { stdin });
    const depth = () => readFileSync(`${cgroupMount}/runts-${id}/cgroup.max.depth`, "utf8").trim();
    for (const [stdin, said] of [
      ["", /standard input:1:1: expected a JSON value/],
      ['{"unified":{"cgroup.max.depth":"3"}', /standard input:1:\d+: /],
      ['{"unified":{"cgroup.max.depth":"3"}} {}', /standard input:1:\d+: /],
      ['{"unified":{"cgroup.max.depth":"3"},"unified":{}}', /standard input:1:\d+: \/unified: .*once/],
      ["[]", /standard input: found .*expected an object/],
      [
        '{"pids":{"limit":"7"},"unified":{"cgroup.max.depth":"3"}}',
        /standard input: \/pids\/limit: found "7"/,
      ],
      [
        '{"pids":{"limit":7.5},"unified":{"cgroup.max.depth":"3"}}',
        /\/pids\/limit: found 7.5, expected an integer/,
      ],
      ['{"memory":{"limit":9223372036854775808}}', /\/memory\/limit: .*expected an integer/],
      ['{"unified":{"../cgroup.max.depth":"3"}}', /\/unified\/..~1cgroup.max.depth: .*the name of one file/],
      ['{"unified":{"no.such":"1"}}', /no.*\(.*standard input \/unified\/no.such\)/],
    ] as const) {
      const { status, err } = update(stdin);
      assert.is(status, 1, stdin);
      assert.match(err, said);
      assert.is(depth(), "max", stdin);
    }
    const known = { unified: { "cgroup.max.depth": "4" }, memory: { newer: 1 }, alsoNewer: {} };
    assert.equal(update(JSON.stringify(known)).err, "");
    assert.is(depth(), "4");
    assert.match(runtime.fails("update", "-r", newPath("none"), id), /ENOENT/);
    const folder = newFolder();
    assert.match(runtime.fails("update", "-r", folder, id), /EISDIR/);
    writeFileSync(`${folder}/empty`, "");
    assert.match(runtime.fails("update", "-r", `${folder}/empty`, id), /empty:1:1: expected a JSON value/);
  }));

test("nothing is left behind", () => expectNoLeaks(before));

test.run();
