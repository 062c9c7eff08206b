// SPDX-License-Identifier: Apache-2.0
// Users by name, and user namespaces in all the ways Podman makes them.

import assert from "node:assert/strict";
import { appendFileSync, readFileSync, readlinkSync } from "node:fs";
import { background } from "../background.js";
import { image, shell } from "../podman.js";
import { expectMatch, expectResult, Skip } from "../tap.js";

const ids = "tr -s ' ' < /proc/self/uid_map";

export default function ({ add }, { podman, run }) {
  const { start, inspect } = background(podman);

  add("--user and --group-add take names of the image, and numbers that it does not have", async () => {
    const script = "id -un; id -gn; id -G; echo $HOME";
    const named = await run(shell("--user nobody:tty --group-add nogroup --group-add 4711", script));
    expectResult(named, 0, "nobody\ntty\n5 4711 65534\n/nonexistent");
    const unknown = await run(shell("--user nobody:missing", "id"));
    expectResult(unknown, 126, "");
    expectMatch(unknown, /missing/);
  });

  add("--userns=auto gives two containers ranges of their own", async () => {
    lendRange();
    const inside = `${ids}; id -u; touch /file && stat -c %u /file`;
    expectResult(await start("auto", "exec sleep 1000", "--userns=auto:size=1000"), 0);
    const first = await podman(["exec", "auto", "sh", "-c", inside]);
    const second = await run(shell("--userns=auto:size=2000", inside));
    const map = (result) => /^ 0 (\d+) (\d+)\n0\n0\n$/.exec(result.out)?.slice(1).map(Number) ?? [];
    const [at, size] = map(first);
    const [other, otherSize] = map(second);
    assert.equal(size, 1000, first.out + first.err);
    assert.equal(otherSize, 2000, second.out + second.err);
    assert.ok(other >= at + size || at >= other + otherSize, `${at} and ${other} overlap`);
    expectResult(await podman("rm -f -t 0 auto"), 0);
  });

  add("--userns container:NAME and ns:PATH join a user namespace, with a network of the other", async () => {
    expectResult(await start("held", "exec sleep 1000", "--uidmap 0:100000:5000 --gidmap 0:200000:5000"), 0);
    const pid = await inspect("held", "{{.State.Pid}}");
    const own = readlinkSync(`/proc/${pid}/ns/user`);
    const script = "readlink /proc/self/ns/user; id -u";
    const joined = "--userns container:held --network container:held";
    expectResult(await podman(["run", "--rm", ...shell(joined, script)]), 0, `${own}\n0`);
    expectResult(await podman("rm -f -t 0 held"), 0);
  });

  add("--privileged in a user namespace, and a container of the host's namespaces", async () => {
    const mapped = await run(shell("--privileged --uidmap 0:100000:5000", "grep CapEff /proc/self/status"));
    expectResult(mapped, 0);
    expectMatch(mapped, /ffffffffff$/m);
    const names = ["pid", "ipc", "uts", "cgroup"];
    const options = "--pid=host --ipc=host --uts=host --cgroupns=host";
    const shared = await run(shell(options, names.map((name) => `readlink /proc/self/ns/${name}`).join(";")));
    expectResult(shared, 0, names.map((name) => readlinkSync(`/proc/self/ns/${name}`)).join("\n"));
  });

  add("--init, --pid=host and a user with a namespace of ids go together", async () => {
    const options = "--init --user 12:13 --uidmap 0:100000:5000 --read-only --cap-add net_raw";
    const result = await run([
      ...options.split(" "),
      image,
      "sh",
      "-c",
      "id -u; grep Groups /proc/self/status",
    ]);
    expectResult(result, 0);
    expectMatch(result, /^12\nGroups:\s*13? *\n$/);
  });
}

/** Podman takes the ranges of --userns=auto from those of the user "containers". */
function lendRange() {
  for (const file of ["/etc/subuid", "/etc/subgid"]) {
    let text = "";
    try {
      text = readFileSync(file, "utf8");
    } catch {} // it is made below
    if (/^containers:/m.test(text)) continue;
    if (!process.env.RUNTS_IN_VM) throw new Skip(`no line "containers:FIRST:COUNT" in ${file}`);
    appendFileSync(file, "containers:1000000:1000000\n");
  }
}
