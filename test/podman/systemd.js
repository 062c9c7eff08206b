// SPDX-License-Identifier: Apache-2.0
// node test/podman/systemd.js [RUNTIME [GROUP...]]
//
// The same with Podman's other cgroup manager, where systemd is process 1: start it through scripts/with-systemd.sh.
// Only what has to do with cgroups and their lives is checked once more; and pods, since Podman 4.3.1 itself refuses
// every device to pods of the other manager.

import lifecycle from "./checks/lifecycle.js";
import limits from "./checks/limits.js";
import pods from "./checks/pods.js";
import scopes from "./checks/scopes.js";
import systemContainer from "./checks/system-container.js";
import { runSession } from "./session.js";

await runSession("systemd", { systemContainer, pods, lifecycle, scopes, limits });
