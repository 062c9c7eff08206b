// SPDX-License-Identifier: Apache-2.0

import { test } from "uvu";
import * as assert from "uvu/assert";
import { cgroupSteps, processLimit } from "./cgroups.ts";
import { factsOf } from "./fixtures/facts.ts";

test("a limit of processes waits for init in unified, too", () => {
  const facts = factsOf({
    ociVersion: "1.3.0",
    root: { path: "rootfs" },
    linux: { resources: { unified: { "pids.max": "1", "memory.high": "5" } } },
  });
  const files = (steps: ReturnType<typeof cgroupSteps>) =>
    steps.flatMap((step) => (step.op === "writeCgroup" ? [step.file] : []));
  assert.equal([files(cgroupSteps(facts)), files(processLimit(facts))], [["memory.high"], ["pids.max"]]);
});

test("controllers are handed down from the top, the needed and the others", () => {
  const cgroup = {
    mount: "/m",
    path: "/a/b/c",
    needed: ["memory"],
    offered: ["pids"],
    delegate: [],
  };
  const facts = factsOf({ ociVersion: "1.3.0", root: { path: "rootfs" } }, { cgroup });
  assert.equal(
    cgroupSteps(facts).flatMap((step) =>
      step.op === "enableControllers" ? [[step.path, step.needed, step.offered]] : [],
    ),
    ["/", "/a", "/a/b"].map((path) => [path, ["memory"], ["pids"]]),
  );
});

test.run();
