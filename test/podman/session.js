// SPDX-License-Identifier: Apache-2.0
// One Podman from its image to its end: checks as TAP lines, then what is left behind.

import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
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

const wanted = process.argv.slice(3);

/** `groups` of checks by name, the longest first, so that two workers end at about the same time. */
export async function runSession(cgroupManager, groups, caller) {
  const engine = openPodman(runtime, cgroupManager, caller);
  let failed = 0;
  try {
    const before = await snapshot(engine);
    await makeImage(engine);
    const checks = new Checks();
    for (const [name, group] of Object.entries(groups))
      if (wanted.length === 0 || wanted.includes(name))
        group({ add: (title, body) => checks.add(title, body, name) }, engine);
    const main = await checks.run(2);

    // A check that failed may have left its container; that is its failure, not one of what follows.
    if (main.failed > 0) await engine.podman("rm -f -a -t 0");
    const last = new Checks(main.count);
    leftovers({ add: (title, body) => last.add(title, body, "leftovers") }, engine, before);
    const end = await last.run(1);
    failed = main.failed + end.failed;
    console.log(`1..${main.count + end.count}`);
    for (const [name, { passed, count }] of Object.entries({ ...main.groups, ...end.groups }))
      console.log(`# ${name}: ${passed} of ${count}`);
  } finally {
    await engine.podman("rm -f -a -t 0");
    engine.close();
  }
  process.exitCode = failed > 0 ? 1 : 0;
}
