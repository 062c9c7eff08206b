// SPDX-License-Identifier: Apache-2.0
// node test/docker/systemd.js [RUNTIME [GROUP...]]
//
// The same with native.cgroupdriver=systemd, where systemd is process 1: start it through scripts/with-limits.sh -s. Only
// what has to do with cgroups and their lives is checked once more.

import info from "./checks/info.js";
import lifecycle from "./checks/lifecycle.js";
import limits from "./checks/limits.js";
import { runSession } from "./session.js";

await runSession("systemd", { lifecycle, limits, info });
