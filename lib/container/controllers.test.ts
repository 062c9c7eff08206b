// SPDX-License-Identifier: Apache-2.0

import { test } from "uvu";
import * as assert from "uvu/assert";
import { encode, memoryHost } from "../config/fixtures/host.ts";
import { RuntsError } from "../errors.ts";
import { findControllers } from "./controllers.ts";

const mount = "/sys/fs/cgroup";

const hostOf = (files: Readonly<Record<string, string>>) =>
  memoryHost(Object.fromEntries(Object.entries(files).map(([path, text]) => [path, encode(text)])));

function refusal(controller: string, files: Readonly<Record<string, string>>): string {
  const host = hostOf({ [`${mount}/cgroup.controllers`]: "pids\n", ...files });
  try {
    findControllers(host, mount, new Map([[controller, "/linux/resources/x"]]));
  } catch (error) {
    if (!(error instanceof RuntsError)) throw error;
    assert.is(error.facts.pointer, "/linux/resources/x");
    return error.facts.detail ?? "";
  }
  return "not refused";
}

const header = "#subsys_name\thierarchy\tnum_cgroups\tenabled\n";

test("what is needed is handed down, and what else there is", () => {
  const host = hostOf({ [`${mount}/cgroup.controllers`]: "cpu io memory pids\n" });
  assert.equal(findControllers(host, mount, new Map([["memory", ""]])), {
    needed: ["memory"],
    offered: ["cpu", "io", "pids"],
  });
});

test("a controller that cgroup v1 holds is named with that mount", () => {
  const files = {
    "/proc/cgroups": `${header}memory\t4\t37\t1\nblkio\t7\t1\t1\n`,
    "/proc/self/cgroup": "7:blkio:/\n4:memory:/\n0::/\n",
    "/proc/self/mountinfo": "40 32 0:33 / /cg/memory rw - cgroup cgroup rw,memory\n",
  };
  assert.is(
    refusal("memory", files),
    "cgroup controller memory is not available: cgroup v1 holds it, mounted at /cg/memory",
  );
  // it has another name there, and no mount here
  assert.match(
    refusal("io", files),
    /io is not available: cgroup v1 holds it, in a hierarchy that is not mounted/,
  );
});

test("one that is disabled says so, in a kernel that lists it and in one that does not", () => {
  assert.match(
    refusal("memory", { "/proc/cgroups": `${header}memory\t0\t1\t0\n` }),
    /command line disables it/,
  );
  for (const name of ["blkio", "io"])
    assert.match(
      refusal("io", { "/proc/cmdline": `quiet cgroup_disable=memory,${name} ro\n` }),
      /io .*command line disables it/,
    );
});

test("in a part of a tree the cgroup above has not handed it down", () => {
  assert.match(
    refusal("memory", {
      [`${mount}/cgroup.type`]: "domain\n",
      "/proc/cgroups": `${header}memory\t0\t9\t1\n`,
    }),
    /the cgroup above \/sys\/fs\/cgroup does not hand it down/,
  );
});

test("at the root of all a kernel that has it nowhere does not have it", () => {
  assert.match(refusal("rdma", { "/proc/cgroups": header }), /this kernel does not have it/);
});

test.run();
