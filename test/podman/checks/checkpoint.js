// SPDX-License-Identifier: Apache-2.0
// Containers that criu writes to files and makes again.

import assert from "node:assert/strict";
import { background } from "../background.js";
import { execute } from "../podman.js";
import { expectMatch, expectResult, Skip } from "../tap.js";

const counting = "i=0; while :; do i=$((i+1)); echo number $i; sleep 0.5; done";

export default function ({ add }, { podman, scratch }) {
  const { start, inspect, printed } = background(podman);

  /** Each number once and in order: nothing began anew. */
  const counted = async (name) => {
    const { lines } = await podman(["logs", name]);
    const numbers = lines.map((line) => Number(line.replace("number ", "")));
    assert.deepEqual(
      numbers,
      numbers.map((_, i) => numbers[0] + i),
    );
    return numbers;
  };

  add("container checkpoint and restore, in place and by way of a file", async () => {
    const check = await execute("criu", ["check"]);
    if (check.code !== 0) throw new Skip(`criu check: ${check.err.split("\n")[0]}`);
    expectResult(await start("kept", counting, "--pids-limit 33"), 0);
    await printed("kept", "number 3\n");
    expectResult(await podman("container checkpoint kept"), 0);
    assert.equal(await inspect("kept", "{{.State.Status}}"), "exited");
    const last = (await counted("kept")).at(-1);
    expectResult(await podman("container restore kept"), 0);
    assert.equal(await inspect("kept", "{{.State.Status}}"), "running");
    await printed("kept", `number ${last + 3}\n`);
    assert.equal((await counted("kept"))[0], 1);

    const file = `${scratch}/kept.tar.gz`;
    expectResult(await podman(`container checkpoint --compress gzip --export ${file} kept`), 0);
    expectResult(await podman("rm -f -t 0 kept"), 0);
    expectResult(await podman(`container restore --import ${file} --name moved`), 0);
    await printed("moved", "number ");
    assert.ok((await counted("moved"))[0] > last);
    expectMatch(await podman("exec moved cat /sys/fs/cgroup/pids.max"), /^33$/m);
    expectResult(await podman("rm -f -t 0 moved"), 0);
  });
}
