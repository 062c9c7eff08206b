// SPDX-License-Identifier: Apache-2.0

// run, and what engines and people see of the runtime: streams, exit codes, logs, refused ids; on both hosts.

import { existsSync, readFileSync, statSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { makeBundle, shell } from "./bundle.ts";
import { newFolder } from "./files.ts";
import { expectNoLeaks, snapshot } from "./leaks.ts";
import { hosts, missingHost, Runtime } from "./runtime.ts";
import { newId, newPath } from "./scratch.ts";
import { waitFor } from "./wait.ts";

const before = snapshot();

if (missingHost) test.skip(`the same on the Node host # ${missingHost}`, () => {});

const badIds = ["../x", ".", "..", "a/b", "", "x".repeat(300), "a\nb", ".hidden", "a b", "é"];

for (const host of hosts) {
  const runtime = new Runtime(host);
  const prove = (sentence: string, body: () => void | Promise<void>) =>
    test(`${host.name}: ${sentence}`, body);

  prove("run gives the program its input and its output streams", () => {
    const { status, out, err } = runtime.run(shell("cat; echo problem >&2"), { stdin: "some\ninput" });
    assert.equal({ status, out, err }, { status: 0, out: "some\ninput", err: "problem\n" });
  });

  prove("run exits with the program's status, and with 128 and the signal that ended it", () => {
    assert.is(runtime.run(shell("exit 42")).status, 42);
    // PID 1 is spared its own signals: another process of the container kills it from outside the namespace
    const withHostPids = shell("kill -9 $$");
    const { status } = runtime.run((config, bundle) => {
      withHostPids(config, bundle);
      config.linux.namespaces = config.linux.namespaces.filter(({ type }) => type !== "pid");
    });
    assert.is(status, 128 + 9);
  });

  prove("run deletes the container at its end, and with --keep does not", () => {
    const [gone, kept] = [newId(), newId()];
    runtime.ok("run", "--bundle", makeBundle(), gone);
    assert.match(runtime.fails("state", gone), /does not exist/);
    runtime.ok("run", "--keep", "--bundle", makeBundle(), kept);
    assert.is(runtime.state(kept).status, "stopped");
    runtime.ok("delete", kept);
  });

  prove("run --detach returns at once and leaves the container running", () => {
    const id = newId();
    const pidFile = newPath("pid");
    const sleeping = makeBundle(shell("exec sleep 1000"));
    runtime.ok("run", "--detach", "--pid-file", pidFile, "--bundle", sleeping, id);
    assert.is(runtime.state(id).status, "running");
    assert.is(readFileSync(pidFile, "utf8"), String(runtime.state(id).pid));
    runtime.ok("delete", "-f", id);
  });

  prove("run forwards signals to the program", async () => {
    const folder = newFolder();
    const bundle = makeBundle((config) => {
      const script = "trap 'exit 7' TERM; echo > /host/ready; while :; do sleep 0.01; done";
      config.process.args = ["sh", "-c", script];
      config.mounts.push({ destination: "/host", source: folder, options: ["bind"] });
    });
    const { child, ended } = runtime.launch(["run", "--bundle", bundle, newId()]);
    assert.ok(waitFor(() => existsSync(`${folder}/ready`)));
    child.kill("SIGTERM");
    assert.is((await ended).status, 7);
  });

  prove("an id that could name anything but a folder of the root is refused, by every command", () => {
    const bundle = makeBundle();
    for (const id of badIds) {
      const { status, err } = runtime.call(["create", "--bundle", bundle, id]);
      assert.is(status, 1, `${JSON.stringify(id)} is refused`);
      assert.match(err, /invalid container id|takes id/, JSON.stringify(id));
    }
    for (const operation of ["state", "start", "kill", "delete"])
      assert.match(runtime.call([operation, "../x"]).err, /invalid container id/, operation);
    assert.match(runtime.call(["delete", "--force", ".."]).err, /invalid container id/);
    assert.is(runtime.call(["create", "--bundle", bundle, "-x"]).status, 1, "taken for a flag");
    assert.not(existsSync(`${runtime.root}/../x`));
  });

  prove("an error in a JSON log is one object on one line, and goes to standard error as well", () => {
    const log = newPath("log.json");
    const id = newId();
    const bundle = makeBundle((config) => {
      config.process.args = ["no-such-program"];
    });
    const { status, err } = runtime.call(
      ["create", "--bundle", bundle, id].toSpliced(0, 0, "--log", log, "--log-format", "json"),
    );
    assert.is(status, 1);
    const text = readFileSync(log, "utf8");
    assert.is(text.split("\n").length, 2, text);
    const entry = JSON.parse(text);
    assert.is(entry.level, "error");
    assert.match(entry.time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/);
    assert.is(err, `${entry.msg}\n`);
  });

  prove("the log file exists even when nothing is logged", () => {
    const log = newPath("log");
    runtime.ok("--log", log, "list", "-q");
    assert.is(statSync(log).size, 0);
  });

  prove("nothing in the environment is needed, not even PATH", () => {
    const id = newId();
    const bundle = makeBundle();
    for (const args of [
      ["create", "--bundle", bundle, id],
      ["state", id],
      ["kill", id, "9"],
      ["delete", id],
    ]) {
      const { status, err } = runtime.call(args, { env: {} });
      assert.equal({ status, err }, { status: 0, err: "" }, args[0]);
    }
  });

  prove("a closed standard error changes no exit status", () => {
    const through = ["sh", "-c", 'exec "$@" 2>&-', "sh"];
    assert.is(runtime.call(["state", "nobody"], { through }).status, 1);
    assert.is(runtime.call(["run", "--bundle", makeBundle(), newId()], { through }).status, 0);
  });

  // where it does, test/systemd shows what becomes of it
  const [refusing, why] = existsSync("/run/systemd/system")
    ? [test.skip, " # systemd runs this host"]
    : [test, ""];
  refusing(`${host.name}: --systemd-cgroup is refused where systemd does not run the host${why}`, () => {
    const err = runtime.fails("--systemd-cgroup", "create", "--bundle", makeBundle(), newId());
    assert.match(err, /--systemd-cgroup: systemd does not run this host.*cgroupsPath/);
  });

  prove("version and features are as engines read them, with silence on standard error", () => {
    const version = runtime.ok("--version");
    assert.match(version, /^runts version \S+\n(.*\n)*spec: 1\.3\.0\n/);
    const features = JSON.parse(runtime.ok("features"));
    assert.type(features.ociVersionMin, "string");
    assert.is(features.ociVersionMax, "1.3.0");
    assert.ok(features.mountOptions.includes("rro"));
  });

  prove("spec writes a bundle's config.json that runs, and does not overwrite one", () => {
    const folder = newFolder();
    runtime.ok("spec", "--bundle", folder);
    const config = JSON.parse(readFileSync(`${folder}/config.json`, "utf8"));
    assert.match(runtime.fails("spec", "--bundle", folder), /already exists/);
    const { out } = runtime.run((draft) => {
      Object.assign(draft, { ...config, root: { ...config.root, path: draft.root.path } });
      draft.process.terminal = false;
      draft.process.args = ["hostname"];
    });
    assert.is(out, "runts\n");
  });
}

test("nothing is left behind", () => expectNoLeaks(before));

test.run();
