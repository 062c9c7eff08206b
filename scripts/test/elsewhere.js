// SPDX-License-Identifier: Apache-2.0
// node scripts/test/elsewhere.js FILES
//
// The last stages, on both sides of scripts/with-limits.sh: runElsewhere() starts this file there,
// which runs the tests named by FILES (as JSON), prints its lines, and hands back the results of each as a line of JSON.

import { pathToFileURL } from "node:url";
import { execute } from "./execute.js";
import { root } from "./files.js";
import { Report } from "./report.js";
import { runThere } from "./stages.js";

const resultMark = "#results ";
const secondsAtMost = 3600;
/** vm.sh's status for a machine that came to stand still (EX_TEMPFAIL of sysexits.h). */
const stoodStill = 75;

const script = "scripts/with-limits.sh";

/** One start of the script; `results` are those of the files that came to their end, in order. */
async function start(flags, files) {
  const results = [];
  const onLine = (line) => {
    if (line.startsWith(resultMark)) results.push(JSON.parse(line.slice(resultMark.length)));
    else console.log(line);
  };
  // The virtual machine has an environment of its own.
  const runtime = process.env.RUNTIME ? ["env", `RUNTIME=${process.env.RUNTIME}`] : [];
  const command = [...runtime, process.execPath, `${root}/scripts/test/elsewhere.js`, JSON.stringify(files)];
  const result = await execute(script, [...flags, "-t", `${secondsAtMost}`, ...command], {
    seconds: secondsAtMost + 120,
    onLine,
  });
  return { result, results };
}

/**
 * Runs `files` (of stages.js) by that script with these flags, the lines of their report passed on as they come. A machine
 * that comes to stand still says nothing of what is tested: another one goes on with the file it stood at, once.
 */
export async function runElsewhere(report, flags, files) {
  let left = files;
  for (let machine = 1; left.length > 0; machine++) {
    const { result, results } = await start(flags, left);
    for (const ofFile of results) report.adopt(ofFile);
    left = left.slice(results.length);
    if (left.length === 0) return;
    if (result.code === stoodStill && machine === 1) {
      console.log(`the virtual machine stood still at ${left[0].file}: once more from there`);
      continue;
    }
    report.add("vm", [script, ...flags].join(" "), {
      ...result,
      passed: 0,
      failed: 1,
      skipped: [],
      why: "it never got to the end",
    });
    return;
  }
}

if (import.meta.url === pathToFileURL(process.argv[1]).href)
  for (const file of JSON.parse(process.argv[2])) {
    const report = new Report();
    await runThere(report, [file]);
    // The text of failures has been printed already, and the exit code does not matter.
    console.log(resultMark + JSON.stringify(report.results.map(({ output: _, ...result }) => result)));
  }
