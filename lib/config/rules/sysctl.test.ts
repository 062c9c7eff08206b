// SPDX-License-Identifier: Apache-2.0

import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Json } from "../../host.ts";
import { escapeToken } from "../../json.ts";
import { faultsOf } from "../fixtures/edit.ts";
import { sysctlPath } from "./sysctl.ts";

/** The faults of one parameter, with namespaces of these types alone. */
function set(name: string, types: string[], fields: { [pointer: string]: Json } = {}, value = "1"): string[] {
  return faultsOf({
    "/hostname": undefined,
    "/mounts": undefined,
    "/root": { path: "rootfs" },
    "/linux": { namespaces: types.map((type) => ({ type, path: "/x" })), sysctl: { [name]: value } },
    ...fields,
  });
}

const refused = (name: string, code = "conflict") => [`${code} /linux/sysctl/${escapeToken(name)}`];

test("the first separator decides how a name is read", () => {
  assert.is(sysctlPath("net.ipv4.ip_forward"), "net/ipv4/ip_forward");
  assert.is(sysctlPath("net/ipv4/conf/eth0.1/forwarding"), "net/ipv4/conf/eth0.1/forwarding");
  assert.is(sysctlPath("net.ipv4.conf.eth0/1.forwarding"), "net/ipv4/conf/eth0.1/forwarding");
});

test("a name that could leave /proc/sys has no path", () => {
  for (const name of [
    "",
    "kernel",
    "net..ipv4",
    "net.",
    ".net",
    "/net/x",
    "net/../kernel/x",
    "net/./x",
    "net/ /x",
  ])
    assert.is(sysctlPath(name), undefined, name);
  assert.is(sysctlPath("net.//.x"), undefined);
  assert.equal(set("net/../kernel/x", ["network"]), refused("net/../kernel/x", "format"));
});

test("ipc parameters need an ipc namespace", () => {
  for (const name of ["kernel.sem", "kernel/shmmax", "kernel.shm_rmid_forced", "fs.mqueue.msg_max"]) {
    assert.equal(set(name, ["ipc"]), [], name);
    assert.equal(set(name, ["network", "uts"]), refused(name), name);
  }
});

test("net parameters need a network namespace", () => {
  assert.equal(set("net.core.somaxconn", ["network"]), []);
  assert.equal(set("net.core.somaxconn", ["ipc"]), refused("net.core.somaxconn"));
});

test("user parameters need a user namespace", () => {
  assert.equal(set("user.max_user_namespaces", ["user"]), []);
  assert.equal(set("user.max_user_namespaces", ["ipc"]), refused("user.max_user_namespaces"));
});

test("the domain name needs a uts namespace and must agree with its field", () => {
  assert.equal(set("kernel.domainname", ["uts"]), []);
  assert.equal(set("kernel.domainname", ["ipc"]), refused("kernel.domainname"));
  assert.equal(set("kernel.domainname", ["uts"], { "/domainname": "a" }, "a"), []);
  assert.equal(set("kernel.domainname", ["uts"], { "/domainname": "a" }, "b"), refused("kernel.domainname"));
});

test("the host name has its own field", () => {
  assert.equal(set("kernel.hostname", ["uts"]), refused("kernel.hostname"));
});

test("a parameter of the whole machine is refused", () => {
  for (const name of ["vm.swappiness", "kernel.panic", "fs.file-max", "kernel.constructor", "netfilter.x"])
    assert.equal(set(name, ["ipc", "network", "uts", "user"]), refused(name), name);
});

test.run();
