// SPDX-License-Identifier: Apache-2.0

import { readFileSync } from "node:fs";
import { act, type Case, type Cases, type Change, type Need, observe, refuse } from "../../case.ts";
import { equal, present } from "../../expect.ts";
import { observeOrSkip } from "../../instruments/optional.ts";
import { fileSystem } from "../../needs.ts";
import { read } from "../../questions.ts";

const fileOf = (name: string) => `/proc/sys/${name.replaceAll(".", "/")}`;
/** The kernel writes several numbers with tabs between them. */
const plain = (text: string | null) => present("the parameter", text).trim().split(/\s+/).join(" ");

const ownNetwork: Change = { "/linux/namespaces/-": { type: "network" } };

const set = (name: string, value: string, change: Change = {}, needs: readonly Need[] = []): Case =>
  act({
    clauses: ["kernel.sysctl", "kernel.sysctl-container"],
    needs,
    change: { ...change, "/linux/sysctl": { [name]: value } },
    run: async (stage) => {
      const outside = readFileSync(fileOf(name), "utf8");
      const seen = await stage.observe({ value: read(fileOf(name)) });
      equal(name, plain(seen.value), value);
      equal(`${name} on the host`, readFileSync(fileOf(name), "utf8"), outside);
    },
  });

const refused = (clause: "kernel.sysctl-unknown" | "kernel.sysctl-value", name: string, value: string) =>
  refuse({ clauses: [clause], change: { ...ownNetwork, "/linux/sysctl": { [name]: value } } });

export default {
  ipc: set("kernel.msgmax", "7654"),
  "ipc-several-numbers": set("kernel.sem", "123 31000 99 121"),
  "message-queues": set("fs.mqueue.msg_max", "9", {}, [fileSystem("mqueue")]),
  network: set("net.ipv4.ip_default_ttl", "37", ownNetwork),
  "network-interface": set("net.ipv4.conf.lo.forwarding", "1", ownNetwork),
  // What makes /proc/sys read-only is for the container's processes, not for this.
  "below-readonly-path": observe({
    clauses: ["kernel.sysctl"],
    change: { "/linux/sysctl": { "kernel.msgmax": "7654" }, "/linux/readonlyPaths": ["/proc/sys"] },
    ask: { value: read("/proc/sys/kernel/msgmax") },
    expect: (seen) => equal("kernel.msgmax", plain(seen.value), "7654"),
  }),
  several: observe({
    clauses: ["kernel.sysctl"],
    change: { ...ownNetwork, "/linux/sysctl": { "kernel.msgmax": "7654", "net.ipv4.ip_default_ttl": "37" } },
    ask: { ipc: read("/proc/sys/kernel/msgmax"), network: read("/proc/sys/net/ipv4/ip_default_ttl") },
    expect: (seen) => {
      equal("kernel.msgmax", plain(seen.ipc), "7654");
      equal("net.ipv4.ip_default_ttl", plain(seen.network), "37");
    },
  }),
  unknown: refused("kernel.sysctl-unknown", "net.conformance.not_there", "1"),
  "value-no-number": refused("kernel.sysctl-value", "net.ipv4.ip_default_ttl", "many"),
  "value-too-high": refused("kernel.sysctl-value", "net.ipv4.ip_default_ttl", "256"),
  slashes: act({
    clauses: ["kernel.sysctl-slashes"],
    change: { "/linux/sysctl": { "kernel/msgmax": "7654" } },
    run: async (stage) => {
      const seen = await observeOrSkip(stage, "names with slashes", {
        value: read("/proc/sys/kernel/msgmax"),
      });
      equal("kernel.msgmax", plain(seen.value), "7654");
    },
  }),
} satisfies Cases;
