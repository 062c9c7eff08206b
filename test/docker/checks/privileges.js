// SPDX-License-Identifier: Apache-2.0
// Who the container's process is, and what it may do.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { expectLine, expectMatch, expectResult, once } from "../../podman/tap.js";
import { shell } from "../docker.js";
import { allCapabilities } from "../traces.js";

export default function ({ add }, engine) {
  byDefault(add, engine);
  confinedFurther(add, engine);
  trusted(add, engine);
}

function byDefault(add, { run }) {
  const plain = once(async () => {
    const script = `grep -E 'CapEff|CapBnd|NoNewPrivs|Seccomp:' /proc/self/status | tr -d '\\t'
      cat /proc/self/attr/current 2>/dev/null || echo none
      unshare -U true 2>&1; mount -t tmpfs x /tmp 2>&1; mknod /tmp/m c 10 237 && cat /tmp/m 2>&1
      ls /sys/firmware | wc -l; cat /proc/kcore | head -c 1 | wc -c; (: >/proc/sys/vm/swappiness) 2>&1`;
    const result = await run(shell("", script));
    expectResult(result, 1);
    return result;
  });
  add("by default: Docker's fourteen capabilities", async () => {
    expectMatch(await plain(), /CapEff:00000000a80425fb/);
    expectMatch(await plain(), /CapBnd:00000000a80425fb/);
  });
  add("by default: Docker's seccomp profile", async () => {
    expectMatch(await plain(), /Seccomp:2/);
    expectMatch(await plain(), /unshare: .*Operation not permitted/);
    expectMatch(await plain(), /mount: .*(permission denied|Operation not permitted)/i);
  });
  add("by default: no device but the usual ones, masked and read-only paths", async () => {
    expectMatch(await plain(), /\/tmp\/m.*Operation not permitted/);
    expectMatch(await plain(), /^0\n0\n.*Read-only file system/m);
  });
}

function confinedFurther(add, { run }) {
  const confined = once(async () => {
    const options = `--user 65534:5 --group-add 7 --cap-drop ALL --security-opt no-new-privileges --hostname green
      --workdir /tmp --env WORD=blue --ulimit core=0 --shm-size 1m --sysctl net.ipv4.ip_unprivileged_port_start=7`;
    const script = `id -u; id -G; pwd; hostname; echo $WORD; grep CapEff /proc/self/status | tr -d '\\t'
      grep CapBnd /proc/self/status | tr -d '\\t'; grep NoNewPrivs /proc/self/status | tr -d '\\t'; ulimit -c
      df -k /dev/shm | tail -n 1 | awk '{ print $2 }'; cat /proc/sys/net/ipv4/ip_unprivileged_port_start`;
    const result = await run(shell(options, script));
    expectResult(result, 0);
    return result;
  });
  const lines = {
    "--user": "65534",
    "--user's group and --group-add": "5 7",
    "--workdir": "/tmp",
    "--hostname": "green",
    "--env": "blue",
    "--cap-drop ALL leaves no capability": "CapEff:0000000000000000",
    "--cap-drop ALL empties the bounding set": "CapBnd:0000000000000000",
    "--security-opt no-new-privileges": "NoNewPrivs:1",
    "--ulimit core": "0",
    "--shm-size": "1024",
    "--sysctl": "7",
  };
  for (const [index, [name, line]] of Object.entries(lines).entries()) {
    add(name, async () => expectLine(await confined(), index, line));
  }
}

function trusted(add, { run, scratch }) {
  add("--cap-add SYS_ADMIN and seccomp=unconfined, apparmor=unconfined: it may mount", async () => {
    const options =
      "--cap-add SYS_ADMIN --security-opt seccomp=unconfined --security-opt apparmor=unconfined";
    const result = await run(
      shell(options, "grep Seccomp: /proc/self/status; mount -t tmpfs x /tmp && echo mounted"),
    );
    expectResult(result, 0);
    expectMatch(result, /Seccomp:\s+0\nmounted/);
  });

  add("--security-opt seccomp=FILE: the profile's errno", async () => {
    const profile = {
      defaultAction: "SCMP_ACT_ALLOW",
      syscalls: [{ names: ["mkdir", "mkdirat"], action: "SCMP_ACT_ERRNO", errnoRet: 95 }],
    };
    writeFileSync(`${scratch}/profile.json`, JSON.stringify(profile));
    const result = await run(shell(`--security-opt seccomp=${scratch}/profile.json`, "mkdir /tmp/x"));
    expectResult(result, 1);
    expectMatch(result, /(Operation not supported|Not supported)/i);
  });

  add("--device gives the device with the access that is asked for", async () => {
    const script = "head -c 4 </dev/latency | wc -c; : >/dev/latency";
    const result = await run(shell("--device /dev/cpu_dma_latency:/dev/latency:r", script));
    expectResult(result, 1, "4");
    expectMatch(result, /Operation not permitted/);
  });

  add("--privileged: all capabilities, no filter, the host's devices, a writable /sys", async () => {
    const script = `grep -E 'CapEff|Seccomp:' /proc/self/status; test -c /dev/cpu_dma_latency && echo devices
      mount -t tmpfs x /tmp && echo mounted; grep -c ' /sys sysfs rw' /proc/mounts`;
    const result = await run(shell("--privileged", script));
    expectResult(result, 0);
    expectMatch(result, allCapabilities());
    expectMatch(result, /Seccomp:\s+0\ndevices\nmounted\n1/);
  });

  add("--init: docker-init is process 1 and reaps", async () => {
    const result = await run(
      shell("--init", "cat /proc/1/comm; (sleep 0.1 &) ; sleep 1; ps -o stat | grep -c Z"),
    );
    assert.match(result.out, /^docker-init\n0\n/);
  });
}
