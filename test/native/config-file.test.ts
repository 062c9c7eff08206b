// SPDX-License-Identifier: Apache-2.0

// create and run with --config, as crun has it: one bundle, several configurations.

import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { makeBundle, shell } from "./bundle.ts";
import { expectNoLeaks, snapshot } from "./leaks.ts";
import { hosts, Runtime } from "./runtime.ts";
import { newId, newPath } from "./scratch.ts";

const before = snapshot();

/** A bundle without a config.json, and its configuration elsewhere. */
function apart(script: string): { bundle: string; config: string } {
  const bundle = makeBundle(shell(script));
  const config = newPath("other.json");
  cpSync(`${bundle}/config.json`, config);
  rmSync(`${bundle}/config.json`);
  return { bundle, config };
}

for (const host of hosts) {
  const runtime = new Runtime(host);
  test(`${host.name}: the configuration that is named counts, with paths relative to the bundle`, () => {
    const { bundle, config } = apart("echo of another file");
    assert.is(runtime.ok("run", "--bundle", bundle, "--config", config, newId()), "of another file\n");
    const id = newId();
    runtime.ok("create", "--bundle", bundle, "-f", config, id);
    assert.is(runtime.state(id).bundle, bundle);
    rmSync(config);
    runtime.ok("start", id);
    runtime.ok("delete", "--force", id);
  });

  test(`${host.name}: what is wrong is told of that file, at create and at start`, () => {
    const { bundle, config } = apart("true");
    const document = JSON.parse(readFileSync(config, "utf8"));
    const fails = (command: string, process: object): string => {
      const changed = { ...document, process: { ...document.process, ...process } };
      writeFileSync(config, JSON.stringify(changed, null, 2));
      return runtime.fails("--debug", command, "--bundle", bundle, "--config", config, newId());
    };
    assert.match(fails("create", { cwd: 7 }), /other\.json.*\n.*process\/cwd/);
    assert.match(fails("run", { args: ["/no/such/program"] }), new RegExp(`${config}:\\d+`));
    assert.match(runtime.fails("run", "--bundle", bundle, "--config", `${config}.gone`, newId()), /gone/);
  });
}

test("nothing stays behind", () => expectNoLeaks(before));

test.run();
