// SPDX-License-Identifier: Apache-2.0
// Networks: none, the host's, the default bridge with a published port, and one of our own.

import assert from "node:assert/strict";
import { readlinkSync } from "node:fs";
import { expectMatch, expectResult } from "../../podman/tap.js";
import { until } from "../../podman/traces.js";
import { image, shell } from "../docker.js";

const page = "a page from a container";

async function answer(url) {
  try {
    return (await (await fetch(url)).text()).trim();
  } catch {
    return undefined; // nobody listens yet
  }
}

export default function ({ add }, { docker, run }) {
  add(
    "a bridge network: the host reaches a published port, containers reach each other by name",
    async () => {
      expectResult(await docker("network create --subnet 10.189.78.0/24 bridged"), 0);
      const serve = `mkdir /www; echo '${page}' > /www/index.html; exec httpd -f -p 80 -h /www`;
      const options = "-d --name server --network bridged -p 127.0.0.1:18978:80";
      expectResult(await docker(["run", ...shell(options, serve)]), 0);
      assert.equal(await until(() => answer("http://127.0.0.1:18978/"), "the page"), page);
      expectResult(await docker(`run --rm --network bridged ${image} wget -q -O - http://server/`), 0, page);
      expectResult(await docker("rm -f server"), 0);
      expectResult(await docker("network rm bridged"), 0);
    },
  );

  add("--network none has a loopback interface and nothing else", async () => {
    const result = await run(shell("", "ls /sys/class/net; ip addr show lo"));
    expectResult(result, 0);
    expectMatch(result, /^lo\n.*inet 127\.0\.0\.1\/8/s);
  });

  add("--network host, --pid host and --ipc host are the host's namespaces", async () => {
    const names = ["net", "pid", "ipc"];
    const script = "for n in net pid ipc; do readlink /proc/self/ns/$n; done";
    const options = "run --rm --network host --pid host --ipc host";
    const host = names.map((name) => readlinkSync(`/proc/self/ns/${name}`));
    expectResult(await docker([...options.split(" "), image, "sh", "-c", script]), 0, host.join("\n"));
  });

  add("--network, --pid and --ipc container:NAME join another container's", async () => {
    expectResult(
      await docker(["run", "-d", "--name", "joined", ...shell("--ipc shareable", "exec sleep 1234")]),
      0,
    );
    const options = "run --rm --network container:joined --pid container:joined --ipc container:joined";
    const script =
      "tr '\\0' ' ' </proc/1/cmdline; for n in net pid ipc; do readlink /proc/1/ns/$n; readlink /proc/self/ns/$n; done | sort -u | wc -l";
    expectResult(await docker([...options.split(" "), image, "sh", "-c", script]), 0, "sleep 1234 3");
    expectResult(await docker("rm -f joined"), 0);
  });
}
