// SPDX-License-Identifier: Apache-2.0
// podman exec: through conmon, which is a subreaper and reads the pid file.

import { background } from "../background.js";
import { image, shell } from "../podman.js";
import { expectMatch, expectResult } from "../tap.js";

export default function ({ add }, { podman }) {
  const { start } = background(podman);

  add("exec, attached: output, input, status, user, folder, environment, terminal", async () => {
    expectResult(await start("executing", "exec sleep 1000"), 0);
    const exec = (options, ...words) => podman(["exec", ...options, "executing", ...words]);
    const sh = (options, script) => exec(options, "sh", "-c", script);
    expectResult(await sh([], "echo out; tr '\\0' ' ' < /proc/1/cmdline"), 0, "out\nsleep 1000");
    expectResult(await sh(["-u", "1000:1001"], "id -u; id -g"), 0, "1000\n1001");
    expectResult(await sh(["-w", "/var", "-e", "COLOUR=green"], "pwd; echo $COLOUR"), 0, "/var\ngreen");
    expectResult(await podman(["exec", "-i", "executing", "cat"], { input: "carried\n" }), 0, "carried");
    expectMatch(await exec(["-t"], "tty"), /\/dev\/pts\/\d/);
    expectResult(await sh([], "exit 7"), 7);
    expectResult(await sh([], "kill -9 $$"), 137);
    expectResult(await sh(["--privileged"], "grep CapEff /proc/self/status | tr -s '[:blank:]' ' '"), 0);
    expectResult(await exec([], "missing"), 127);
    expectResult(await exec([], "/etc"), 126);
    expectResult(await exec(["-w", "/missing"], "true"), 127);
    expectResult(await sh([], "echo still there"), 0, "still there");
    expectResult(await podman("rm -f -t 0 executing"), 0);
  });

  add("exec -d goes on in the background, and ends with the container", async () => {
    expectResult(await start("behind", "exec sleep 1000"), 0);
    expectResult(await podman(["exec", "-d", "behind", "sleep", "4321"]), 0);
    const listing = "ps -o args | grep -c '^[s]leep 4321'";
    expectResult(await podman(["exec", "behind", "sh", "-c", listing]), 0, "1");
    expectResult(await podman("rm -f -t 0 behind"), 0);
  });

  add("exec in a user namespace", async () => {
    const options = "--uidmap 0:100000:5000 --gidmap 0:200000:5000 --network none --name mapped";
    expectResult(await podman(["run", "-d", ...options.split(" "), image, "sleep", "1000"]), 0);
    const script = "cat /proc/self/uid_map | tr -s ' '; id -u";
    expectResult(await podman(["exec", "-u", "7", "mapped", "sh", "-c", script]), 0, "0 100000 5000\n7");
    expectResult(await podman("rm -f -t 0 mapped"), 0);
  });

  add("a health check, which is an exec", async () => {
    const options = ["--network", "none", "--name", "healthy", "--health-interval", "disable"];
    const check = ["--health-cmd", "test -e /proc/1"];
    expectResult(await podman(["run", "-d", ...options, ...check, ...shell("", "exec sleep 1000")]), 0);
    expectResult(await podman("healthcheck run healthy"), 0);
    expectResult(await podman("rm -f -t 0 healthy"), 0);
  });
}
