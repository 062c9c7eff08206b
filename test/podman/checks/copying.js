// SPDX-License-Identifier: Apache-2.0
// Files in and out, and images made of containers.

import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { background } from "../background.js";
import { image, shell } from "../podman.js";
import { expectMatch, expectResult } from "../tap.js";

export default function ({ add }, { podman, run, scratch }) {
  const { start, printed } = background(podman);

  add("cp into and out of a container that runs, also through its volumes", async () => {
    const folder = `${scratch}/volume/copied`;
    mkdirSync(folder);
    writeFileSync(`${folder}/in`, "carried in\n");
    const options = `--tmpfs /memory -v ${scratch}/volume:/volume:ro`;
    expectResult(await start("copying", "echo made > /out; echo ready; exec sleep 1000", options), 0);
    await printed("copying", "ready");
    expectResult(await podman(`cp ${folder}/in copying:/memory/in`), 0);
    expectResult(await podman("exec copying cat /memory/in"), 0, "carried in");
    expectResult(await podman(`cp copying:/out ${folder}/out`), 0);
    assert.equal(readFileSync(`${folder}/out`, "utf8"), "made\n");
    expectResult(await podman(`cp copying:/volume/copied ${folder}/again`), 0);
    assert.equal(readFileSync(`${folder}/again/in`, "utf8"), "carried in\n");
    expectMatch(await podman("diff copying"), /^A \/out$/m);
    expectResult(await podman("commit -q --change CMD=/bin/pwd --change WORKDIR=/var copying committed"), 0);
    expectResult(await podman("rm -f -t 0 copying"), 0);
    expectResult(await run("localhost/committed"), 0, "/var");
    expectResult(await run("localhost/committed cat /out"), 0, "made");
    expectResult(await podman("rmi localhost/committed"), 0);
  });

  add("build: RUN as root and as a user, with a mount and no network", async () => {
    const folder = `${scratch}/volume/build`;
    mkdirSync(folder);
    writeFileSync(`${folder}/given`, "from the context\n");
    const lines = [
      `FROM ${image}`,
      "COPY given /given",
      "RUN cat /given > /built && hostname > /named && test $(ls /sys/class/net | wc -l) = 1",
      "RUN --mount=type=tmpfs,target=/scratch touch /scratch/file && id -u >> /built",
      "USER 7:8",
      "RUN test $(id -u):$(id -g) = 7:8 && ! touch /built 2> /dev/null",
      'CMD ["cat", "/built"]',
    ];
    writeFileSync(`${folder}/Containerfile`, `${lines.join("\n")}\n`);
    expectResult(await podman(`build -q --network none --no-cache -t built ${folder}`), 0);
    expectResult(await run("localhost/built"), 0, "from the context\n0");
    const failing = `FROM ${image}\nRUN exit 9\n`;
    const failed = await podman(["build", "--no-cache", "--network", "none", "-"], { input: failing });
    assert.notEqual(failed.code, 0);
    expectMatch(failed, /exit status 9/);
    expectResult(await podman("rmi localhost/built"), 0);
    expectResult(await run(shell("", "echo still there")), 0, "still there");
  });
}
