// SPDX-License-Identifier: Apache-2.0
// ctr run in the foreground.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { execute } from "../../podman/podman.js";
import { expectLine, expectMatch, expectResult, once } from "../../podman/tap.js";
import { until } from "../../podman/traces.js";
import { runtimeFlags, shell } from "../containerd.js";
import { quote, script } from "../terminal.js";

export default function (registry, engine) {
  const rm = (id, script, options = "") => engine.run(shell(`--rm ${options}`, id, script));
  exits(registry, engine, rm);
  surroundings(registry, engine, rm);
  others(registry, engine, rm);
}

function exits({ add }, { ctr }, rm) {
  add("run --rm: output, error and exit code 0", async () => {
    const result = await rm("run-0", "echo out; echo err >&2");
    expectResult(result, 0, "out");
    expectMatch(result, /err/);
  });
  add("run --rm: exit code 7", async () => expectResult(await rm("run-7", "exit 7"), 7));
  add("run --rm: ended by a signal, 128 and its number", async () => {
    const running = rm("run-137", "sleep 1000");
    await until(async () => /^run-137\s+\d+\s+RUNNING/m.test((await ctr("tasks ls")).out), "it runs");
    expectResult(await ctr("tasks kill -s SIGKILL run-137"), 0);
    expectResult(await running, 137);
  });

  add("run --rm: the same name again", async () => {
    for (const word of ["once", "twice"]) expectResult(await rm("run-again", `echo ${word}`), 0, word);
    expectResult(await ctr("containers info run-again"), 1);
  });
}

function surroundings({ add }, { scratch }, rm) {
  const facts = once(() =>
    rm(
      "run-facts",
      `pwd; echo $GREETING; ls /mounted;
       grep -E '^(Seccomp|NoNewPrivs|CapEff):' /proc/self/status; touch /x 2>&1`,
      `--cwd /tmp --env GREETING=hello --read-only --seccomp
       --cap-add CAP_SYS_TIME --mount type=bind,src=${scratch}/bundle,dst=/mounted,options=rbind:ro`,
    ),
  );
  add("run: working directory, environment, and a bind mount", async () => {
    const result = await facts();
    expectLine(result, 0, "/tmp");
    expectLine(result, 1, "hello");
    expectLine(result, 2, "rootfs");
  });
  add("run: seccomp, no new privileges, an added capability", async () => {
    const result = await facts();
    expectMatch(result, /Seccomp:\s+2/);
    expectMatch(result, /NoNewPrivs:\s+1/);
    const [, effective = ""] = /CapEff:\s+(\w+)/.exec(result.out) ?? [];
    assert.ok((BigInt(`0x${effective}`) >> 25n) & 1n, `CAP_SYS_TIME in ${effective}`);
  });
  add("run: a read-only rootfs", async () => expectMatch(await facts(), /touch: \/x: Read-only file system/));
}

function others({ add }, { scratch, commandLine, runtime }, rm) {
  add("run -t: a terminal", async () => {
    const line = commandLine(
      ["run", "--rm", "-t", ...runtimeFlags({ runtime, scratch })]
        .concat(shell("", "run-tty", "tty; exit 3").map(quote))
        .join(" "),
    );
    const result = await script(line);
    expectMatch(result, /\/dev\/pts\/0/);
    expectResult(result, 3);
  });
  add("run --net-host: the host's network", async () => {
    const result = await rm("run-net", "readlink /proc/self/ns/net", "--net-host");
    expectResult(result, 0, (await execute("readlink", ["/proc/self/ns/net"])).out.trim());
  });
  add("run --uidmap: a user namespace", async () => {
    // with these flags ctr gives options to the task, which take the place of the container's and name no binary:
    // the runtime is then "runc" in containerd's PATH, where openContainerd() puts the one under test
    const script = "id -u; cat /proc/self/uid_map; touch /of-root && stat -c %u /of-root";
    const result = await rm("run-user", script, "--uidmap 0:100000:65536 --gidmap 0:100000:65536");
    expectResult(result, 0);
    expectLine(result, 0, "0");
    expectLine(result, 1, /^ +0 +100000 +65536$/);
    expectLine(result, 2, "0");
  });
  add("run --pid-file: the pid, without a newline", async () => {
    const file = `${scratch}/run-pid`;
    expectResult(await rm("run-pid", "true", `--pid-file ${file}`), 0);
    assert.match(readFileSync(file, "utf8"), /^\d+$/);
  });
}
