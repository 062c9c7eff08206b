// SPDX-License-Identifier: Apache-2.0
// Limits: cgroup v2 files, rlimits, and what happens at the limit.

import assert from "node:assert/strict";
import { expectLine, expectResult, once } from "../../podman/tap.js";
import { list } from "../../podman/traces.js";
import { containers } from "../containers.js";
import { shell } from "../docker.js";

export default function ({ add }, engine) {
  const { docker, run } = engine;
  const { start, inspect } = containers(engine);

  const limited = once(async () => {
    const options = `--memory 64m --memory-swap 96m --memory-reservation 32m --pids-limit 33 --cpus 0.5
      --cpu-shares 512 --cpuset-cpus 0 --ulimit nofile=100:200 --oom-score-adj 321`;
    const files = "memory.max memory.swap.max memory.low pids.max cpu.max cpu.weight cpuset.cpus";
    const rest = "ulimit -Sn; ulimit -Hn; cat /proc/self/oom_score_adj; grep ^0: /proc/self/cgroup";
    const result = await run(shell(options, `cd /sys/fs/cgroup && cat ${files}; ${rest}`));
    expectResult(result, 0);
    return result;
  });
  const lines = {
    "--memory is memory.max": "67108864",
    "--memory-swap is swap beyond memory": "33554432",
    "--memory-reservation is memory.low": "33554432",
    "--pids-limit is pids.max": "33",
    "--cpus is cpu.max": "50000 100000",
    // Runtimes before 2025 map shares to weights by a line, later ones by a curve on which 1024 is 100.
    "--cpu-shares is cpu.weight": /^(20|59)$/,
    "--cpuset-cpus is cpuset.cpus": "0",
    "--ulimit is the soft limit": "100",
    "--ulimit is the hard limit": "200",
    "--oom-score-adj": "321",
    "the container sees its own cgroup as the root": "0::/",
  };
  for (const [index, [name, line]] of Object.entries(lines).entries()) {
    add(name, async () => expectLine(await limited(), index, line));
  }

  add("--pids-limit holds", async () => {
    const script = "for i in 1 2 3 4 5 6 7 8; do sleep 5 & done; wait";
    const { err } = await run(shell("--pids-limit 5", script));
    assert.match(err, /can't fork: Resource temporarily unavailable/);
  });

  add("--blkio-weight and --device-write-bps reach the io controller", async () => {
    const disk = list("/sys/block", /^(nullb|vd|sd|nvme|loop)/)[0];
    assert.ok(disk, "no block device");
    const options = `--blkio-weight 300 --device-write-bps /dev/${disk}:1mb`;
    const script = "cat /sys/fs/cgroup/io*.weight; echo; cat /sys/fs/cgroup/io.max";
    const result = await run(shell(options, script));
    expectResult(result, 0);
    // the bfq scheduler's weight as it is, or io.weight on its other scale
    assert.match(result.out, /default (300|2909)\b/);
    assert.match(result.out, /wbps=1048576/);
  });

  add("out of memory: OOMKilled, exit code 137", async () => {
    expectResult(await start("hungry", "exec tail /dev/zero", "--memory 16m --memory-swap 16m"), 0);
    expectResult(await docker("wait hungry"), 0, "137");
    assert.equal(await inspect("hungry", "{{.State.OOMKilled}} {{.State.ExitCode}}"), "true 137");
    expectResult(await docker("rm hungry"), 0);
  });
}
