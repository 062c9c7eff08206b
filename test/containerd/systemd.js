// SPDX-License-Identifier: Apache-2.0
// node test/containerd/systemd.js [RUNTIME [GROUP...]]
//
// The same with --runc-systemd-cgroup and SystemdCgroup = true, where systemd is process 1: start it through
// scripts/with-limits.sh -s. Only what has to do with cgroups and their lives is checked once more.

import pods from "./checks/pods.js";
import scopes from "./checks/scopes.js";
import { runSession } from "./session.js";

await runSession("systemd", [{ groups: { pods, scopes }, workers: 2 }]);
