// SPDX-License-Identifier: Apache-2.0

import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Json } from "../host.ts";
import { faultsOf } from "./fixtures/edit.ts";

const refused = (pointer: string, value: Json) =>
  assert.equal(faultsOf({ [pointer]: value }), [`unsupported ${pointer}`], JSON.stringify(value));
const passes = (pointer: string, value: Json) =>
  assert.equal(faultsOf({ [pointer]: value }), [], `${pointer} ${typeof value}`);

test("what only cgroup v1 has is refused by name", () => {
  refused("/linux/resources/network", { classID: 1 });
  refused("/linux/resources/network", { priorities: [{ name: "eth0", priority: 0 }] });
  const inside = (group: string, name: string, value: Json) =>
    assert.equal(faultsOf({ [`/linux/resources/${group}`]: { [name]: value } }), [
      `unsupported /linux/resources/${group}/${name}`,
    ]);
  inside("memory", "kernel", 1);
  inside("memory", "kernelTCP", 1);
  inside("memory", "swappiness", 0);
  inside("memory", "disableOOMKiller", true);
  inside("memory", "useHierarchy", false);
  inside("cpu", "realtimeRuntime", 1);
  inside("cpu", "realtimePeriod", 1);
  inside("blockIO", "leafWeight", 100);
});

test("what engines send for not set passes", () => {
  passes("/process/selinuxLabel", "");
  passes("/process/apparmorProfile", "");
  passes("/process/execCPUAffinity", { initial: "", final: "" });
  passes("/linux/mountLabel", "");
  passes("/linux/netDevices", {});
  passes("/linux/resources/blockIO", { weight: 0, weightDevice: [] });
  passes("/linux/resources/hugepageLimits", []);
  passes("/linux/resources/rdma", {});
  passes("/linux/resources/network", { classID: 0, priorities: [] });
  passes("/linux/resources/memory", {
    kernel: -1,
    kernelTCP: 0,
    disableOOMKiller: false,
    useHierarchy: true,
  });
  passes("/linux/resources/memory", { swappiness: 18446744073709551615n });
  passes("/linux/resources/cpu", { realtimeRuntime: 0, realtimePeriod: 0 });
});

test("annotations are never refused", () => passes("/annotations", { "run.oci.handler": "krun", a: "" }));

test("mount options are never refused", () => {
  const options = ["rro", "rnosuid", "rslave", "nosymfollow", "size=65536k", "mode=1777", "constructor"];
  assert.equal(faultsOf({ "/mounts": [{ destination: "/x", type: "tmpfs", options }] }), []);
});

test("architectures that the library does not know, or of another byte order, are refused", () => {
  const architectures = (...names: string[]) =>
    faultsOf({ "/linux/seccomp": { defaultAction: "SCMP_ACT_ALLOW", architectures: names } });
  assert.equal(architectures("SCMP_ARCH_X86_64", "SCMP_ARCH_AARCH64", "SCMP_ARCH_X32"), []);
  assert.equal(architectures("SCMP_ARCH_X86", "SCMP_ARCH_LOONGARCH64"), [
    "unsupported /linux/seccomp/architectures/1",
  ]);
  assert.equal(architectures("SCMP_ARCH_S390X"), ["unsupported /linux/seccomp/architectures/0"]);
});

test.run();
