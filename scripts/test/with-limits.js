// SPDX-License-Identifier: Apache-2.0
// node scripts/test/with-limits.js FILES
//
// The last stage, on both sides of scripts/with-limits.sh: runWithLimits() starts this file there, which runs the
// tests named by FILES (as JSON), prints its lines, and hands its results back as one line of JSON.

import { pathToFileURL } from "node:url";
import { execute } from "./execute.js";
import { root } from "./files.js";
import { Report } from "./report.js";
import { runLimitTests } from "./stages.js";

const resultMark = "#results ";
const secondsAtMost = 2400;

/** Runs `files` (of bundleLimitTests) where limits work, with the lines of their report passed on as they come. */
export async function runWithLimits(report, files) {
  let results;
  const onLine = (line) => {
    if (line.startsWith(resultMark)) results = JSON.parse(line.slice(resultMark.length));
    else console.log(line);
  };
  // The virtual machine has an environment of its own.
  const runtime = process.env.RUNTIME ? ["env", `RUNTIME=${process.env.RUNTIME}`] : [];
  const command = [
    ...runtime,
    process.execPath,
    `${root}/scripts/test/with-limits.js`,
    JSON.stringify(files),
  ];
  const result = await execute("scripts/with-limits.sh", ["-t", `${secondsAtMost}`, ...command], {
    seconds: secondsAtMost + 120,
    onLine,
  });
  if (results) report.adopt(results);
  else
    report.add("vm", "scripts/with-limits.sh", {
      ...result,
      passed: 0,
      failed: 1,
      skipped: [],
      why: "it never got to the end",
    });
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const report = new Report();
  await runLimitTests(report, JSON.parse(process.argv[2]));
  // The text of failures has been printed already, and the exit code does not matter.
  console.log(resultMark + JSON.stringify(report.results.map(({ output: _, ...result }) => result)));
}
