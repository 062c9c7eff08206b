// SPDX-License-Identifier: Apache-2.0

import { type Cases, type Need, observe } from "../../case.ts";
import { equal, sameMembers } from "../../expect.ts";
import { without } from "../../needs.ts";
import { capabilities } from "../../questions.ts";
import type { Host } from "../../stage/host.ts";

/** By number (capabilities(7)). */
const names =
  "CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP LINUX_IMMUTABLE NET_BIND_SERVICE NET_BROADCAST NET_ADMIN NET_RAW IPC_LOCK IPC_OWNER SYS_MODULE SYS_RAWIO SYS_CHROOT SYS_PTRACE SYS_PACCT SYS_ADMIN SYS_BOOT SYS_NICE SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG MKNOD LEASE AUDIT_WRITE AUDIT_CONTROL SETFCAP MAC_OVERRIDE MAC_ADMIN SYSLOG WAKE_ALARM BLOCK_SUSPEND AUDIT_READ PERFMON BPF CHECKPOINT_RESTORE"
    .split(" ")
    .map((name) => `CAP_${name}`);

const ours = ({ capabilities: bits }: Pick<Host, "capabilities">) =>
  names.filter((_, bit) => (BigInt(`0x${bits}`) >> BigInt(bit)) & 1n);

/** Two of the base config's, and others. */
const kept = ["CAP_KILL", "CAP_AUDIT_WRITE"];
const plus = (...others: readonly string[]) => {
  const set = [...kept, ...others];
  return { bounding: set, effective: set, permitted: set };
};

const all: Need = (host) =>
  ours(host).length === names.length ? undefined : "we lack capabilities ourselves";

export default {
  all: observe({
    clauses: ["capabilities.names", "capabilities.bounding", "capabilities.permitted"],
    change: ({ host }) => ({
      "/process/capabilities": { bounding: ours(host), effective: ours(host), permitted: ours(host) },
    }),
    ask: { capabilities },
    expect: (seen, { host }) => {
      for (const set of ["bounding", "effective", "permitted"] as const) {
        sameMembers(`the ${set} set`, seen.capabilities[set], ours(host));
      }
    },
  }),
  unknown: observe({
    clauses: ["capabilities.unknown"],
    change: { "/process/capabilities": plus("CAP_CONFORMANCE") },
    ask: { capabilities },
    expect: (seen) => sameMembers("the bounding set", seen.capabilities.bounding, kept),
  }),
  // Ambient capabilities must be inheritable, too; the kernel refuses others.
  "ambient-not-inheritable": observe({
    clauses: ["capabilities.not-granted"],
    change: { "/process/capabilities": { ...plus(), inheritable: ["CAP_KILL"], ambient: kept } },
    ask: { capabilities },
    expect: (seen) => equal("the ambient set", seen.capabilities.ambient, ["CAP_KILL"]),
  }),
  "not-ours": observe({
    clauses: ["capabilities.not-granted"],
    needs: [without(all, "we have all capabilities ourselves")],
    change: ({ host }) => ({
      "/process/capabilities": plus(...names.filter((name) => !ours(host).includes(name))),
    }),
    ask: { capabilities },
    expect: (seen) => sameMembers("the bounding set", seen.capabilities.bounding, kept),
  }),
} satisfies Cases;
