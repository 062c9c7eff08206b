// SPDX-License-Identifier: Apache-2.0
// Networks: none, the host's, and a bridge that Podman's network backend sets up.

import assert from "node:assert/strict";
import { readlinkSync } from "node:fs";
import { image, shell } from "../podman.js";
import { expectMatch, expectResult } from "../tap.js";

const page = "a page from a container";

export default function ({ add }, { podman, run }) {
  add("a bridge network: containers reach each other, the host reaches a published port", async () => {
    // No name server: the image has no use for one, and it takes long to start.
    expectResult(await podman("network create --disable-dns --subnet 10.189.77.0/24 bridged"), 0);
    const serve = `mkdir /www; echo '${page}' > /www/index.html; exec httpd -f -p 80 -h /www`;
    const options = "-d --name server --network bridged --ip 10.189.77.7 -p 127.0.0.1:18977:80";
    expectResult(await podman(["run", ...shell(options, serve)]), 0);
    const client = `run --rm --network bridged ${image} wget -q -O - http://10.189.77.7/`;
    expectResult(await podman(client), 0, page);
    const answer = await fetch("http://127.0.0.1:18977/");
    assert.equal((await answer.text()).trim(), page);
    expectResult(await podman("rm -f -t 0 server"), 0);
    expectResult(await podman("network rm bridged"), 0);
  });

  add("--network none has a loopback interface and nothing else", async () => {
    expectResult(await run(`${image} ls /sys/class/net`), 0, "lo");
    expectMatch(await run(`${image} ip addr show lo`), /inet 127\.0\.0\.1\/8/);
  });

  add("--network host shares the host's", async () => {
    const host = await podman(`run --rm --network host ${image} readlink /proc/self/ns/net`);
    expectResult(host, 0, readlinkSync("/proc/self/ns/net"));
  });
}
