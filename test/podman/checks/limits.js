// SPDX-License-Identifier: Apache-2.0
// Limits: cgroup v2 files and rlimits.

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { background } from "../background.js";
import { shell } from "../podman.js";
import { expectLine, expectMatch, expectResult, once, Skip } from "../tap.js";

export default function ({ add }, { podman, run }) {
  const limited = once(async () => {
    const options = `--memory 64m --memory-swap 96m --memory-reservation 32m --pids-limit 33
      --cpus 0.5 --cpu-shares 512 --cpuset-cpus 0 --ulimit nofile=100:200`;
    const files = "memory.max memory.swap.max memory.low pids.max cpu.max cpu.weight cpuset.cpus";
    const result = await run(
      shell(options, `cd /sys/fs/cgroup && cat ${files}; ulimit -Sn; ulimit -Hn; cat /proc/self/cgroup`),
    );
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
    "the container sees its own cgroup as the root": "0::/",
  };
  for (const [index, [name, line]] of Object.entries(lines).entries()) {
    add(name, async () => expectLine(await limited(), index, line));
  }

  add(
    "--blkio-weight and --device-write-bps limit block devices, --cgroup-conf whatever there is",
    async () => {
      if (!existsSync("/sys/block/nullb0/queue/scheduler"))
        throw new Skip("no block device that could be limited");
      const options = `--blkio-weight 500 --device-write-bps /dev/nullb0:1mb --device-read-iops /dev/nullb0:77
      --cgroup-conf memory.high=33554432 --cpuset-mems 0 --memory-swap -1 --oom-score-adj=-5`;
      const script = `cd /sys/fs/cgroup; cat io.bfq.weight io.max memory.high memory.swap.max cpuset.mems
      cat /proc/self/oom_score_adj`;
      const result = await run(shell(options, script));
      expectResult(result, 0);
      const limits = /^default 500\n\d+:0 rbps=max wbps=1048576 riops=77 wiops=max\n33554432\nmax\n0\n-5$/m;
      expectMatch(result, limits);
    },
  );

  // Podman asks for it by crun's --cgroup-manager=disabled.
  add("--cgroups=disabled makes no cgroup, and the container ends all the same", async () => {
    const { start, inspect } = background(podman);
    expectResult(await start("bare", "exec sleep 1000", "--cgroups=disabled"), 0);
    const pid = await inspect("bare", "{{.State.Pid}}");
    assert.doesNotMatch(readFileSync(`/proc/${pid}/cgroup`, "utf8"), /libpod-[0-9a-f]{64}$/m);
    expectResult(await podman("exec bare true"), 0);
    expectResult(await podman("rm -f -t 0 bare"), 0);
  });

  // Podman is not asked for .State.OOMKilled: conmon 2.1.6 does not see the kill, whatever the runtime.
  add("a command over its memory limit is killed", async () => {
    const result = await run(shell("--memory 16m --memory-swap 16m", "tail /dev/zero; echo $?"));
    expectResult(result, 0, "137");
  });
}
