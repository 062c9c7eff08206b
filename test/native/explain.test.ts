// SPDX-License-Identifier: Apache-2.0

// What a container was asked for beside what the kernel has.

import { test } from "uvu";
import * as assert from "uvu/assert";
import { expectNoLeaks, snapshot } from "./leaks.ts";
import { hosts, missingHost, Runtime } from "./runtime.ts";
import { waitFor } from "./wait.ts";

const before = snapshot();

if (missingHost) test.skip(`the same on the Node host # ${missingHost}`, () => {});

interface Explanation {
  readonly status: string;
  readonly differences: number;
  readonly rows: readonly { readonly what: string; readonly verdict: string; readonly note?: string }[];
}

for (const host of hosts) {
  const runtime = new Runtime(host);
  const prove = (sentence: string, body: () => void) => test(`${host.name}: ${sentence}`, body);
  const explain = (id: string): Explanation => JSON.parse(runtime.ok("explain", "--json", id));
  const differing = (id: string) =>
    explain(id)
      .rows.filter(({ verdict }) => verdict === "differs")
      .map(({ what }) => what);

  prove("a container is as it was asked for, created and running, and no other is explained", () => {
    const id = runtime.create(({ process, linux, root }) => {
      process.args = ["sleep", "100"];
      root.readonly = true;
      linux.seccomp = {
        defaultAction: "SCMP_ACT_ALLOW",
        syscalls: [{ names: ["swapon"], action: "SCMP_ACT_ERRNO" }],
      };
    });
    assert.equal(differing(id), []);
    assert.is(explain(id).status, "created");
    runtime.ok("start", id);
    // the program is executed a moment after start
    assert.ok(waitFor(() => differing(id).length === 0));
    const { status, rows } = explain(id);
    assert.is(status, "running");
    assert.ok(rows.some(({ what, verdict }) => what === "seccomp" && verdict === "same"));
    assert.match(runtime.ok("explain", id), "nothing differs from what was asked for\n");
    runtime.ok("kill", id, "KILL");
    assert.ok(waitFor(() => runtime.state(id).status === "stopped"));
    assert.match(runtime.fails("explain", id), "it is stopped");
    runtime.ok("delete", id);
    assert.match(runtime.fails("explain", id), "does not exist");
  });

  prove("capabilities that a user other than root loses at execve are marked, with the reason", () => {
    const id = runtime.create(({ process }) => {
      process.args = ["sleep", "100"];
      process.user = { uid: 1000, gid: 1000 };
      const kill = ["CAP_KILL"];
      process.capabilities = { bounding: kill, permitted: kill, effective: kill };
    });
    runtime.ok("start", id);
    const expected = ["effective capabilities", "permitted capabilities"];
    assert.ok(
      waitFor(() => String(differing(id)) === String(expected)),
      String(differing(id)),
    );
    const row = explain(id).rows.find(({ what }) => what === "effective capabilities");
    assert.match(row?.note ?? "", "ambient capabilities only");
    assert.match(runtime.ok("explain", id), /^! effective capabilities +asked {2}kill$/m);
    runtime.ok("delete", "--force", id);
  });
}

test("nothing is left behind", () => expectNoLeaks(before));

test.run();
