// SPDX-License-Identifier: Apache-2.0
// The test files, by where they run. Each stage adds one result per file to the report.

import { existsSync } from "node:fs";
import { bundleTest } from "./bundle.js";
import { runLimited } from "./conformance.js";
import { execute, inParallel } from "./execute.js";
import { findFiles, root } from "./files.js";
import { parseTap, parseUvu } from "./parse.js";

const node = process.execPath;
// The real host under Node, as build/runts-unit has its own.
const withHost = ["--import", "./test/host/preload-node.js"];
const engineTests = ["test/podman/main.js", "test/containerd/main.js", "test/docker/main.js"];
const systemdEngineTests = [
  "test/podman/systemd.js",
  "test/podman/rootless.js",
  "test/containerd/systemd.js",
  "test/docker/systemd.js",
];

/** The bundle's path, or undefined after a failure was reported. */
async function bundleOrReport(report, stage, file, kind) {
  try {
    return await bundleTest(file, kind);
  } catch (error) {
    report.add(stage, file, { passed: 0, failed: 1, skipped: [], output: error.message });
    return undefined;
  }
}

async function runUvu(report, stage, file, command, seconds) {
  const result = await execute(command[0], command.slice(1), { seconds });
  report.add(stage, file, { ...result, ...parseUvu(result) });
}

/** Tests of lib/ and cmd/: the same bundle under Node and under QuickJS. */
export async function runUnitTests(report, wanted) {
  const files = findFiles(["lib", "cmd", "test/host"], /\.test\.ts$/).filter(wanted);
  // The suite is a program for Node.js alone.
  for (const file of findFiles(["conformance"], /\.test\.ts$/).filter(wanted)) {
    const bundle = await bundleOrReport(report, "unit", file, "node");
    if (bundle) await runUvu(report, "node", file, [node, "--enable-source-maps", bundle], 120);
  }
  const quickjs = `${root}/build/runts-unit`;
  const hasQuickjs = existsSync(quickjs);
  await inParallel(files, 2, async (file) => {
    const bundle = await bundleOrReport(report, "unit", file, "unit");
    if (!bundle) return;
    await runUvu(report, "node", file, [node, ...withHost, "--enable-source-maps", bundle], 120);
    if (hasQuickjs) await runUvu(report, "quickjs", file, [quickjs, bundle], 120);
  });
  if (files.length > 0 && !hasQuickjs) report.skip("quickjs", "unit tests", "build/runts-unit is not built");
}

/** Tests of the executable on this machine: one at a time, because they look at what it leaves behind. */
export async function runNativeTests(report, wanted) {
  for (const file of findFiles(["test/native"], /\.test\.ts$/).filter(wanted)) {
    if (file === "test/native/systemd.test.ts") await makeSystemdRoot();
    const bundle = await bundleOrReport(report, "native", file, "node");
    const command = ["scripts/cgroup2.sh", node, "--enable-source-maps", bundle];
    if (bundle) await runUvu(report, "native", file, command, 300);
  }
}

/** The path of the image with Python for Docker; undefined after a failure was reported. */
async function makeDebian(report) {
  const result = await execute("scripts/vm/debian.sh", [], { seconds: 900 });
  if (result.code === 0) return result.output.trim().split("\n").pop();
  report.add("docker", "scripts/vm/debian.sh", { ...result, passed: 0, failed: 1, skipped: [] });
  return undefined;
}

/** Files of the last stage: tests that need limits, bundled beforehand, and engines'. `--no-vm` needs no image. */
export async function bundleLimitTests(report, wanted, willRun) {
  const files = [];
  for (const file of findFiles(["test/vm"], /\.test\.ts$/).filter(wanted)) {
    const bundle = await bundleOrReport(report, "vm", file, "node");
    if (bundle) files.push({ file, bundle });
  }
  for (const file of engineTests.filter(wanted)) {
    const debian = willRun && file.startsWith("test/docker/") ? await makeDebian(report) : undefined;
    files.push({ file, env: debian ? { RUNTS_DEBIAN: debian } : {} });
  }
  return files;
}

/** The same for where systemd is process 1. */
export async function bundleSystemdTests(report, wanted) {
  const files = [];
  for (const file of findFiles(["test/systemd"], /\.test\.ts$/).filter(wanted)) {
    const bundle = await bundleOrReport(report, "systemd", file, "node");
    if (bundle) files.push({ file, bundle, stage: "systemd" });
  }
  const engines = systemdEngineTests.filter(wanted);
  if (engines.some((file) => file.startsWith("test/podman/"))) await makeSystemdRoot();
  return [...files, ...engines.map((file) => ({ file }))];
}

/** What a container with systemd boots, made here since the virtual machine has no network; once. */
async function makeSystemdRoot() {
  const cache = process.env.RUNTS_VM_CACHE ?? "/var/cache/runts-vm";
  const made = await execute("scripts/vm/systemd-root.sh", [cache], { seconds: 600 });
  // the check that wants it is skipped then
  if (made.code !== 0) console.log(made.output.trim());
}

/** Runs those files (and tasks of conformance.js); this happens where they can be, mostly inside the virtual machine. */
export async function runThere(report, files) {
  for (const { file, bundle, stage = "vm", env, ...task } of files) {
    if (task.cases) {
      await runLimited(report, task);
    } else if (bundle) {
      await runUvu(report, stage, file, [node, "--enable-source-maps", bundle], 600);
    } else {
      // Its checks take seconds each: they are shown as they come.
      const engine = file.split("/")[1] ?? ""; // test/podman/main.js
      const onLine = (line) => /^(not )?ok /.test(line) && console.log(`     ${engine.padEnd(8)} ${line}`);
      const result = await execute(node, [file], { seconds: 1800, env, onLine });
      report.add(engine, file, { ...result, ...parseTap(result) });
    }
  }
}
