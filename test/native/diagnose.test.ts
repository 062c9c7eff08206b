// SPDX-License-Identifier: Apache-2.0

// Every broken bundle of test/diagnose/bundles, for real: what is told of it has the cause, the place, and what to try.

import { spawnSync } from "node:child_process";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { attempt, wrongs } from "../diagnose/attempt.ts";
import { families } from "../diagnose/bundles/index.ts";
import { lacking } from "../diagnose/needs.ts";
import { makeBundle } from "./bundle.ts";
import { expectNoLeaks, snapshot } from "./leaks.ts";
import { hosts, missingHost, Runtime } from "./runtime.ts";
import { newId } from "./scratch.ts";

const before = snapshot();

if (missingHost) test.skip(`the same on the Node host # ${missingHost}`, () => {});

/** Texts by which Podman, Docker and containerd class an error; only the kernel's own words may have them. */
const classing =
  /permission denied|operation not permitted|no such file or directory|executable file not found/i;

for (const [family, bundles] of Object.entries(families))
  for (const broken of bundles) {
    const title = `${family}: ${broken.what}`;
    const reason = lacking(broken.needs);
    if (reason !== undefined) test.skip(`${title} # ${reason}`, () => {});
    else
      test(title, () => {
        const told = attempt(broken);
        assert.equal(wrongs(broken, told), [], told.all);
        // what is added to the line that engines read must not class it otherwise
        if (told.step !== "") assert.not.match(told.cause, classing);
      });
  }

for (const host of hosts) {
  const runtime = new Runtime(host);
  const bundle = makeBundle(({ process }) => {
    process.args = ["/no/such/program"];
  });

  test(`${host.name}: an engine reads one line, with the cause at its end`, () => {
    const { status, err } = runtime.call(["run", "--bundle", bundle, newId()]);
    assert.is(status, 1);
    assert.is(
      err,
      'runts: exec: "/no/such/program": stat /no/such/program: no such file or directory: /no does not exist in the rootfs\n',
    );
  });

  test(`${host.name}: --debug tells the whole story`, () => {
    const { err } = runtime.call(["--debug", "run", "--bundle", bundle, newId()]);
    assert.match(
      err,
      /\n {2}step {4}init: findExecutable: stat: ENOENT\n {2}config {2}\S+config\.json:\d+:\d+: \/process\/args\/0\n/,
    );
    assert.match(err, /\n {10}\d+ \| "\/no\/such\/program"\n {2}cause {3}\/no does not exist/);
    assert.match(err, /\n {2}try {5}correct the path/);
  });
}

test("a person at a terminal is told the whole story", () => {
  const runtime = new Runtime();
  const bundle = makeBundle(({ process }) => {
    process.args = ["/etc/passwd"];
  });
  const words = [...runtime.host.command, "--root", runtime.root, "run", "--bundle", bundle, newId()];
  // script(1) gives the command a terminal of its own
  const { stdout: out } = spawnSync("script", ["-qec", words.join(" "), "/dev/null"], { encoding: "utf8" });
  assert.match(out, /permission denied.*\r\n {2}step/);
  assert.match(out, / {2}try {5}chmod \+x \/etc\/passwd/);
});

test("nothing is left behind", () => expectNoLeaks(before));

test.run();
