// SPDX-License-Identifier: Apache-2.0
// docker exec.

import { expectMatch, expectResult, once } from "../../podman/tap.js";
import { containers, idle } from "../containers.js";
import { allCapabilities } from "../traces.js";

const name = "worker";

export default function ({ add }, engine) {
  const { docker, onTerminal } = engine;
  const { start, printed } = containers(engine);
  let left = 0;
  const worker = once(async () => expectResult(await start(name, idle), 0));

  /** A check in the one container, which the last of them removes. */
  const addInside = (title, body) => {
    left++;
    add(title, async () => {
      try {
        await worker();
        await body();
      } finally {
        if (--left === 0) await docker(`rm -f ${name}`);
      }
    });
  };
  asked(addInside, docker, onTerminal);
  placed(addInside, docker, printed);
}

function asked(addInside, docker, onTerminal) {
  addInside("exec: its exit code, standard input and both outputs", async () => {
    const result = await docker(["exec", "-i", name, "sh", "-c", "cat; echo err >&2; exit 9"], {
      input: "words",
    });
    expectResult(result, 9, "words");
    expectMatch(result, /err/);
  });

  addInside("exec -u -w -e: user, working directory and environment", async () => {
    const script = "id -u; id -g; pwd; echo $WORD";
    const options = "-u 65534:5 -w /tmp -e WORD=green";
    expectResult(
      await docker(["exec", ...options.split(" "), name, "sh", "-c", script]),
      0,
      "65534\n5\n/tmp\ngreen",
    );
  });

  addInside("exec -it: a terminal of the size of the caller's", async () => {
    const result = await onTerminal(
      `stty rows 29 cols 83; docker exec -it ${name} sh -c 'tty; sleep 1; stty size; exit 3'`,
    );
    expectResult(result, 3);
    expectMatch(result, /\/dev\/pts\/\d/);
    expectMatch(result, /29 83/);
  });
}

function placed(addInside, docker, printed) {
  addInside("exec of what cannot be executed: Docker's 126, and why", async () => {
    const missing = await docker(`exec ${name} nosuchcommand`);
    expectResult(missing, 126);
    expectMatch(missing, /executable file .*not found/);
    const denied = await docker(`exec ${name} /etc/passwd`);
    expectResult(denied, 126);
    expectMatch(denied, /permission denied/i);
  });

  addInside("exec is in the container's namespaces and cgroup", async () => {
    const script =
      "for n in pid net mnt ipc uts cgroup; do readlink /proc/self/ns/$n; readlink /proc/1/ns/$n; done | sort -u | wc -l";
    expectResult(await docker(["exec", name, "sh", "-c", script]), 0, "6");
    expectResult(await docker(`exec ${name} grep ^0: /proc/self/cgroup`), 0, "0::/");
  });

  addInside("exec -d goes on in the background", async () => {
    const script = "echo from the back >/proc/1/fd/1";
    expectResult(await docker(["exec", "-d", name, "sh", "-c", script]), 0, "");
    await printed(name, "from the back");
  });

  addInside("exec --privileged has every capability", async () => {
    expectMatch(await docker(`exec ${name} grep CapEff /proc/self/status`), /00000000a80425fb/);
    const script = "grep CapEff /proc/self/status";
    expectMatch(await docker(["exec", "--privileged", name, "sh", "-c", script]), allCapabilities());
  });
}
