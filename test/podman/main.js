// SPDX-License-Identifier: Apache-2.0
// node test/podman/main.js [RUNTIME [GROUP...]]
//
// Runs Debian's Podman with the runtime under test (or $RUNTIME, or build/runts) on an image made here from the
// static busybox, and prints one TAP line a check. Needs root and cgroup v2 with its controllers: start it through
// scripts/with-limits.sh. Exit code 0 when no check failed. GROUP is a name of below.

import attaching from "./checks/attaching.js";
import checkpoint from "./checks/checkpoint.js";
import copying from "./checks/copying.js";

import exec from "./checks/exec.js";
import filesystem from "./checks/filesystem.js";
import lifecycle from "./checks/lifecycle.js";
import limits from "./checks/limits.js";
import network from "./checks/network.js";
import process_ from "./checks/process.js";
import restarting from "./checks/restarting.js";
import run from "./checks/run.js";
import security from "./checks/security.js";
import signals from "./checks/signals.js";
import users from "./checks/users.js";
import volumes from "./checks/volumes.js";
import watching from "./checks/watching.js";
import { runSession } from "./session.js";

await runSession("cgroupfs", {
  network,
  checkpoint,
  exec,
  lifecycle,
  signals,
  watching,
  attaching,
  copying,
  restarting,
  users,
  volumes,
  security,
  run,
  limits,
  filesystem,
  process: process_,
});
