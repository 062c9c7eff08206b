// SPDX-License-Identifier: Apache-2.0

import { test } from "uvu";
import * as assert from "uvu/assert";
import { RuntsError } from "../errors.ts";
import { brief, podmanConfig, specConfig } from "./fixtures/edit.ts";
import { encode, memoryHost } from "./fixtures/host.ts";
import { loadConfig } from "./load.ts";

const hostWith = (text: string) => memoryHost({ "/b/config.json": encode(text) });

async function errorOf(host: ReturnType<typeof memoryHost>, bundle = "/b"): Promise<RuntsError> {
  try {
    await loadConfig(host, bundle);
  } catch (error) {
    if (error instanceof RuntsError) return error;
    throw error;
  }
  throw new Error(`${bundle} was loaded`);
}

test("a right bundle gives its config, the bytes it was read from and its path", async () => {
  for (const config of [specConfig, podmanConfig]) {
    const text = JSON.stringify(config);
    const loaded = await loadConfig(hostWith(text), "/b");
    assert.equal(loaded.config, config);
    assert.equal(loaded.bytes, encode(text));
    assert.is(loaded.path, "/b/config.json");
    assert.equal(loaded.warnings, []);
  }
});

test("64-bit integers arrive exact", async () => {
  const text = JSON.stringify(specConfig).replace('"hard":1024', '"hard":18446744073709551615');
  const { config } = await loadConfig(hostWith(text), "/b");
  assert.is(config.process?.rlimits?.[0]?.hard, 18446744073709551615n);
});

test("all faults come at once, in the order of the document, with their places", async () => {
  const text = [
    "{",
    '  "ociVersion": "1.0.0",',
    '  "root": { "path": "" },',
    '  "process": { "cwd": "x", "args": ["sh"] },',
    '  "linux": { "maskedPaths": ["y"] }',
    "}",
  ].join("\n");
  const { code, facts } = await errorOf(hostWith(text));
  assert.is(code, "invalid");
  assert.is(facts.file, "/b/config.json");
  assert.equal(
    facts.faults?.map(({ pointer, line, column }) => [pointer, line, column]),
    [
      ["/root/path", 3, 21],
      ["/process/cwd", 4, 23],
      ["/linux/maskedPaths/0", 5, 30],
    ],
  );
});

test("a syntax error has its place and says what is missing", async () => {
  const { facts } = await errorOf(hostWith('{\n  "a": 1\n  "b": 2\n}'));
  assert.equal(facts.faults, [
    { code: "syntax", pointer: "", expected: "a comma", found: '"b"', line: 3, column: 3 },
  ]);
});

test("a name given twice is shown where it stands the second time", async () => {
  const { facts } = await errorOf(hostWith('{ "hostname": "a",\n"hostname": "b" }'));
  assert.equal(brief(facts.faults ?? []), ["duplicate /hostname"]);
  assert.is(facts.faults?.[0]?.line, 2);
});

test("what is not UTF-8 is a fault of the file", async () => {
  const { facts } = await errorOf(memoryHost({ "/b/config.json": Uint8Array.of(0x22, 0xff, 0x22) }));
  assert.equal(facts.faults, [{ code: "syntax", pointer: "", expected: "UTF-8" }]);
});

test("a bundle without config.json, no bundle, and a file for a bundle are told apart", async () => {
  const host = memoryHost({ "/b/rootfs/x": encode(""), "/f": encode("") });
  const missing = await errorOf(host, "/b");
  assert.equal([missing.code, missing.facts.file, missing.facts.errno], ["system", "/b/config.json", 2]);
  const none = await errorOf(host, "/n");
  assert.equal([none.code, none.facts.file, none.facts.detail], ["system", "/n", "no such bundle"]);
  const file = await errorOf(host, "/f");
  assert.equal(
    [file.facts.file, file.facts.errno, file.facts.detail],
    ["/f", 20, "the bundle is not a directory"],
  );
});

test("a config of more than 16 MiB is refused", async () => {
  const host = memoryHost({ "/b/config.json": new Uint8Array(16 * 1024 * 1024 + 1) });
  assert.equal(brief((await errorOf(host)).facts.faults ?? []), ["range "]);
});

test("a warning does not keep a config from being loaded", async () => {
  const text = JSON.stringify(specConfig).replace("CAP_KILL", "CAP_KILLS");
  const { warnings } = await loadConfig(hostWith(text), "/b");
  assert.equal(brief(warnings), ["enum /process/capabilities/bounding/1"]);
});

test.run();
