// SPDX-License-Identifier: Apache-2.0
// Terminals and streams of containers that already run.

import { background, quietly } from "../background.js";
import { execute, image, shell } from "../podman.js";
import { expectMatch, expectResult } from "../tap.js";

export default function ({ add }, { podman, commandLine }) {
  const { start, printed } = background(podman);
  /** The command with a terminal around it, in which something is typed. */
  const typed = (line, options) => execute("script", ["-qec", line, "/dev/null"], options);

  // Podman 4.3.1 does not give attach the container's status, whatever the runtime.
  add("attach carries input and output, and ends with the container", async () => {
    const script = "echo ready; read line; echo got $line; exit 8";
    expectResult(await podman(["run", "-d", "-i", ...quietly("attached"), ...shell("", script)]), 0);
    await printed("attached", "ready");
    const attached = await podman("attach attached", { input: "something\n" });
    expectResult(attached, 0, "got something");
    expectResult(await podman("wait attached"), 0, "8");
    expectResult(await podman("rm -f -t 0 attached"), 0);
  });

  add("attach with a terminal: what is typed arrives, and ctrl-p ctrl-q leaves it running", async () => {
    const script = "echo ready; while read line; do echo got $line in $(tty); done";
    expectResult(await podman(["run", "-d", "-it", ...quietly("terminal"), ...shell("", script)]), 0);
    await printed("terminal", "ready");
    const attached = await typed(commandLine(["attach", "terminal"]), {
      input: "words\n",
      dialogue: [["got words in /dev/pts/0", "\x10\x11"]],
    });
    expectResult(attached, 0);
    expectResult(await podman("exec terminal true"), 0);
    expectResult(await podman("rm -f -t 0 terminal"), 0);
  });

  add("exec -it has a terminal of its own, of the caller's size", async () => {
    // which Podman says once the program runs
    expectResult(await start("inside", "exec sleep 1000"), 0);
    const script = "tty; sleep 1; stty size; echo ready; read line; echo got $line; exit 5\n";
    expectResult(await podman(["exec", "-i", "inside", "tee", "/tmp/script"], { input: script }), 0);
    const line = commandLine(["exec", "-it", "inside", "sh", "/tmp/script"]);
    const result = await typed(`stty rows 33 columns 77; ${line}`, { dialogue: [["ready", "typed\n"]] });
    expectResult(result, 5);
    expectMatch(result, /\/dev\/pts\/\d\s+33 77\s+ready\s+typed\s+got typed/);
    expectResult(await podman("rm -f -t 0 inside"), 0);
  });

  add("start -a -i runs a created container in the foreground", async () => {
    expectResult(await podman(["create", "-i", ...quietly("later"), image, "cat"]), 0);
    expectResult(await podman("start -a -i later", { input: "carried\n" }), 0, "carried");
    expectResult(await podman("rm later"), 0);
  });

  add("run --preserve-fds passes descriptors on", async () => {
    const line = `${commandLine(["run", "--rm", "--network", "none", "--preserve-fds", "1", image])} cat /proc/self/fd/3`;
    expectResult(await execute("sh", ["-c", `exec 3<<END\nthird\nEND\n${line}`]), 0, "third");
  });
}
