// SPDX-License-Identifier: Apache-2.0
// The root file system, volumes and tmpfs.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { expectMatch, expectResult } from "../../podman/tap.js";
import { containers, idle } from "../containers.js";
import { shell } from "../docker.js";

export default function ({ add }, engine) {
  const { docker, run, scratch } = engine;
  const { start } = containers(engine);

  add("--read-only with --tmpfs: only the tmpfs can be written, with its options", async () => {
    const options = "--read-only --tmpfs /scratch:size=1m,mode=1777,noexec";
    const script = "echo x >/scratch/x && cat /scratch/x; grep ' /scratch ' /proc/mounts; echo x >/x";
    const result = await run(shell(options, script));
    expectResult(result, 1);
    expectMatch(result, /^x\ntmpfs \/scratch tmpfs rw,nosuid,nodev,noexec,[^ ]*size=1024k/);
    expectMatch(result, /\/x: Read-only file system/);
  });

  add("-v of a folder and of a file of the host, writable and :ro", async () => {
    mkdirSync(`${scratch}/shared`);
    writeFileSync(`${scratch}/file`, "from the host\n");
    const options = `-v ${scratch}/shared:/shared -v ${scratch}/file:/etc/file:ro`;
    const script = "cat /etc/file >/shared/copy && cat /etc/file; echo x >/etc/file";
    const result = await run(shell(options, script));
    expectResult(result, 1, "from the host");
    expectMatch(result, /Read-only file system/);
    expectResult({ code: 0, out: readFileSync(`${scratch}/shared/copy`, "utf8") }, 0, "from the host");
  });

  add("a named volume goes from one container to the next", async () => {
    expectResult(await docker("volume create kept"), 0);
    expectResult(await run(shell("-v kept:/kept", "echo words >/kept/file")), 0);
    const options = "--mount type=volume,source=kept,target=/kept,readonly";
    expectMatch(await run(shell(options, "cat /kept/file; echo x >/kept/file")), /words\n.*Read-only/s);
    expectResult(await docker("volume rm kept"), 0);
  });

  add("--mount with bind-propagation: a mount of the host arrives in the container", async () => {
    const tree = `${scratch}/tree`;
    mkdirSync(`${tree}/branch`, { recursive: true });
    const mount = (...args) => assert.equal(spawnSync("mount", args).status, 0, `mount ${args}`);
    mount("--bind", tree, tree);
    mount("--make-shared", tree);
    const options = `--mount type=bind,source=${tree},target=/tree,bind-propagation=rslave`;
    expectResult(await start("below", idle, options), 0);
    mount("-t", "tmpfs", "-o", "size=1m", "arrived", `${tree}/branch`);
    expectMatch(await docker("exec below cat /proc/mounts"), /^arrived \/tree\/branch tmpfs /m);
    expectResult(await docker("rm -f below"), 0);
    assert.equal(spawnSync("umount", ["--recursive", tree]).status, 0, "umount");
  });

  add("cp, diff and commit see what the container wrote", async () => {
    expectResult(
      await docker(["run", "--name", "writer", "--network", "none", ...shell("", "echo words >/written")]),
      0,
    );
    expectMatch(await docker("diff writer"), /^A \/written$/m);
    expectResult(await docker(`cp writer:/written ${scratch}/written`), 0);
    expectResult({ code: 0, out: readFileSync(`${scratch}/written`, "utf8") }, 0, "words");
    expectResult(await docker("rm writer"), 0);
  });
}
