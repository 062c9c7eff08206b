// SPDX-License-Identifier: Apache-2.0

// What create would do, told without doing it: by the command, from a bundle, on this host.

import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { makeBundle } from "./bundle.ts";
import { expectNoLeaks, snapshot } from "./leaks.ts";
import { hosts, missingHost, Runtime } from "./runtime.ts";
import { newPath } from "./scratch.ts";

const before = snapshot();

if (missingHost) test.skip(`the same on the Node host # ${missingHost}`, () => {});

for (const host of hosts) {
  const prove = (sentence: string, body: (runtime: Runtime) => void) =>
    test(`${host.name}: ${sentence}`, () => body(new Runtime(host)));

  prove("the plan shows its steps, and nothing is made: no state, no cache, no cgroup", (runtime) => {
    const bundle = makeBundle(({ linux }) => {
      linux.seccomp = {
        defaultAction: "SCMP_ACT_ALLOW",
        syscalls: [{ names: ["swapon"], action: "SCMP_ACT_ERRNO" }],
      };
    });
    const out = runtime.ok("plan", bundle);
    assert.match(out, /^runtime: /m);
    assert.match(out, /^ +\d+ {2}execve +\/process\/args +file=/m);
    assert.match(out, /loadSeccomp +\/linux\/seccomp +program=\d+ bytes/);
    assert.not(existsSync(runtime.root));
    mkdirSync(runtime.root);
    runtime.ok("plan", "--bundle", bundle, "--id", "other");
    runtime.ok("plan", "--run", bundle);
    assert.equal(readdirSync(runtime.root), []);
  });

  prove("kept as JSON it is the same at each call, and is what --diff compares with", (runtime) => {
    const bundle = makeBundle();
    const kept = runtime.ok("plan", "--json", bundle);
    assert.is(runtime.ok("plan", "--json", bundle), kept);
    const file = newPath("plan.json");
    writeFileSync(file, kept);
    assert.is(runtime.ok("plan", bundle, "--diff", file), "");
    assert.is(runtime.ok("plan", bundle, "--diff", makeBundle()), "");
    const changed = makeBundle((config) => {
      config.hostname = "another";
    });
    const { status, out } = runtime.call(["plan", changed, "--diff", file]);
    assert.is(status, 1);
    assert.match(out, /^\+ sethostname name=another \(\/hostname\)$/m);
  });

  prove("what this host cannot do is told, and the plan goes on", (runtime) => {
    const out = runtime.ok(
      "plan",
      makeBundle(({ process }) => {
        process.terminal = true;
        Object.assign(process, { selinuxLabel: "system_u:system_r:container_t:s0" });
      }),
    );
    assert.match(out, "not possible here:\n  /process/terminal: a terminal for a detached container needs");
    if (!existsSync("/sys/fs/selinux/enforce"))
      assert.match(out, /^ {2}\/process\/selinuxLabel: SELinux is not/m);
    assert.match(out, /^ +\d+ {2}execve/m);
  });

  prove("without a plan the status is 2", (runtime) => {
    const broken = makeBundle(({ process }) => {
      process.cwd = "relative";
    });
    const words = [
      [broken],
      ["/no/such/bundle"],
      ["--bogus"],
      [makeBundle(), "--diff", `${broken}/config.json`],
    ];
    for (const args of words) assert.is(runtime.call(["plan", ...args]).status, 2, args.join(" "));
    assert.match(runtime.call(["plan", broken]).err, "/process/cwd");
  });
}

test("nothing is left behind", () => expectNoLeaks(before));

test.run();
