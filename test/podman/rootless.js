// SPDX-License-Identifier: Apache-2.0
// node test/podman/rootless.js [RUNTIME [GROUP...]]
//
// The same by an ordinary user, who has a range of subordinate ids and a manager of systemd's: start it through
// scripts/with-limits.sh -s.

import { execFileSync } from "node:child_process";
import { chmodSync, readFileSync } from "node:fs";
import lifecycle from "./checks/lifecycle.js";
import rootless from "./checks/rootless.js";
import { runSession } from "./session.js";

const uid = 47_111;
const name = "runts-podman";

function call(program, ...words) {
  return execFileSync(program, words, { encoding: "utf8" });
}

/** A user with a name, since PAM wants one, with ids to map, and with a manager. */
function makeUser() {
  if (!readFileSync("/etc/passwd", "utf8").includes(`:${uid}:`))
    call("useradd", "--uid", `${uid}`, "--user-group", "--no-create-home", "--home-dir", "/", name);
  for (const [file, option] of [
    ["/etc/subuid", "--add-subuids"],
    ["/etc/subgid", "--add-subgids"],
  ])
    if (!new RegExp(`^(${name}|${uid}):`, "m").test(readFileSync(file, "utf8")))
      call("usermod", option, "2000000-2065535", name);
  call("systemctl", "start", `user@${uid}.service`);
}

/** A machine with udev has done this. */
function openTun() {
  if (!process.env.RUNTS_IN_VM) return;
  call("modprobe", "tun");
  chmodSync("/dev/net/tun", 0o666);
}

makeUser();
openTun();
const runtimeDir = `/run/user/${uid}`;
await runSession(
  "systemd",
  { rootless, lifecycle },
  {
    uid,
    through: ["setpriv", `--reuid=${uid}`, `--regid=${uid}`, "--init-groups", "--inh-caps=-all"],
    env: {
      PATH: process.env.PATH,
      HOME: runtimeDir,
      XDG_RUNTIME_DIR: runtimeDir,
      DBUS_SESSION_BUS_ADDRESS: `unix:path=${runtimeDir}/bus`,
    },
    driver: "vfs",
    cgroups: `/sys/fs/cgroup/user.slice/user-${uid}.slice/user@${uid}.service/user.slice`,
  },
);
call("systemctl", "stop", `user@${uid}.service`);
