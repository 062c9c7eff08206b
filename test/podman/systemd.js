// SPDX-License-Identifier: Apache-2.0
// node test/podman/systemd.js [RUNTIME [GROUP...]]
//
// The same with Podman's other cgroup manager, where systemd is process 1: start it through scripts/with-limits.sh -s.
// Only what is another with it: scopes, services, a systemd of the container's own; and pods, since Podman 4.3.1 itself
// refuses every device to pods of the other manager.

import notify from "./checks/notify.js";
import pods from "./checks/pods.js";
import scopes from "./checks/scopes.js";
import systemContainer from "./checks/system-container.js";
import { runSession } from "./session.js";

await runSession("systemd", { systemContainer, pods, notify, scopes });
