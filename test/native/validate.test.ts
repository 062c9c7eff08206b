// SPDX-License-Identifier: Apache-2.0

// A bundle with faults: create tells all of them in one message, each with its place, and validate how to mend them;
// values are exact.

import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { makeBundle } from "./bundle.ts";
import { expectNoLeaks, snapshot } from "./leaks.ts";
import { type CallOptions, hosts, missingHost, Runtime } from "./runtime.ts";
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

  const broken = '{ "ociVersion": "1.3.0", "root": { "path": 7 } }';
  const odd = '{ "ociVersion": "1.3.0", "root": { "path": "nowhere", "readOnly": true } }';
  const validate = (args: readonly string[], options: CallOptions = {}) =>
    runtime.call(["validate", ...args], options);

  prove(
    "validate ends with 0 for a valid bundle, with 1 for faults, and with 2 when nothing can be read",
    () => {
      const right = makeBundle();
      assert.equal(validate([right]), {
        ...{ status: 0, signal: null, err: "" },
        out: `${right}/config.json: valid\n`,
      });
      const { status, out, err } = validate([bundleOf(broken)]);
      assert.equal([status, err], [1, ""]);
      assert.match(
        out,
        /config\.json:1:44: error: of the wrong type: 7 \[type\]\n {2}1 \| \{.*\n {4}\| +\^\n/,
      );
      for (const args of [
        ["/no/such/bundle"],
        [newPath("empty")],
        ["--bogus"],
        ["a", "b"],
        ["--kind=x", right],
      ])
        assert.is(validate(args).status, 2, args.join(" "));
      assert.match(validate(["/no/such/bundle"]).err, "ENOENT");
    },
  );

  prove("warnings are errors with --strict only, and what the host lacks is none with --config-only", () => {
    const bundle = bundleOf(odd);
    const loose = validate([bundle]);
    assert.is(loose.status, 0);
    assert.match(loose.out, "valid, 2 warnings");
    assert.match(loose.out, `there is no ${bundle}/nowhere`);
    assert.is(validate(["--strict", bundle]).status, 1);
    const alone = validate(["--config-only", bundle]);
    assert.match(alone.out, "valid, 1 warning\n");
  });

  prove(
    "a program that a bundle's root file system lacks is found missing, one behind a symlink is not",
    () => {
      const rules = (args: string[]) => {
        const bundle = makeBundle(({ process }) => {
          process.args = args;
        });
        const found: { findings: { rule: string }[] } = JSON.parse(validate(["--json", bundle]).out);
        return found.findings.map(({ rule }) => rule);
      };
      assert.equal(rules(["no-such-program"]), ["program-missing"]);
      assert.equal(rules(["/bin/no-such-program"]), ["program-missing"]);
      assert.equal(rules(["sh"]), []);
    },
  );

  prove("standard input, a file, the current folder, a state and features are checked, too", () => {
    const bundle = bundleOf(broken);
    assert.match(validate(["-"], { stdin: broken }).out, /^stdin:1:44: error/);
    assert.match(validate([`${bundle}/config.json`]).out, `${bundle}/config.json:1:44: error`);
    assert.match(validate([], { cwd: bundle }).out, /^config\.json:1:44: error/);
    assert.is(validate(["-"], { stdin: runtime.ok("features") }).out, "stdin: valid as features\n");
    const id = runtime.create();
    assert.is(validate(["-"], { stdin: runtime.ok("state", id) }).out, "stdin: valid as state\n");
    runtime.ok("delete", "--force", id);
    assert.is(validate(["--kind", "state", "-"], { stdin: broken }).status, 1);
  });

  prove("--json and --sarif are JSON, and no output has colour unless a terminal shows it", () => {
    const bundle = bundleOf(broken);
    assert.is(JSON.parse(validate(["--json", bundle]).out).errors, 1);
    assert.is(JSON.parse(validate(["--sarif", bundle]).out).runs[0].results[0].level, "error");
    assert.not.match(validate([bundle]).out, "\u001b");
    const terminal = (env: Readonly<Record<string, string>>) => {
      const command = [...host.command, "validate", bundle].join(" ");
      const through = ["script", "-qec", command, "/dev/null"];
      return spawnSync(through[0] ?? "", through.slice(1), { env, encoding: "utf8" }).stdout;
    };
    const PATH = process.env.PATH ?? "";
    assert.match(terminal({ PATH, TERM: "xterm" }), "\u001b[1;31merror:");
    assert.not.match(terminal({ PATH, TERM: "xterm", NO_COLOR: "1" }), "\u001b");
  });
}

test("nothing is left behind", () => expectNoLeaks(before));

test.run();
