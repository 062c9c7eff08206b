// SPDX-License-Identifier: Apache-2.0
// node test/podman/main.js [RUNTIME]
//
// Runs Debian's Podman with the runtime under test (or $RUNTIME, or build/runts) on an image made here from the
// static busybox, and prints one TAP line a check. Needs root and cgroup v2 with its controllers: start it through
// scripts/with-limits.sh. Exit code 0 when no check failed.

import exec from "./checks/exec.js";
import filesystem from "./checks/filesystem.js";
import lifecycle from "./checks/lifecycle.js";
import limits from "./checks/limits.js";
import network from "./checks/network.js";
import process_ from "./checks/process.js";
import run from "./checks/run.js";
import signals from "./checks/signals.js";
import { runSession } from "./session.js";

await runSession("cgroupfs", [network, exec, lifecycle, signals, run, limits, filesystem, process_]);
