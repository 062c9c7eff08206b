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
import { runElsewhere } from "./test/elsewhere.js";
import { root } from "./test/files.js";
import { Report } from "./test/report.js";
import { bundleLimitTests, bundleSystemdTests, runNativeTests, runUnitTests } from "./test/stages.js";

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

const limited = [...suiteTasks, ...(await bundleLimitTests(report, wanted, !values["no-vm"]))];
const underSystemd = await bundleSystemdTests(report, wanted);
for (const { flags, files } of [
  { flags: [], files: limited },
  { flags: ["-s"], files: underSystemd },
]) {
  if (values["no-vm"]) for (const { file } of files) report.skip("vm", file, "--no-vm");
  else if (files.length > 0) await runElsewhere(report, flags, files);
}

if (report.isEmpty) console.log(`nothing matches ${only}`);
process.exitCode = report.close() ? 0 : 1;
