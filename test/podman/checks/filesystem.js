// SPDX-License-Identifier: Apache-2.0
// What the container sees of files and devices.

import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { image, shell } from "../podman.js";
import { expectMatch, expectResult, Skip } from "../tap.js";

export default function ({ add }, { run, scratch }) {
  const volume = (name) => {
    const path = `${scratch}/volume/${name}`;
    mkdirSync(path);
    return path;
  };

  add("--read-only makes the rootfs read-only, /tmp stays writable", async () => {
    const result = await run(shell("--read-only", "touch /tmp/file && echo made; touch /file"));
    expectResult(result, 1, "made");
    expectMatch(result, /Read-only file system/);
  });

  add("-v mounts a folder of the host, and writes reach it", async () => {
    const path = volume("rw");
    expectResult(await run(shell(`-v ${path}:/volume`, "echo written > /volume/file")), 0);
    assert.equal(readFileSync(`${path}/file`, "utf8"), "written\n");
  });

  add("-v …:ro refuses writes", async () => {
    const path = volume("ro");
    writeFileSync(`${path}/file`, "from the host\n");
    const result = await run(shell(`-v ${path}:/volume:ro`, "cat /volume/file; touch /volume/new"));
    expectResult(result, 1, "from the host");
    expectMatch(result, /Read-only file system/);
    assert.ok(!existsSync(`${path}/new`));
  });

  add("--tmpfs mounts with its options", async () => {
    const result = await run(
      shell("--tmpfs /scratch:size=1m,mode=700,noexec", "grep ' /scratch ' /proc/mounts"),
    );
    expectResult(result, 0);
    for (const option of [/ tmpfs /, /noexec/, /nosuid/, /nodev/, /size=1024k/, /mode=700/])
      expectMatch(result, option);
  });

  add("--device makes a node of the host, --shm-size sizes /dev/shm", async () => {
    const options = "--device /dev/zero:/dev/nought --shm-size 1m";
    const script = "head -c 3 /dev/nought | od -An -tx1; df -k /dev/shm | awk 'END { print $2 }'";
    expectResult(await run(shell(options, script)), 0, "00 00 00\n1024");
  });

  add("a device that was not given cannot be opened, even with a node of its own", async () => {
    const result = await run(shell("", "mknod /mem c 1 1 && head -c 1 /mem"));
    expectResult(result, 1, "");
    expectMatch(result, /Operation not permitted/);
  });

  add("--init runs an init as process 1", async () => {
    if (!existsSync("/usr/libexec/podman/catatonit")) throw new Skip("catatonit is not installed");
    const result = await run(`--init ${image} cat /proc/1/comm`);
    expectResult(result, 0);
    expectMatch(result, /catatonit|podman-init/);
  });
}
