// SPDX-License-Identifier: Apache-2.0
// One Docker from its images to its end: checks as TAP lines, then what is left behind.

import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { byTurns } from "../podman/sequence.js";
import { Checks } from "../podman/tap.js";
import { image, openDocker } from "./docker.js";
import leftovers from "./leftovers.js";

const repository = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");
const [runtimeGiven, ...groupsGiven] = process.argv.slice(2);
const runtime = resolve(runtimeGiven ?? process.env.RUNTIME ?? `${repository}/build/runts`);

/** The image is the demo's rootfs, imported: nothing is pulled from anywhere. */
async function makeImage({ docker, scratch }) {
  const script = `set -e
    ${repository}/scripts/bundle.sh ${scratch}/bundle
    tar -C ${scratch}/bundle/rootfs --owner=0 --group=0 -cf ${scratch}/image.tar .`;
  const made = spawnSync("bash", ["-c", script], { encoding: "utf8" });
  if (made.status !== 0) throw new Error(`making the rootfs: ${made.stderr}`);
  const imported = await docker(`import ${scratch}/image.tar ${image}`);
  if (imported.code !== 0) throw new Error(`docker import: ${imported.err}`);
}

/** `groups` of checks by name. */
export async function runSession(cgroupDriver, groups) {
  const engine = await openDocker(runtime, cgroupDriver);
  let count = 0;
  let failed = 0;
  const runChecks = async (chosen, workers) => {
    const checks = new Checks(count);
    for (const { name, body } of byTurns(chosen, engine)) checks.add(name, body);
    const result = await checks.run(workers);
    count += result.count;
    failed += result.failed;
  };
  try {
    await makeImage(engine);
    const wanted = ([name]) => groupsGiven.length === 0 || groupsGiven.includes(name);
    await runChecks(
      Object.entries(groups)
        .filter(wanted)
        .map(([, group]) => group),
      2,
    );
    // A check that failed may have left its container; that is its failure, not one of what follows.
    if (failed > 0) await engine.removeAll();
    await runChecks([leftovers], 1);
    console.log(`1..${count}`);
    if (failed > 0 && process.env.DOCKER_LOG) console.error(engine.log());
  } finally {
    await engine.close();
  }
  process.exitCode = failed > 0 ? 1 : 0;
}
