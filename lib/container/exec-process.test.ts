// SPDX-License-Identifier: Apache-2.0

import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Process } from "../config/types.ts";
import { subCgroup } from "./exec-cgroup.ts";
import { changedProcess, withDefaults } from "./exec-process.ts";

const own: Process = {
  cwd: "/own",
  args: ["sleep"],
  env: ["PATH=/bin", "A=1"],
  terminal: true,
  user: { uid: 1, gid: 2, umask: 7, additionalGids: [3] },
  capabilities: {
    bounding: ["CAP_KILL"],
    effective: ["CAP_KILL"],
    permitted: ["CAP_KILL"],
    inheritable: ["CAP_CHOWN"],
    ambient: [],
  },
  noNewPrivileges: true,
  rlimits: [{ type: "RLIMIT_CORE", soft: 1, hard: 2 }],
  apparmorProfile: "own",
  oomScoreAdj: 9,
};

const asked = { args: ["true"], terminal: false };

test("what is not asked for is the container's, but for its terminal", () => {
  const { user, env, ...rest } = changedProcess(own, asked);
  const { user: _user, env: _env, args: _args, terminal: _terminal, ...kept } = own;
  assert.equal(rest, { ...kept, args: ["true"], terminal: false });
  assert.equal(user, own.user);
  assert.equal(env, own.env);
});

test("a container without a process of its own lends a bare one", () => {
  const { cwd, args, user } = changedProcess(undefined, asked);
  assert.equal(
    { cwd, args, user },
    { cwd: "/", args: ["true"], user: { uid: 0, gid: 0, additionalGids: [] } },
  );
});

test("a variable takes the place of one with its name, and the last one given counts", () => {
  const { env } = changedProcess(own, { ...asked, env: ["A=2", "B=x=y", "AA=3", "A=4"] });
  assert.equal(env, ["PATH=/bin", "A=4", "B=x=y", "AA=3"]);
});

test("a user alone keeps the group, and further groups are added", () => {
  const { user } = changedProcess(own, { ...asked, uid: 5, additionalGids: [6] });
  assert.equal(user, { uid: 5, gid: 2, umask: 7, additionalGids: [3, 6] });
  assert.is(changedProcess(own, { ...asked, uid: 0, gid: 0 }).user?.gid, 0);
});

test("capabilities are added to three sets; ambient only what is inheritable already (CVE-2022-29162)", () => {
  const { capabilities } = changedProcess(own, {
    ...asked,
    capabilities: ["CAP_NET_RAW", "CAP_CHOWN", "CAP_KILL"],
  });
  const all = ["CAP_KILL", "CAP_NET_RAW", "CAP_CHOWN"];
  assert.equal(capabilities, {
    bounding: all,
    effective: all,
    permitted: all,
    inheritable: ["CAP_CHOWN"],
    ambient: ["CAP_CHOWN"],
  });
  assert.is(
    changedProcess({ cwd: "/", args: [""] }, { ...asked, capabilities: ["CAP_KILL"] }).capabilities
      ?.inheritable,
    undefined,
  );
});

test("a process given whole gets the container's confinement and limits where it has none", () => {
  const given: Process = { cwd: "/", args: ["sh"] };
  const { capabilities, rlimits, apparmorProfile, oomScoreAdj } = own;
  assert.equal(withDefaults(given, own), { ...given, capabilities, rlimits, apparmorProfile, oomScoreAdj });
  assert.equal(withDefaults(given, undefined), given);
});

test("what it has it keeps, an empty list of limits and an empty profile counting for none", () => {
  const given: Process = {
    cwd: "/",
    args: ["sh"],
    capabilities: {},
    rlimits: [{ type: "RLIMIT_CPU", soft: 3, hard: 4 }],
    apparmorProfile: "given",
    oomScoreAdj: 0,
  };
  assert.equal(withDefaults(given, own), given);
  const { rlimits, apparmorProfile } = withDefaults({ ...given, rlimits: [], apparmorProfile: "" }, own);
  assert.equal({ rlimits, apparmorProfile }, { rlimits: own.rlimits, apparmorProfile: "own" });
});

test("a cgroup below the container's is found by any spelling, one beside it is refused", () => {
  const place = { mount: "/sys/fs/cgroup", path: "/a/b" };
  assert.equal(subCgroup(place, undefined), place);
  assert.is(subCgroup(undefined, undefined), undefined);
  for (const spelled of ["c/d", "/c/d", "./c//d/"]) assert.is(subCgroup(place, spelled)?.path, "/a/b/c/d");
  for (const outside of ["..", "/..", "c/../../x", "cpu:c"]) assert.throws(() => subCgroup(place, outside));
  assert.throws(() => subCgroup(undefined, "c"));
});

test.run();
