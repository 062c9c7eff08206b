// SPDX-License-Identifier: Apache-2.0

import { test } from "uvu";
import * as assert from "uvu/assert";
import { RuntsError } from "../errors.ts";
import type { Json } from "../host.ts";
import { encode, memoryHost } from "./fixtures/host.ts";
import { checkProcess, parseProcess } from "./process.ts";

async function faultsOf(work: Promise<unknown>): Promise<readonly string[]> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof RuntsError) || error.code !== "invalid") throw error;
    const at = (line?: number, column?: number) => (line === undefined ? "" : `:${line}:${column}`);
    return (error.facts.faults ?? []).map(
      ({ pointer, code, line, column }) => `${pointer} ${code}${at(line, column)}`,
    );
  }
  return [];
}

const right: Json = { cwd: "/", args: ["sh"] };

test("a right process is given back, with what the spec wants said of it", async () => {
  const { process, warnings } = await checkProcess(
    { ...right, capabilities: { bounding: ["CAP_X"] } },
    "",
    "p",
  );
  assert.is(process.cwd, "/");
  assert.equal(
    warnings.map(({ pointer }) => pointer),
    ["/process/capabilities/bounding/0"],
  );
});

test("what no process knows is passed over", async () => {
  assert.equal(await faultsOf(checkProcess({ ...right, commandLine: "x", more: {} }, "", "p")), []);
});

test("all faults come at once, those of the schema and of the rules, with places in the process's own text", async () => {
  const text = '{ "cwd": "x",\n  "env": ["A"],\n  "user": { "uid": 4294967295, "gid": 0 } }';
  assert.equal(await faultsOf(checkProcess(JSON.parse(text), text, "p")), [
    "/process required:1:1",
    "/process/cwd format:1:10",
    "/process/env/0 format:2:11",
    "/process/user/uid range:3:20",
  ]);
});

test("a value that was not read has no places, and may hold no NUL either", async () => {
  assert.equal(await faultsOf(checkProcess({ cwd: "/", args: ["a\0b"] }, "", "p")), [
    "/process/args/0 format",
  ]);
});

test("what is no object is no process", async () => {
  assert.equal(await faultsOf(checkProcess([], "[]", "p")), ["/process type:1:1"]);
});

test("a document that is no JSON, or has a name twice, says where", async () => {
  const parse = (text: string) => parseProcess(memoryHost({}), encode(text), "p");
  assert.equal(await faultsOf(parse('{"cwd": }')), [" syntax:1:9"]);
  assert.equal(await faultsOf(parse('{"cwd": "/",\n"cwd": "/"}')), ["/process/cwd duplicate:2:8"]);
  assert.equal((await parse('{"cwd": "/", "args": []}')).value, { cwd: "/", args: [] });
});

test.run();
