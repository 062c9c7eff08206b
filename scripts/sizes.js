// SPDX-License-Identifier: Apache-2.0
// node scripts/sizes.js [--verbose]
//
// Fails on files and functions that have grown too long to read in one sitting, and on sources without an SPDX line.
// --verbose also names what is above the aims.

import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { findFiles, root } from "./test/files.js";
import { longFunctions } from "./test/functions.js";

const limits = { script: { aim: 150, limit: 300 }, c: { aim: 250, limit: 500 }, functions: 60 };
const folders = [".ci", "cmd", "conformance", "lib", "native", "scripts", "test"];
const verbose = process.argv.includes("--verbose");

const isSource = /\.(ts|js|c|h|sh)$|(^|\/)\.ci\/run$/;
const isC = (path) => /\.[ch]$/.test(path);
const isScript = (path) => /\.[tj]s$/.test(path);
/** Data and generated code may be as long as they need to be. */
const isTable = (path) => /^(lib\/tables|conformance\/catalogue)\//.test(path);

const faults = [];
const remarks = [];

for (const path of findFiles(folders, isSource).filter((file) => !/(^|\/)(generated|vendor)\//.test(file))) {
  const text = readFileSync(`${root}/${path}`, "utf8");
  const lines = text.split("\n").length - 1;
  if (!text.split("\n", 3).some((line) => line.includes("SPDX-License-Identifier: Apache-2.0"))) {
    faults.push(`${path}: no SPDX line at the head`);
  }
  if (isTable(path) || !(isC(path) || isScript(path))) continue;

  const { aim, limit } = isC(path) ? limits.c : limits.script;
  if (lines > limit) faults.push(`${path}: ${lines} lines, the limit is ${limit}`);
  else if (lines > aim) remarks.push(`${path}: ${lines} lines, the aim is ${aim}`);

  if (/\.test\.[tj]s$/.test(basename(path))) continue;
  for (const { line, name, length } of longFunctions(text, limits.functions, isC(path) ? "c" : "script")) {
    faults.push(`${path}:${line}: ${name} has ${length} lines, the limit is ${limits.functions}`);
  }
}

if (verbose) for (const remark of remarks) console.log(remark);
for (const fault of faults) console.error(fault);
process.exitCode = faults.length > 0 ? 1 : 0;
