// SPDX-License-Identifier: Apache-2.0

import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Process } from "../config/types.ts";
import { createPlan } from "./create.ts";
import type { Facts } from "./facts.ts";
import { factsOf } from "./fixtures/facts.ts";
import type { Step } from "./step.ts";

const initOf = (process: Partial<Process>, more: Partial<Facts> = {}): readonly Step[] =>
  createPlan(
    factsOf(
      { ociVersion: "1.3.0", root: { path: "rootfs" }, process: { cwd: "/", args: ["sh"], ...process } },
      more,
    ),
  ).init;

function inOrder(steps: readonly Step[], ...order: readonly Step["op"][]): void {
  const found = order.map((name) => steps.findIndex(({ op }) => op === name));
  assert.not(found.includes(-1), order.join(" "));
  assert.equal(
    found,
    [...found].sort((a, b) => a - b),
  );
}

test("the file for the label is opened before the host is out of reach, and written while there are rights", () => {
  for (const [process, write] of [
    [{ apparmorProfile: "p" }, "setApparmorProfile"],
    [{ selinuxLabel: "u:r:t:s0" }, "setSelinuxLabel"],
  ] as const)
    inOrder(
      initOf(process, { seccomp: { flags: 0, program: new Uint8Array(8), listener: false, file: "" } }),
      "openProc",
      "dropBoundingSet",
      "openLabel",
      "closeHost",
      "awaitStart",
      write,
      "loadSeccomp",
      "setUser",
    );
});

test("AppArmor has a file of its own, SELinux the one for all", () => {
  const filesOf = (process: Partial<Process>) => {
    const step = initOf(process).find(({ op }) => op === "openLabel");
    return step?.op === "openLabel" ? step.files : undefined;
  };
  assert.equal(filesOf({ apparmorProfile: "p" }), ["attr/apparmor/exec", "attr/exec"]);
  assert.equal(filesOf({ selinuxLabel: "l" }), ["attr/exec"]);
  assert.equal(filesOf({ apparmorProfile: "", selinuxLabel: "" }), undefined);
});

test("a profile is added to ours only where it could not replace it", () => {
  const stacks = (noNewPrivileges: boolean, apparmorConfined: boolean) => {
    const steps = initOf({ apparmorProfile: "p", noNewPrivileges }, { apparmorConfined });
    const step = steps.find(({ op }) => op === "setApparmorProfile");
    return step?.op === "setApparmorProfile" && step.stack;
  };
  assert.is(stacks(true, true), 1);
  assert.is(stacks(true, false), 0);
  assert.is(stacks(false, true), 0);
});

test("the session keyring has the container's SELinux label", () => {
  inOrder(initOf({ selinuxLabel: "u:r:t:s0" }), "openProc", "setKeyLabel", "joinSessionKeyring");
  const without = initOf({ selinuxLabel: "u:r:t:s0" }, { noNewKeyring: true });
  assert.not(without.some(({ op }) => op === "setKeyLabel"));
});

test.run();
