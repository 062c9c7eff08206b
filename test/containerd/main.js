// SPDX-License-Identifier: Apache-2.0
// node test/containerd/main.js [RUNTIME [GROUP...]]
//
// Runs Debian's containerd with the runtime under test (or $RUNTIME, or build/runts) on images made here from the
// static busybox, by ctr and by the CRI plugin, and prints one TAP line a check. Needs root and cgroup v2 with its
// controllers: start it through scripts/with-limits.sh. Exit code 0 when no check failed; with CONTAINERD_LOG
// containerd's own log comes then, too. GROUP is a name of below.

import checkpoint from "./checks/checkpoint.js";
import events from "./checks/events.js";
import failures from "./checks/failures.js";
import limits from "./checks/limits.js";
import many from "./checks/many.js";
import networks from "./checks/networks.js";
import pods from "./checks/pods.js";
import restart from "./checks/restart.js";
import run from "./checks/run.js";
import shim from "./checks/shim.js";
import task from "./checks/task.js";
import { runSession } from "./session.js";

await runSession("cgroupfs", [
  { groups: { pods, networks, checkpoint, task, shim, events, limits, run, failures }, workers: 2 },
  // alone: nothing else may ask for anything meanwhile
  { groups: { many }, workers: 1 },
  { groups: { restart }, workers: 1 },
]);
