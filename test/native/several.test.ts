// SPDX-License-Identifier: Apache-2.0

// kill and delete with --regex, as crun has it.

import { test } from "uvu";
import * as assert from "uvu/assert";
import { shell } from "./bundle.ts";
import { expectNoLeaks, snapshot } from "./leaks.ts";
import { hosts, Runtime } from "./runtime.ts";
import { waitFor } from "./wait.ts";

const before = snapshot();

for (const host of hosts) {
  const runtime = new Runtime(host);
  const sleeping = shell("exec sleep 1000");
  const ids = () => runtime.ok("list", "-q").split("\n").filter(Boolean);
  const has = (id: string) => ids().includes(id);

  test(`${host.name}: a pattern means each container whose name it matches, and no other`, () => {
    const [one, two, other] = [0, 1, 2].map(() => {
      const id = runtime.create(sleeping);
      runtime.ok("start", id);
      return id;
    });
    assert.ok(one && two && other);
    runtime.ok("kill", "--regex", `^(${one}|${two})$`, "KILL");
    assert.ok(waitFor(() => [one, two].every((id) => runtime.state(id).status === "stopped")));
    assert.is(runtime.state(other).status, "running");
    // one that cannot be deleted is told of, and the others are
    assert.match(
      runtime.fails("delete", "-r", `^(${one}|${two}|${other})$`),
      new RegExp(`"${other}".*not stopped`),
    );
    assert.equal([one, two, other].map(has), [false, false, true]);
    runtime.ok("delete", "--force", "--regex", `^${other}$`);
    assert.not(has(other));
  });

  test(`${host.name}: a pattern that matches nothing is no error, and one that is none is`, () => {
    runtime.ok("delete", "--regex", "^nobody has such a name$");
    assert.match(runtime.fails("kill", "--regex", "("), /--regex "\("/);
  });
}

test("nothing stays behind", () => expectNoLeaks(before));

test.run();
