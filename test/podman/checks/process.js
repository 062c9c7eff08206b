// SPDX-License-Identifier: Apache-2.0
// Who the process is and what it may do.

import { image, shell } from "../podman.js";
import { expectLine, expectMatch, expectResult, once } from "../tap.js";

/** Prints a field of the status of the command's process. */
const status = (field) => `awk '/^${field}:/ { print $2 }' /proc/self/status`;

export default function (registry, engine) {
  identity(registry, engine);
  privileges(registry, engine);
}

function identity({ add }, { run }) {
  const someone = once(async () => {
    const options = `--user 1000:1001 --group-add 77 --hostname someplace -e COLOUR=green -w /var
      --umask 0077 --oom-score-adj 500 --sysctl net.ipv4.ip_unprivileged_port_start=99`;
    const script = `id -u; id -g; id -G; hostname; echo $COLOUR; pwd; umask; cat /proc/self/oom_score_adj
      cat /proc/sys/net/ipv4/ip_unprivileged_port_start; ${status("CapEff")}; echo $$`;
    const result = await run(shell(options, script));
    expectResult(result, 0);
    return result;
  });
  const lines = {
    "--user sets the user": "1000",
    "--user sets the group": "1001",
    "--group-add adds a group": "1001 77",
    "--hostname sets the host's name": "someplace",
    "-e sets a variable": "green",
    "-w sets the working directory": "/var",
    "--umask sets the umask": "0077",
    "--oom-score-adj sets the score": "500",
    "--sysctl sets a value of the network namespace": "99",
    "a user other than root has no capabilities": "0000000000000000",
    "the command is process 1": "1",
  };
  for (const [index, [name, line]] of Object.entries(lines).entries()) {
    add(name, async () => expectLine(await someone(), index, line));
  }
}

function privileges({ add }, { run }) {
  add("--cap-drop and --cap-add leave just what they say", async () => {
    const script = `${status("CapEff")}; ${status("CapBnd")}; ${status("CapAmb")}`;
    const result = await run(shell("--cap-drop all --cap-add net_admin", script));
    expectResult(result, 0, "0000000000001000\n0000000000001000\n0000000000000000");
  });

  add("Podman's seccomp profile is in force", async () => {
    const result = await run(shell("", `${status("Seccomp")}; unshare -m true`));
    expectResult(result, 1, "2");
    expectMatch(result, /Operation not permitted/);
  });

  add("--security-opt seccomp=unconfined and no-new-privileges", async () => {
    const options = "--security-opt seccomp=unconfined --security-opt no-new-privileges";
    expectResult(await run(shell(options, `${status("Seccomp")}; ${status("NoNewPrivs")}`)), 0, "0\n1");
  });

  add("--uidmap and --gidmap run in a user namespace", async () => {
    const result = await run(
      `--uidmap 0:100000:5000 --gidmap 0:200000:5000 ${image} cat /proc/self/uid_map /proc/self/gid_map`,
    );
    expectResult(result, 0);
    expectMatch(result, /^ +0 +100000 +5000\n +0 +200000 +5000\n$/);
  });

  add("--privileged gives every capability and a writable /sys", async () => {
    const script = `${status("Seccomp")}; ${status("CapEff")}; test -w /sys/fs/cgroup/cgroup.procs && echo writable`;
    const result = await run(shell("--privileged", script));
    expectResult(result, 0);
    expectMatch(result, /^0\n[0-9a-f]*1ffffffffff\nwritable\n$/);
  });
}
