// SPDX-License-Identifier: Apache-2.0
// systemd as the container's first process: Podman gives it its tmpfs mounts and a cgroup tree of its own.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { background, quietly } from "../background.js";
import { expectMatch, expectResult, Skip } from "../tap.js";

const cache = process.env.RUNTS_VM_CACHE ?? "/var/cache/runts-vm";
export const root = `${cache}/systemd-root`;

export default function ({ add }, { podman }) {
  const { inspect } = background(podman);

  add(
    "systemd boots in a container, runs services with limits of their own, and halts when stopped",
    async () => {
      if (!existsSync(`${root}.stamp`)) throw new Skip("no root with systemd (scripts/vm/systemd-root.sh)");
      const options = ["--systemd=always", "--rootfs", `${root}:O`];
      expectResult(await podman(["run", "-d", "-t", ...quietly("booted"), ...options, "/sbin/init"]), 0);
      const inside = (...words) => podman(["exec", "booted", ...words]);
      const state = await running(inside);
      assert.match(state.out, /^(running|degraded)$/m, state.out + state.err);
      expectResult(await inside("systemd-detect-virt"), 0, "podman");
      expectResult(await inside("cat", "/proc/1/comm"), 0, "systemd");
      const limited = await inside(
        ...["systemd-run", "--quiet", "--wait", "--pipe", "-p", "TasksMax=17"],
        ...["sh", "-c", "cd /sys/fs/cgroup$(sed -n s/^0:://p /proc/self/cgroup) && pwd && cat pids.max"],
      );
      expectResult(limited, 0);
      expectMatch(limited, /^\/sys\/fs\/cgroup\/system.slice\/run-\S+.service\n17$/m);
      // what Podman sends is SIGRTMIN+3, on which systemd halts
      assert.equal(await inspect("booted", "{{.Config.StopSignal}}"), "37");
      expectResult(await podman("stop -t 60 booted"), 0);
      assert.match(await inspect("booted", "{{.State.Status}} {{.State.ExitCode}}"), /^exited (0|130)$/);
      expectResult(await podman("rm -f -t 0 booted"), 0);
    },
  );
}

/** It answers only when it has its bus, and then waits until all is started. */
async function running(inside) {
  for (let tries = 0; ; tries++) {
    const answer = await inside("systemctl", "is-system-running", "--wait");
    if (answer.out.trim() !== "" || tries === 60) return answer;
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}
