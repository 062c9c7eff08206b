// SPDX-License-Identifier: Apache-2.0
// What fails must reach containerd in words that it knows, and leave nothing behind.

import assert from "node:assert/strict";
import { split } from "../../podman/podman.js";
import { expectMatch, expectResult } from "../../podman/tap.js";
import { image, namespace, shell } from "../containerd.js";
import { cgroupFile, expectDeleted, notFound } from "../traces.js";

export default function ({ add }, { run, ctr, runts }) {
  const fails = (id, options, words, pattern) => async () => {
    const result = await run(["--rm", ...split(options).filter(Boolean), image, id, ...words]);
    assert.notEqual(result.code, 0);
    expectMatch(result, pattern);
    // what comes before is containerd's; the words after it are of the runtime's log
    expectMatch(result, /OCI runtime create failed: (?!unable to retrieve)/);
    expectResult(await ctr(`tasks ls -q`), 0);
    expectResult(await runts(`state ${id}`), 1);
    assert.equal(cgroupFile(namespace, id, "cgroup.procs"), undefined);
    await ctr(`containers delete ${id}`);
  };
  add("run: a program that is not there", fails("fail-127", "", ["no-such-program"], notFound));
  add("run: a program that is no program", fails("fail-126", "", ["/etc/passwd"], /permission denied/i));
  add(
    "run: a mount whose source is not there",
    fails(
      "fail-mount",
      "--mount type=bind,src=/no/such/source,dst=/mnt,options=rbind",
      ["true"],
      /no such file or directory/i,
    ),
  );

  add("a container that the runtime has lost: kill and delete come to an end", async () => {
    const id = "fail-lost";
    expectResult(await run(shell("-d", id, "sleep 1000")), 0);
    expectResult(await runts(`delete --force ${id}`), 0);
    // containerd either has seen the end or is told that there is no such container
    expectMatch(await ctr(`tasks kill -s SIGKILL ${id}`), /not found/);
    expectDeleted(await ctr(`tasks delete ${id}`), 137);
    expectResult(await ctr(`containers delete ${id}`), 0);
  });
}
