// SPDX-License-Identifier: Apache-2.0

// A bundle with faults: all of them in one message, each with its place; values are exact.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { makeBundle } from "./bundle.ts";
import { expectNoLeaks, snapshot } from "./leaks.ts";
import { hosts, missingHost, Runtime } from "./runtime.ts";
import { newId, newPath } from "./scratch.ts";

const before = snapshot();

if (missingHost) test.skip(`the same on the Node host # ${missingHost}`, () => {});

/** A bundle whose config.json is this text. */
function bundleOf(text: string): string {
  const bundle = newPath("bundle");
  mkdirSync(bundle);
  writeFileSync(`${bundle}/config.json`, text);
  return bundle;
}

for (const host of hosts) {
  const runtime = new Runtime(host);
  const prove = (sentence: string, body: () => void) => test(`${host.name}: ${sentence}`, body);
  const create = (bundle: string) => runtime.fails("create", "--bundle", bundle, newId());

  prove("many faults are told at once, each with line, column, pointer and what was found", () => {
    const err = create(
      bundleOf(`{
  "ociVersion": "1.3.0",
  "root": { "path": 7 },
  "process": {
    "cwd": "relative",
    "args": [],
    "user": { "uid": -1, "gid": 0 },
    "rlimits": [{ "type": "RLIMIT_BOGUS", "soft": 1, "hard": 1 }]
  },
  "linux": { "namespaces": [{ "type": "pid" }, { "type": "pid" }] }
}`),
    );
    const places: readonly (readonly [place: string, pointer: string, found: string])[] = [
      ["config.json:3:", "/root/path", "7"],
      ["config.json:5:", "/process/cwd", '"relative"'],
      ["config.json:6:", "/process/args", "[]"],
      ["config.json:7:", "/process/user/uid", "-1"],
      ["config.json:8:", "/process/rlimits/0/type", '"RLIMIT_BOGUS"'],
    ];
    const lines = err.split("\n");
    for (const [place, pointer, found] of places) {
      const line = lines.find((one) => one.includes(`: ${pointer}: `)) ?? `nothing of ${pointer} in ${err}`;
      assert.ok(line.startsWith(place) && line.includes(`found ${found}`), line);
    }
  });

  prove("faults that a schema cannot say are told with the same care", () => {
    const err = create(
      makeBundle((config) => {
        config.linux.namespaces.push({ type: "pid" });
        config.process.rlimits = [
          { type: "RLIMIT_CORE", soft: 2, hard: 1 },
          { type: "RLIMIT_CORE", soft: 1, hard: 1 },
        ];
      }),
    );
    assert.match(err, /config\.json:\d+:\d+: \/linux\/namespaces\/6/);
    assert.match(err, /config\.json:\d+:\d+: \/process\/rlimits\/1/);
  });

  prove("a name that is there twice is refused", () => {
    const text = readFileSync(`${makeBundle()}/config.json`, "utf8");
    const err = create(bundleOf(text.replace("{", '{ "hostname": "first",')));
    assert.match(err, /\/hostname/);
    assert.match(err, /config\.json:\d+:\d+/);
  });

  prove("text that is no JSON is told with its place", () => {
    assert.match(create(bundleOf('{\n  "ociVersion": oops\n}')), /config\.json:2:\d+/);
    assert.match(create(bundleOf("")), /config\.json/);
  });

  prove("what cannot be done is refused by name", () => {
    const err = create(
      makeBundle((config) => {
        Object.assign(config.linux, { resources: { network: { classID: 1 } } });
      }),
    );
    assert.match(err, /\/linux\/resources\/network.*cgroup v1 only/);
  });

  prove("unknown members are ignored", () => {
    const { status, err } = runtime.run((config) => {
      Object.assign(config, { tomorrow: { any: "thing" } });
      Object.assign(config.process, { later: 1 });
    });
    assert.equal({ status, err }, { status: 0, err: "" });
  });

  prove("integers of 64 bits are exact", () => {
    const text = readFileSync(
      `${makeBundle(({ process }) => {
        process.args = ["sh", "-c", "ulimit -H -c; grep core /proc/self/limits"];
      })}/config.json`,
      "utf8",
    );
    const limits = (hard: string, soft: string) =>
      text.replace(
        '"process": {',
        `"process": { "rlimits": [{ "type": "RLIMIT_CORE", "soft": ${soft}, "hard": ${hard} }],`,
      );
    const run = (hard: string, soft: string) =>
      runtime.ok("run", "--bundle", bundleOf(limits(hard, soft)), newId());
    assert.match(run("18446744073709551615", "18446744073709551615"), /core file size +unlimited +unlimited/);
    assert.match(
      run("9007199254740993", "9007199254740993"),
      /core file size +9007199254740993 +9007199254740993/,
    );
    assert.match(create(bundleOf(limits("18446744073709551616", "0"))), /\/process\/rlimits\/0\/hard/);
  });
}

test("nothing is left behind", () => expectNoLeaks(before));

test.run();
