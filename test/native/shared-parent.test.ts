// SPDX-License-Identifier: Apache-2.0

// Containers that come and go side by side in one parent cgroup, which the first makes and the last may remove.

import { spawn } from "node:child_process";
import { existsSync, readFileSync, rmdirSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Change, makeBundle, shell } from "./bundle.ts";
import { cgroupMount, expectNoLeaks, snapshot } from "./leaks.ts";
import { Runtime } from "./runtime.ts";
import { mark, newId } from "./scratch.ts";

const before = snapshot();
const runtime = new Runtime();
const controllers = readFileSync(`${cgroupMount}/cgroup.controllers`, "utf8").trim().split(" ");

const parent = `${mark}shared/deeper`;

/** With a limit where there is a controller for one: then the parent must hand it down in time. */
const limited: Change = ({ linux }) => {
  if (controllers.includes("pids")) linux.resources = { pids: { limit: 50 } };
  else if (controllers.includes("hugetlb"))
    linux.resources = { hugepageLimits: [{ pageSize: "2MB", limit: 4 << 20 }] };
};

/** One container from its create to its delete; what went wrong. */
async function come(go: "delete" | "run"): Promise<string> {
  const id = newId();
  const bundle = makeBundle((config, folder) => {
    shell(go === "run" ? "true" : "sleep 1000")(config, folder);
    config.linux.cgroupsPath = `/${parent}/${id}`;
    limited(config, folder);
  });
  const calls =
    go === "run"
      ? [["run", "--bundle", bundle, id]]
      : [
          ["create", "--bundle", bundle, id],
          ["delete", "--force", id],
        ];
  for (const args of calls) {
    const { status, err } = await runtime.launch(args).ended;
    if (status !== 0 || err !== "") return `${args[0]} ${id}: ${status} ${err}`;
  }
  return "";
}

test("fifty at a time are created and deleted in one parent that none of them found", async () => {
  const failures = await Promise.all(
    Array.from({ length: 50 }, (_, i) => come(i % 2 === 0 ? "delete" : "run")),
  );
  assert.equal(
    failures.filter((text) => text !== ""),
    [],
  );
});

/** Removes the parents whenever they are empty, as the delete of who made them does. */
const remover = `const { rmdirSync } = require("node:fs");
const remove = (path) => { try { rmdirSync(path); } catch {} };
for (;;) for (const path of process.argv.slice(1)) remove(path);`;

test("a parent that goes whenever it is empty is there for whoever comes", async () => {
  const folders = [parent, `${mark}shared`].map((path) => `${cgroupMount}/${path}`);
  const child = spawn(process.execPath, ["-e", remover, ...folders], { stdio: "ignore" });
  const failures: string[] = [];
  for (let round = 0; round < 60; round++) failures.push(await come("run"));
  child.kill("SIGKILL");
  assert.equal(
    failures.filter((text) => text !== ""),
    [],
  );
});

test("nothing is left behind", () => {
  // whoever made it may have gone while others were in it, and nobody else removes what he has not made
  for (const path of [parent, `${mark}shared`])
    if (existsSync(`${cgroupMount}/${path}`)) rmdirSync(`${cgroupMount}/${path}`);
  expectNoLeaks(before);
});

test.run();
