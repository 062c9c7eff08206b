// SPDX-License-Identifier: Apache-2.0
// One containerd from its images to its end: checks as TAP lines, then what is left behind.

import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { byTurns } from "../podman/sequence.js";
import { Checks } from "../podman/tap.js";
import { image, namespace, openContainerd, pauseImage, podNamespace } from "./containerd.js";
import { writeArchive } from "./image.js";
import leftovers from "./leftovers.js";

const repository = fileURLToPath(new URL("../..", import.meta.url));
const [runtimeGiven, ...groupsGiven] = process.argv.slice(2);
const runtime = resolve(runtimeGiven ?? process.env.RUNTIME ?? `${repository}/build/runts`);

async function importImages({ ctr, scratch }) {
  const made = spawnSync(`${repository}/scripts/bundle.sh`, [`${scratch}/bundle`], { encoding: "utf8" });
  if (made.status !== 0) throw new Error(`making the rootfs: ${made.stderr}`);
  const archive = writeArchive(scratch, `${scratch}/bundle/rootfs`, {
    [image]: { Cmd: ["sh"] },
    // what holds a pod's namespaces
    [pauseImage]: { Entrypoint: ["sleep", "1000000"] },
  });
  for (const where of [namespace, podNamespace]) {
    const imported = await ctr(["--namespace", where, "images", "import", archive]);
    if (imported.code !== 0) throw new Error(`ctr images import: ${imported.err}`);
  }
}

const isWanted = (name) => groupsGiven.length === 0 || groupsGiven.includes(name) || name === "leftovers";

/** `stages` one after the other: groups of checks, which `workers` take by turns. */
export async function runSession(cgroupManager, stages) {
  const engine = await openContainerd(runtime, cgroupManager);
  let count = 0;
  let failed = 0;
  try {
    await importImages(engine);
    for (const { groups, workers } of [...stages, { groups: { leftovers }, workers: 1 }]) {
      // a check that failed may have left its container; that is its failure, not one of what follows
      if (failed > 0) await engine.removeAll();
      const chosen = Object.entries(groups).filter(([name]) => isWanted(name));
      const checks = new Checks(count);
      for (const { name, body } of byTurns(
        chosen.map(([, group]) => group),
        engine,
      ))
        checks.add(name, body);
      const result = await checks.run(workers);
      count += result.count;
      failed += result.failed;
    }
    console.log(`1..${count}`);
    if (failed > 0 && process.env.CONTAINERD_LOG) console.error(engine.log());
  } finally {
    await engine.close();
  }
  process.exitCode = failed > 0 ? 1 : 0;
}
