// SPDX-License-Identifier: Apache-2.0
// node scripts/test.js [--only PATTERN] [--no-vm]
//
// Runs every test of a built tree: the static checks, the unit tests under Node and QuickJS, the tests of the
// executable on this machine, the conformance suite on runts, crun, runc and faulty runtimes, and what needs cgroup
// limits, systemd or an engine (in a virtual machine where this one lacks them). Prints a line per file, failures in
// full, and last, alone on a line, "N passed, N failed, N skipped".
//
// --only PATTERN  only the checks and files whose name matches this regular expression
// --no-vm         skip the tests that need limits, systemd or an engine

import { rmSync } from "node:fs";
import { parseArgs } from "node:util";
import { runStaticChecks } from "./test/checks.js";
import { runConformance, runMutants } from "./test/conformance.js";
import { areApart, runElsewhere } from "./test/elsewhere.js";
import { inParallel } from "./test/execute.js";
import { root } from "./test/files.js";
import { Report } from "./test/report.js";
import {
  bundleSystemdTests,
  bundleVmTests,
  findEngineTests,
  runNativeTests,
  runUnitTests,
} from "./test/stages.js";

const { values } = parseArgs({ options: { only: { type: "string" }, "no-vm": { type: "boolean" } } });
const only = new RegExp(values.only ?? "");
const wanted = (name) => only.test(name);

const report = new Report();
rmSync(`${root}/build/test`, { recursive: true, force: true });
await runStaticChecks(report, wanted);
await runUnitTests(report, wanted);
await runNativeTests(report, wanted);

const suiteTasks = await runConformance(report, wanted, !values["no-vm"]);
await runMutants(report, wanted);

const willRun = !values["no-vm"];
const measuring = await bundleVmTests(report, wanted);
const underSystemd = await bundleSystemdTests(report, wanted);
const others = [...(await findEngineTests(report, wanted, willRun)), ...suiteTasks];
const groups = [
  { flags: [], files: others },
  { flags: ["-s"], files: underSystemd },
].filter(({ files }) => files.length > 0);
if (!willRun) {
  for (const { file } of [...measuring, ...others, ...underSystemd]) report.skip("vm", file, "--no-vm");
} else {
  // What measures has the processors to itself; an engine's checks wait for one process after the other.
  if (measuring.length > 0) await runElsewhere(report, [], measuring);
  await inParallel(groups, (await areApart(groups)) ? 2 : 1, ({ flags, files }) =>
    runElsewhere(report, flags, files),
  );
}

if (report.isEmpty) console.log(`nothing matches ${only}`);
process.exitCode = report.close() ? 0 : 1;
