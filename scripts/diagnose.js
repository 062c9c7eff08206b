// SPDX-License-Identifier: Apache-2.0
// node scripts/diagnose.js [PATTERN]
//
// Runs every broken bundle of test/diagnose/bundles (or those whose name matches), prints what runts tells of each, right
// or wrong, and the share of right answers. As root; scripts/cgroup2.sh sees to the cgroups.

import { spawnSync } from "node:child_process";
import { bundleTest } from "./test/bundle.js";
import { root } from "./test/files.js";

const program = await bundleTest("test/diagnose/main.ts", "node");
const command = [process.execPath, "--enable-source-maps", program, ...process.argv.slice(2)];
const { status } = spawnSync("scripts/cgroup2.sh", command, { cwd: root, stdio: "inherit" });
process.exitCode = status ?? 1;
