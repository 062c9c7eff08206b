// SPDX-License-Identifier: Apache-2.0
// Profiles of AppArmor and seccomp, masked paths, rules of devices.

import { spawnSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { shell } from "../podman.js";
import { expectMatch, expectResult, Skip } from "../tap.js";

const confinement = "cat /proc/self/attr/current";

export default function ({ add }, { run, scratch }) {
  add("AppArmor: Podman's own profile, one that is given, none, and one that is not loaded", async () => {
    if (!existsSync("/sys/kernel/security/apparmor/profiles")) throw new Skip("this kernel runs no AppArmor");
    const own = await run(shell("", confinement));
    expectResult(own, 0);
    expectMatch(own, /^containers-default-\S+ \(enforce\)$/m);
    const rules = "profile runts-podman flags=(attach_disconnected) { file, signal, deny /etc/passwd r, }\n";
    const loaded = spawnSync("apparmor_parser", ["-r"], { input: rules, encoding: "utf8" });
    if (loaded.status !== 0) throw new Error(loaded.stderr);
    const given = await run(shell("--security-opt apparmor=runts-podman", `${confinement}; cat /etc/passwd`));
    expectResult(given, 1, "runts-podman (enforce)");
    expectMatch(given, /Permission denied/);
    spawnSync("apparmor_parser", ["-R"], { input: rules });
    expectResult(await run(shell("--security-opt apparmor=unconfined", confinement)), 0, "unconfined");
    const missing = await run(shell("--security-opt apparmor=runts-missing", "true"));
    if (missing.code !== 126) expectResult(missing, 125, "");
    expectMatch(missing, /runts-missing/);
  });

  add("a seccomp profile of one's own is in force", async () => {
    const profile = `${scratch}/volume/seccomp.json`;
    const denied = { names: ["mkdir", "mkdirat"], action: "SCMP_ACT_ERRNO", errnoRet: 38 };
    writeFileSync(profile, JSON.stringify({ defaultAction: "SCMP_ACT_ALLOW", syscalls: [denied] }));
    const result = await run(shell(`--security-opt seccomp=${profile}`, "unshare -m true; mkdir /new"));
    expectResult(result, 1, "");
    expectMatch(result, /mkdir: .*Function not implemented/);
  });

  add("mask=, unmask=ALL, proc-opts=", async () => {
    const script = `test -c /proc/timer_list && echo masked; cat /etc/group
      awk '$2 == "/proc/sys" { print substr($4, 1, 3) }' /proc/mounts`;
    const options = "--security-opt unmask=ALL --security-opt mask=/etc/group";
    expectResult(await run(shell(options, script)), 0, "");
    expectMatch(await run(shell("", script)), /^masked\nroot:.*\nro,\n$/s);
    const hidden = "--security-opt proc-opts=hidepid=2";
    expectMatch(await run(shell(hidden, "grep ' /proc ' /proc/mounts")), /hidepid=invisible/);
  });

  add("--device-cgroup-rule lets a node be used that the container makes", async () => {
    const script =
      "mknod /kmsg c 1 11 && echo made && dd if=/kmsg of=/dev/null count=0 2> /dev/null && echo opened";
    const capable = ["--cap-add", "mknod,syslog"];
    const given = await run(shell([...capable, "--device-cgroup-rule", "c 1:11 rm"], script));
    expectResult(given, 0, "made\nopened");
    expectResult(await run(shell([...capable, "--device-cgroup-rule", "c 1:11 m"], script)), 1, "made");
  });
}
