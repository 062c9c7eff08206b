// SPDX-License-Identifier: Apache-2.0
// node test/podman/main.js [RUNTIME]
//
// Runs Debian's Podman with the runtime under test (or $RUNTIME, or build/runts) on an image made here from the
// static busybox, and prints one TAP line a check. Needs root and cgroup v2 with its controllers: start it through
// scripts/with-limits.sh. Exit code 0 when no check failed.

import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import exec from "./checks/exec.js";
import filesystem from "./checks/filesystem.js";
import lifecycle from "./checks/lifecycle.js";
import limits from "./checks/limits.js";
import network from "./checks/network.js";
import process_ from "./checks/process.js";
import run from "./checks/run.js";
import signals from "./checks/signals.js";
import leftovers, { snapshot } from "./leftovers.js";
import { image, openPodman } from "./podman.js";
import { Checks } from "./tap.js";

const repository = fileURLToPath(new URL("../..", import.meta.url));
const runtime = resolve(process.argv[2] ?? process.env.RUNTIME ?? `${repository}/build/runts`);

/** The image is the demo's rootfs, imported: nothing is pulled from anywhere. */
async function makeImage({ podman, scratch }) {
  const script = `set -e; ${repository}/scripts/bundle.sh ${scratch}/bundle; tar -C ${scratch}/bundle/rootfs -cf ${scratch}/image.tar .`;
  const made = spawnSync("bash", ["-c", script], { encoding: "utf8" });
  if (made.status !== 0) throw new Error(`making the rootfs: ${made.stderr}`);
  const imported = await podman(`import ${scratch}/image.tar ${image}`);
  if (imported.code !== 0) throw new Error(`podman import: ${imported.err}`);
}

const engine = openPodman(runtime);
let failed = 0;
try {
  const before = await snapshot(runtime);
  await makeImage(engine);
  const checks = new Checks();
  const registry = { add: (name, body) => checks.add(name, body) };
  // The longest first, so that two workers end at about the same time.
  for (const group of [network, exec, lifecycle, signals, run, limits, filesystem, process_])
    group(registry, engine);
  const main = await checks.run(2);

  // A check that failed may have left its container; that is its failure, not one of what follows.
  if (main.failed > 0) await engine.podman("rm -f -a -t 0");
  const last = new Checks(main.count);
  leftovers({ add: (name, body) => last.add(name, body) }, engine, before);
  const end = await last.run(1);
  failed = main.failed + end.failed;
  console.log(`1..${main.count + end.count}`);
} finally {
  await engine.podman("rm -f -a -t 0");
  engine.close();
}
process.exitCode = failed > 0 ? 1 : 0;
