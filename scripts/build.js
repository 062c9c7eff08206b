// SPDX-License-Identifier: Apache-2.0

// node scripts/build.js [--only quickjs|unit|node|types|conformance]...
//
// Builds everything into build/: the executable runts, runts-unit for unit tests on its engine, the addon
// runts.node, node/ with the command and the library for Node.js, and the conformance suite. Does only what has become necessary.

import { chmodSync, statSync } from "node:fs";
import { parseArgs } from "node:util";
import { bundleForNode, bundleForQuickjs } from "./build/bundle.js";
import { compileNative } from "./build/cmake.js";
import { bundleConformance, listCases } from "./build/conformance.js";
import { build, inRoot } from "./build/files.js";
import { generate } from "./build/generate.js";
import { emitTypes } from "./build/types.js";

const { values } = parseArgs({ options: { only: { type: "string", multiple: true } } });
const parts = ["quickjs", "unit", "node", "types", "conformance"];
const wanted = values.only ?? parts;
const unknown = wanted.filter((part) => !parts.includes(part));
if (unknown.length > 0) {
  console.error(`build: no such part: ${unknown.join(" ")} (there are ${parts.join(", ")})`);
  process.exit(1);
}

function show(name) {
  const path = `${build}/${name}`;
  const kib = statSync(path).size / 1024;
  console.log(`${name.padEnd(20)} ${kib.toFixed(0).padStart(7)} KiB`);
}

/** @type {Record<string, string[]>} */
const products = {
  quickjs: ["runts"],
  unit: ["runts-unit"],
  node: ["runts.node", "node/runts.js", "node/index.js"],
  types: ["node/types/lib/node.d.ts"],
  conformance: ["conformance/runts-conformance.js", "conformance/probe", "conformance/warden"],
};

try {
  await generate();
  if (wanted.includes("conformance")) listCases();
  await Promise.all([
    wanted.includes("quickjs") && bundleForQuickjs(),
    wanted.includes("node") && bundleForNode(),
    wanted.includes("conformance") && bundleConformance(),
  ]);
  if (wanted.includes("node")) chmodSync(inRoot("build/node/runts.js"), 0o755);
  const types = wanted.includes("types") ? emitTypes() : undefined;
  const targets = {
    quickjs: ["runts"],
    unit: ["runts-unit"],
    node: ["runts_node"],
    conformance: ["probe", "warden"],
  };
  await compileNative(Object.entries(targets).flatMap(([part, made]) => (wanted.includes(part) ? made : [])));
  await types;
  for (const part of wanted) products[part]?.forEach(show);
} catch (error) {
  console.error(`build: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}
