// SPDX-License-Identifier: Apache-2.0
// node test/docker/main.js [RUNTIME [GROUP...]]
//
// Runs Debian's Docker with the runtime under test (or $RUNTIME, or build/runts) as its default runtime, on images made
// here, and prints one TAP line a check. Needs root and cgroup v2 with its controllers: start it through
// scripts/with-limits.sh. Exit code 0 when no check failed. GROUP is a name of below.

import build from "./checks/build.js";
import exec from "./checks/exec.js";
import filesystem from "./checks/filesystem.js";
import health from "./checks/health.js";
import info from "./checks/info.js";
import lifecycle from "./checks/lifecycle.js";
import limits from "./checks/limits.js";
import network from "./checks/network.js";
import privileges from "./checks/privileges.js";
import run from "./checks/run.js";
import signals from "./checks/signals.js";
import swarm from "./checks/swarm.js";
import web from "./checks/web.js";
import { runSession } from "./session.js";

await runSession("cgroupfs", {
  web,
  lifecycle,
  exec,
  run,
  limits,
  privileges,
  filesystem,
  network,
  signals,
  health,
  build,
  info,
  swarm,
});
