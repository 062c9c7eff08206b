// SPDX-License-Identifier: Apache-2.0
// node test/podman/systemd.js [RUNTIME]
//
// The same with Podman's other cgroup manager, where systemd is process 1: start it through scripts/with-systemd.sh.
// Only what has to do with cgroups and their lives is checked once more.

import lifecycle from "./checks/lifecycle.js";
import limits from "./checks/limits.js";
import scopes from "./checks/scopes.js";
import { runSession } from "./session.js";

await runSession("systemd", [lifecycle, scopes, limits]);
