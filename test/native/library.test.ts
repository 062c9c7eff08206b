// SPDX-License-Identifier: Apache-2.0

// The library, as a program on Node.js imports it.

import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type * as Library from "../../lib/node.ts";
import { makeBundle, shell } from "./bundle.ts";
import { expectNoLeaks, snapshot } from "./leaks.ts";
import { newId, newPath } from "./scratch.ts";
import { waitFor } from "./wait.ts";

const before = snapshot();
const file = resolve("build/node/index.js");
const built = existsSync(file);
const prove = built ? test : test.skip;
const reason = built ? "" : " # build/node/index.js is not built";

async function load(): Promise<typeof Library> {
  return await import(pathToFileURL(file).href);
}

prove(`a container is created, started, looked at, killed and deleted${reason}`, async () => {
  const { open } = await load();
  const library = open({ root: newPath("root") });
  const id = newId();
  await library.create({ id, bundle: makeBundle(shell("exec sleep 1000")) });
  assert.is(library.state(id).status, "created");
  library.start(id);
  assert.is(library.state(id).status, "running");
  assert.equal(
    library.list().map((one) => one.id),
    [id],
  );
  assert.equal(library.processes(id), [library.state(id).pid]);
  const { cpu, pids, network_interfaces } = library.stats(id);
  assert.equal([pids.current, network_interfaces], [1, null]);
  assert.ok(cpu.usage.total !== undefined && cpu.usage.total > 0);
  library.kill(id, "KILL");
  assert.ok(waitFor(() => library.state(id).status === "stopped"));
  library.delete(id);
  assert.equal(library.list(), []);
});

prove(`another process is run in a container, waited for or not${reason}`, async () => {
  const { open, wording } = await load();
  const library = open({ root: newPath("root") });
  const id = newId();
  const pidFile = newPath("pid");
  await library.create({ id, bundle: makeBundle(shell("exec sleep 1000")) });
  library.start(id);
  const process = (script: string) => ({ cwd: "/", env: ["PATH=/bin"], args: ["sh", "-c", script] });
  assert.is(await library.exec({ id, process: process('exit $(test "$(hostname)" = inside && echo 9)') }), 9);
  assert.is(
    await library.exec({ id, process: { cwd: "/", args: ["sleep", "1000"] }, detach: true, pidFile }),
    0,
  );
  assert.match(readFileSync(`/proc/${readFileSync(pidFile, "utf8")}/cmdline`, "utf8"), /^sleep/);
  const wrong = { cwd: "x", args: ["a\0b"], user: { uid: -1, gid: 0 } };
  const faults = await library.exec({ id, process: wrong }).then(() => "none", wording);
  for (const place of ["/process/cwd", "/process/args/0", "/process/user/uid"])
    assert.ok(faults.includes(`: ${place}: `), faults);
  library.delete(id, true);
});

prove(`an error has a code and facts, and a wording${reason}`, async () => {
  const { open, RuntsError, wording } = await load();
  const library = open({ root: newPath("root") });
  try {
    library.state("nobody");
    assert.unreachable();
  } catch (error) {
    assert.instance(error, RuntsError);
    assert.is((error as InstanceType<typeof RuntsError>).code, "not-found");
    assert.match(wording(error), /does not exist/);
  }
});

prove(`plan says what create would do, and does nothing${reason}`, async () => {
  const { open } = await load();
  const root = newPath("root");
  const plan = await open({ root }).plan({ id: newId(), bundle: makeBundle() });
  assert.is(plan.runtime[0]?.op, "makeState");
  assert.is(plan.init.at(-1)?.op, "execve");
  assert.not(existsSync(root));
});

prove(`validate gives the faults of a bundle, none for a valid one${reason}`, async () => {
  const { open } = await load();
  const library = open({ root: newPath("root") });
  assert.equal(await library.validate(makeBundle()), []);
  const faults = await library.validate(
    makeBundle(({ process }) => {
      process.cwd = "relative";
    }),
  );
  assert.equal(
    faults.map(({ pointer }) => pointer),
    ["/process/cwd"],
  );
});

prove(`a failing create rejects, and leaves nothing${reason}`, async () => {
  const { open } = await load();
  const library = open({ root: newPath("root") });
  const bundle = makeBundle(({ mounts }) => {
    mounts.push({ destination: "/x", source: "/no/such", options: ["bind"] });
  });
  let failed = false;
  await library.create({ id: newId(), bundle }).catch(() => {
    failed = true;
  });
  assert.ok(failed);
  assert.equal(library.list(), []);
});

test("nothing is left behind", () => expectNoLeaks(before));

test.run();
