// SPDX-License-Identifier: Apache-2.0
// Volumes, in the ways they are asked for, and a rootfs that is no image.

import assert from "node:assert/strict";
import { chmodSync, existsSync, lstatSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { quietly } from "../background.js";
import { image, shell } from "../podman.js";
import { expectMatch, expectResult } from "../tap.js";

export default function (registry, engine) {
  named(registry, engine);
  bound(registry, engine);
  roots(registry, engine);
}

function named({ add }, { podman, run }) {
  add(
    "a named volume begins as what the image has there, outlives its container, and is shared",
    async () => {
      const read = shell("-v kept:/etc", "grep -c root /etc/passwd; cat /etc/kept; echo more >> /etc/kept");
      expectResult(await run(shell("-v kept:/etc", "echo written > /etc/kept")), 0);
      expectResult(await run(read), 0, "1\nwritten");
      expectResult(await podman(["create", ...quietly("owner"), "-v", "kept:/kept", image, "true"]), 0);
      expectResult(await run(shell("--volumes-from owner:ro", "cat /kept/kept")), 0, "written\nmore");
      expectResult(await podman("rm -v owner"), 0);
      expectResult(await podman("volume rm kept"), 0);
    },
  );
}

function bound({ add }, { run, scratch }) {
  const folder = (name) => {
    const path = `${scratch}/volume/${name}`;
    mkdirSync(path);
    return path;
  };

  add("-v …:U gives the folder to the container's user, …:O keeps what is written from it", async () => {
    const [own, over] = [folder("own"), folder("over")];
    writeFileSync(`${over}/file`, "from the host\n");
    const options = `--user 7:8 --uidmap 0:100000:100 --gidmap 0:200000:100 -v ${own}:/own:U`;
    expectResult(await run(shell(options, "touch /own/file && stat -c %u:%g /own")), 0, "7:8");
    assert.equal(lstatSync(`${own}/file`).uid, 100_007);
    const script = "cat /over/file; echo changed > /over/file; cat /over/file";
    expectResult(await run(shell(`-v ${over}:/over:O`, script)), 0, "from the host\nchanged");
    assert.equal(readFileSync(`${over}/file`, "utf8"), "from the host\n");
  });

  add("--mount: bind with options, tmpfs with a mode, and a file over a file", async () => {
    const path = folder("options");
    writeFileSync(`${path}/file`, "a file\n");
    const options = [
      `--mount type=bind,src=${path},dst=/bound,ro=true,bind-propagation=rshared`,
      "--mount type=tmpfs,dst=/small,tmpfs-size=64k,tmpfs-mode=0701",
      `-v ${path}/file:/etc/passwd:ro,noexec`,
    ].join(" ");
    const script = `cat /etc/passwd; awk '$5 == "/bound" { print $6, $7 }' /proc/self/mountinfo
      stat -c %a /small; head -c 100000 /dev/zero > /small/file; stat -c %s /small/file; touch /bound/new`;
    const result = await run(shell(options, script));
    expectResult(result, 1);
    expectMatch(result, /^a file\nro\S* shared:\d+\n701\n65536\n/);
    expectMatch(result, /Read-only file system/);
  });

  add("a volume's place in the image may be a link: it is followed inside", async () => {
    const path = folder("linked");
    const script = "ln -s /../../../../tmp/outside /link; ls -d /tmp/outside";
    const outside = await run(shell("", script));
    assert.notEqual(outside.code, 0);
    // /sbin is a link to bin in this image
    expectResult(await run(shell(`-v ${path}:/sbin/there`, "ls -d /bin/there")), 0, "/bin/there");
  });
}

function roots({ add }, { podman, run, scratch }) {
  add("--rootfs runs a folder, and leaves in it what was written", async () => {
    const root = `${scratch}/bundle/rootfs`;
    const script = "touch /left; id -u";
    expectResult(await run(["--rootfs", root, "sh", "-c", script]), 0, "0");
    assert.ok(existsSync(`${root}/left`));
    const mapped = "--rootfs --read-only --uidmap 0:0:1 --uidmap 1:100000:10";
    expectResult(await run([...mapped.split(" "), root, "sh", "-c", "touch /more"]), 1, "");
  });

  add("a secret is a file that the container's user may read, an environment file is read", async () => {
    const path = `${scratch}/volume/secret`;
    writeFileSync(path, "hush");
    chmodSync(path, 0o600);
    writeFileSync(`${scratch}/volume/env`, "COLOUR=green\nSIZE=big\n");
    expectResult(await podman(`secret create hushed ${path}`), 0);
    const options = `--user 1000 --secret hushed,uid=1000,mode=0400 --env-file ${scratch}/volume/env`;
    const script = "cat /run/secrets/hushed; echo; echo $COLOUR $SIZE";
    expectResult(await run(shell(options, script)), 0, "hush\ngreen big");
    expectResult(await podman("secret rm hushed"), 0);
  });
}
