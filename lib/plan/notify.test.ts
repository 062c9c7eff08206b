// SPDX-License-Identifier: Apache-2.0

import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Config } from "../config/types.ts";
import { createPlan } from "./create.ts";
import { factsOf } from "./fixtures/facts.ts";
import { awaitReady } from "./notify.ts";
import { startPlan } from "./start.ts";
import type { Step } from "./step.ts";

const config: Config = {
  ociVersion: "1.3.0",
  root: { path: "rootfs" },
  mounts: [{ destination: "/tmp", type: "tmpfs" }],
  process: { cwd: "/", args: ["sh"], env: ["NOTIFY_SOCKET=/image", "HOME=/"] },
  linux: { namespaces: [{ type: "mount" }, { type: "pid" }] },
};
const socket = "/run/systemd/notify";
const starting = {
  state: { id: "c", bundle: "/bundle", annotations: undefined },
  hooks: undefined,
  listener: undefined,
};

const ops = (steps: readonly Step[]) => steps.map(({ op }) => op);

function variables(steps: readonly Step[]): readonly string[] {
  const step = steps.find(({ op }) => op === "execve");
  return step?.op === "execve" ? step.env : [];
}

test("create makes a folder at once, and binds it as the last mount, read-only, by no pointer of config.json", () => {
  const { runtime, init } = createPlan(factsOf(config, { notify: socket }));
  assert.equal(ops(runtime).slice(0, 2), ["makeState", "makeNotify"]);
  assert.not(ops(runtime).includes("listenNotify"));
  const mounts = init.filter(({ op }) => op === "mountFilesystem" || op === "mountBind");
  const last = mounts.at(-1);
  assert.ok(last?.op === "mountBind");
  assert.equal(
    [last.from, last.source, last.destination, Number(last.set) & 15],
    ["", "/run/runts/c/notify", "/run/notify", 15],
  );
});

test("the program has one NOTIFY_SOCKET, its own", () => {
  const env = variables(createPlan(factsOf(config, { notify: socket })).init);
  assert.equal(env, ["HOME=/", "NOTIFY_SOCKET=/run/notify/notify.sock"]);
});

test("without the caller's socket nothing is made, and the program's environment stays as it is", () => {
  const { runtime, init } = createPlan(factsOf(config, { startsAtOnce: true }));
  assert.not(ops(runtime).some((op) => /Notify|Ready/.test(op)));
  assert.equal(variables(init), config.process?.env);
});

test("the socket is bound before the program runs, and waited for without the lock", () => {
  const process = { pid: 42, startTime: 7 };
  assert.equal(ops(startPlan("/run/runts", "c", process, starting, socket).runtime), [
    "lockState",
    "listenNotify",
    "releaseStart",
    "wait",
    "unlockState",
    "awaitReady",
  ]);
  assert.equal(awaitReady(socket, process).at(-1), { op: "awaitReady", from: "", ...process });
  const { runtime } = createPlan(factsOf(config, { notify: socket, startsAtOnce: true }));
  const at = (op: Step["op"]) => ops(runtime).indexOf(op);
  assert.ok(at("listenNotify") < runtime.findIndex((step) => step.op === "signal" && step.event === "start"));
});

test.run();
