// SPDX-License-Identifier: Apache-2.0

import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Json } from "../../host.ts";
import { faultsOf, podmanConfig, warningsOf } from "../fixtures/edit.ts";

const seccomp = (fields: { [name: string]: Json }) =>
  faultsOf({ "/linux/seccomp": { defaultAction: "SCMP_ACT_ALLOW", ...fields } });

test("Podman's own profile passes", () => assert.equal(faultsOf({}, podmanConfig), []));

test("an error number needs an action that takes one", () => {
  for (const action of ["SCMP_ACT_ERRNO", "SCMP_ACT_TRACE"]) {
    assert.equal(seccomp({ defaultAction: action, defaultErrnoRet: 38 }), []);
    assert.equal(seccomp({ syscalls: [{ names: ["read"], action, errnoRet: 1 }] }), []);
  }
  assert.equal(seccomp({ defaultErrnoRet: 38 }), ["conflict /linux/seccomp/defaultErrnoRet"]);
  assert.equal(seccomp({ syscalls: [{ names: ["read"], action: "SCMP_ACT_KILL", errnoRet: 1 }] }), [
    "conflict /linux/seccomp/syscalls/0/errnoRet",
  ]);
});

test("metadata for a listener needs a listener", () => {
  assert.equal(seccomp({ listenerPath: "/x", listenerMetadata: "m" }), []);
  assert.equal(seccomp({ listenerMetadata: "" }), []);
  assert.equal(seccomp({ listenerMetadata: "m" }), ["conflict /linux/seccomp/listenerMetadata"]);
});

test("an action for an agent needs one", () => {
  const seccomp = (fields: { [name: string]: Json }, annotations: { [name: string]: string } = {}) =>
    faultsOf({
      "/linux/seccomp": { defaultAction: "SCMP_ACT_ALLOW", ...fields },
      "/annotations": annotations,
    });
  const syscalls = [
    { names: ["a"], action: "SCMP_ACT_LOG" },
    { names: ["b"], action: "SCMP_ACT_NOTIFY" },
  ];
  assert.equal(seccomp({ listenerPath: "/x" }), []);
  assert.equal(seccomp({ syscalls }), ["conflict /linux/seccomp/syscalls/1/action"]);
  assert.equal(seccomp({ syscalls, listenerPath: "/x" }), []);
  assert.equal(seccomp({ syscalls }, { "run.oci.seccomp.receiver": "/x" }), []);
  assert.equal(seccomp({ defaultAction: "SCMP_ACT_NOTIFY" }), ["conflict /linux/seccomp/defaultAction"]);
});

test("a profile that refuses the runtime's own last calls is warned of", () => {
  const warned = (fields: { [name: string]: Json }) =>
    warningsOf({ "/linux/seccomp": { defaultAction: "SCMP_ACT_ALLOW", ...fields } });
  const allow = (...names: string[]) => ({ names, action: "SCMP_ACT_ALLOW" });
  const profile = (syscalls: Json, noNewPrivileges: boolean) =>
    warningsOf({
      "/linux/seccomp": { defaultAction: "SCMP_ACT_ERRNO", syscalls },
      "/process/noNewPrivileges": noNewPrivileges,
    });
  assert.equal(profile([allow("execve")], true), []);
  assert.equal(profile([allow("read")], true), ["conflict /linux/seccomp/defaultAction"]);
  assert.equal(profile([allow("execve")], false), ["conflict /linux/seccomp/defaultAction"]);
  const early = allow(
    "prctl",
    "setgroups",
    "setresgid",
    "setresuid",
    "capget",
    "capset",
    "chdir",
    "getcwd",
    "execve",
  );
  assert.equal(profile([early], false), []);
  const kill = { names: ["execve"], action: "SCMP_ACT_KILL_PROCESS" };
  assert.equal(warned({ syscalls: [allow("read"), kill] }), ["conflict /linux/seccomp/syscalls/1"]);
  // whether this one is meant, its arguments decide
  const sometimes = { ...kill, args: [{ index: 0, value: 0, op: "SCMP_CMP_EQ" }] };
  assert.equal(warned({ syscalls: [sometimes] }), []);
});

test.run();
