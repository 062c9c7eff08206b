// SPDX-License-Identifier: Apache-2.0
// node scripts/test/elsewhere.js FILES
//
// The last stages, on both sides of scripts/with-limits.sh: runElsewhere() starts this file there,
// which runs the tests named by FILES (as JSON), prints its lines, and hands its results back as one line of JSON.

import { pathToFileURL } from "node:url";
import { execute } from "./execute.js";
import { root } from "./files.js";
import { Report } from "./report.js";
import { runThere } from "./stages.js";

const resultMark = "#results ";
const secondsAtMost = 3600;

const script = "scripts/with-limits.sh";

/** Runs `files` (of stages.js) by that script with these flags, the lines of their report passed on as they come. */
export async function runElsewhere(report, flags, files) {
  let results;
  const onLine = (line) => {
    if (line.startsWith(resultMark)) results = JSON.parse(line.slice(resultMark.length));
    else console.log(line);
  };
  // The virtual machine has an environment of its own.
  const runtime = process.env.RUNTIME ? ["env", `RUNTIME=${process.env.RUNTIME}`] : [];
  const command = [...runtime, process.execPath, `${root}/scripts/test/elsewhere.js`, JSON.stringify(files)];
  const result = await execute(script, [...flags, "-t", `${secondsAtMost}`, ...command], {
    seconds: secondsAtMost + 120,
    onLine,
  });
  if (results) report.adopt(results);
  else
    report.add("vm", [script, ...flags].join(" "), {
      ...result,
      passed: 0,
      failed: 1,
      skipped: [],
      why: "it never got to the end",
    });
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const report = new Report();
  await runThere(report, JSON.parse(process.argv[2]));
  // The text of failures has been printed already, and the exit code does not matter.
  console.log(resultMark + JSON.stringify(report.results.map(({ output: _, ...result }) => result)));
}
