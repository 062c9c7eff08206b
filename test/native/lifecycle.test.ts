// SPDX-License-Identifier: Apache-2.0

// The operations of runtime.md, on both hosts, with the texts and exit codes that engines rely on.

import { existsSync, readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { makeBundle, shell } from "./bundle.ts";
import { newFolder, newScript } from "./files.ts";
import { expectNoLeaks, isAlive, snapshot } from "./leaks.ts";
import { hosts, missingHost, Runtime } from "./runtime.ts";
import { newId, newPath } from "./scratch.ts";
import { waitFor } from "./wait.ts";

const before = snapshot();

if (missingHost) test.skip(`the same on the Node host # ${missingHost}`, () => {});

for (const host of hosts) {
  const runtime = new Runtime(host);
  const prove = (sentence: string, body: () => void) => test(`${host.name}: ${sentence}`, body);
  const sleeping = shell("exec sleep 1000");
  const hasStopped = (id: string) => waitFor(() => runtime.state(id).status === "stopped");

  prove("a container goes from created to running to stopped, and is then deleted", () => {
    const id = runtime.create(sleeping);
    assert.is(runtime.state(id).status, "created");
    runtime.ok("start", id);
    assert.is(runtime.state(id).status, "running");
    runtime.ok("kill", id, "KILL");
    assert.ok(hasStopped(id), "it stops");
    assert.is(runtime.state(id).pid, 0, "a stopped container has no pid");
    runtime.ok("delete", id);
    assert.match(runtime.fails("state", id), /does not exist/);
  });

  prove("create does not run the program, start does", () => {
    const witness = newFolder();
    const id = newId();
    const bundle = makeBundle((config) => {
      config.process.args = ["sh", "-c", "echo ran > /host/witness"];
      config.mounts.push({ destination: "/host", source: witness, options: ["bind"] });
    });
    runtime.ok("create", "--bundle", bundle, id);
    assert.not(existsSync(`${witness}/witness`));
    runtime.ok("start", id);
    assert.ok(hasStopped(id));
    assert.is(readFileSync(`${witness}/witness`, "utf8"), "ran\n");
    runtime.ok("delete", id);
  });

  prove("state has the fields of the specification and those that runc adds", () => {
    const annotations = { "org.example.key": "value" };
    const bundle = makeBundle((config) => {
      config.annotations = annotations;
    });
    const id = newId();
    runtime.ok("create", "--bundle", bundle, id);
    const { pid, created, rootfs, ...rest } = runtime.state(id);
    assert.ok(existsSync(`/proc/${pid}/ns`));
    assert.match(String(created), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/);
    assert.ok(existsSync(String(rootfs)));
    assert.equal(rest, { ociVersion: "1.3.0", id, status: "created", bundle, annotations, owner: "" });
    runtime.ok("delete", id);
  });

  prove("the pid file has the pid and no newline", () => {
    const file = newPath("pid");
    const id = runtime.create(undefined, "--pid-file", file);
    assert.is(readFileSync(file, "utf8"), `${runtime.state(id).pid}`);
    runtime.ok("delete", id);
  });

  prove("a created container can be deleted, and killed", () => {
    const id = runtime.create();
    const { pid } = runtime.state(id);
    runtime.ok("kill", id, "SIGKILL");
    assert.ok(hasStopped(id));
    assert.not(isAlive(pid));
    assert.match(runtime.fails("start", id), /cannot start container/);
    runtime.ok("delete", id);
  });

  prove("an id is taken only once, and free again after delete", () => {
    const id = runtime.create();
    assert.match(runtime.fails("create", "--bundle", makeBundle(), id), /already exists/);
    assert.is(runtime.state(id).status, "created", "the refused create leaves the first alone");
    runtime.ok("delete", id);
    runtime.ok("create", "--bundle", makeBundle(), id);
    runtime.ok("delete", id);
  });

  prove("start of a container that was started already fails and changes nothing", () => {
    const id = runtime.create(sleeping);
    runtime.ok("start", id);
    assert.match(runtime.fails("start", id), /cannot start container .* running, not created/);
    assert.is(runtime.state(id).status, "running");
    runtime.ok("delete", "--force", id);
  });

  prove("delete refuses a running container, and with --force ends it", () => {
    const id = runtime.create(sleeping);
    runtime.ok("start", id);
    assert.match(runtime.fails("delete", id), /cannot delete container .* running, not stopped/);
    assert.is(runtime.state(id).status, "running");
    const { pid } = runtime.state(id);
    runtime.ok("delete", "--force", id);
    assert.not(isAlive(pid));
  });

  prove("kill says what engines look for when the container has stopped", () => {
    const id = runtime.create();
    runtime.ok("start", id);
    assert.ok(hasStopped(id));
    assert.match(runtime.fails("kill", id, "15"), /container not running/);
    runtime.ok("delete", id);
  });

  prove("kill --all after the end of init is no error, as containerd's shim expects", () => {
    const id = runtime.create();
    runtime.ok("start", id);
    assert.ok(hasStopped(id));
    runtime.ok("kill", "--all", id, "9");
    runtime.ok("delete", id);
  });

  prove("every operation on an unknown container says that it does not exist", () => {
    for (const operation of ["start", "state", "kill", "delete"])
      assert.match(runtime.fails(operation, "nobody"), /does not exist/, operation);
    runtime.ok("delete", "--force", "nobody");
  });

  prove("a signal is a number or a name with or without SIG, and TERM unless given", () => {
    for (const signal of [["10"], ["USR1"], ["SIGUSR1"], []]) {
      const trap = newFolder();
      const id = runtime.create((config) => {
        const script =
          "trap 'echo got >> /host/got; exit' USR1 TERM; echo > /host/ready; while :; do sleep 0.01; done";
        config.process.args = ["sh", "-c", script];
        config.mounts.push({ destination: "/host", source: trap, options: ["bind"] });
      });
      runtime.ok("start", id);
      assert.ok(waitFor(() => existsSync(`${trap}/ready`)));
      runtime.ok("kill", id, ...signal);
      assert.ok(hasStopped(id));
      assert.is(readFileSync(`${trap}/got`, "utf8"), "got\n");
      runtime.ok("delete", id);
    }
    const id = runtime.create();
    assert.match(runtime.call(["kill", id, "NONE"]).err, /no such signal: NONE/);
    runtime.ok("delete", id);
  });

  prove("list shows containers as a table, as JSON, and their names alone", () => {
    const own = new Runtime(host);
    assert.is(own.ok("list", "--format", "json"), "null\n");
    const [first, second] = [own.create(), own.create()];
    assert.is(own.ok("list", "-q"), `${first}\n${second}\n`);
    const views = JSON.parse(own.ok("list", "-f", "json")) as { id: string; status: string }[];
    assert.equal(
      views.map(({ id, status }) => [id, status]),
      [
        [first, "created"],
        [second, "created"],
      ],
    );
    const [header = "", row = ""] = own.ok("list").split("\n");
    assert.match(header, /^ID +PID +STATUS +BUNDLE +CREATED +OWNER$/);
    assert.match(row, new RegExp(`^${first} +\\d+ +created +/`));
    for (const id of [first, second]) own.ok("delete", id);
  });

  prove("a failed start of the program is told, and leaves a container to delete", () => {
    const id = runtime.create((config) => {
      config.process.args = ["/tmp/script"];
      config.mounts.push({
        destination: "/tmp/script",
        source: newScript("neither #! nor ELF"),
        options: ["bind"],
      });
    });
    assert.match(runtime.fails("start", id), /exec: "\/tmp\/script": exec format error/i);
    assert.ok(hasStopped(id));
    runtime.ok("delete", id);
  });

  prove("create works from any folder, with the bundle as a relative path and as the current folder", () => {
    const bundle = makeBundle();
    const id = newId();
    const { status, err } = runtime.call(["create", id], { cwd: bundle });
    assert.equal({ status, err }, { status: 0, err: "" });
    assert.is(runtime.state(id).bundle, bundle);
    runtime.ok("delete", id);
  });
}

test("nothing is left behind", () => expectNoLeaks(before));

test.run();
