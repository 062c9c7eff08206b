// SPDX-License-Identifier: Apache-2.0

/** Wrong sets of capabilities. */

import type { Process } from "./config.ts";
import { inConfig, refuse } from "./faults.ts";
import type { Fault, Mutant } from "./mutant.ts";

type Sets = NonNullable<Process["capabilities"]>;

const inSets = (change: (sets: Sets) => unknown): Fault =>
  inConfig(({ process }) => process?.capabilities && change(process.capabilities));

const everything = [
  ...["CHOWN", "DAC_OVERRIDE", "DAC_READ_SEARCH", "FOWNER", "FSETID", "KILL", "SETGID", "SETUID", "SETPCAP"],
  ...[
    "LINUX_IMMUTABLE",
    "NET_BIND_SERVICE",
    "NET_BROADCAST",
    "NET_ADMIN",
    "NET_RAW",
    "IPC_LOCK",
    "IPC_OWNER",
  ],
  ...[
    "SYS_MODULE",
    "SYS_RAWIO",
    "SYS_CHROOT",
    "SYS_PTRACE",
    "SYS_PACCT",
    "SYS_ADMIN",
    "SYS_BOOT",
    "SYS_NICE",
  ],
  ...[
    "SYS_RESOURCE",
    "SYS_TIME",
    "SYS_TTY_CONFIG",
    "MKNOD",
    "LEASE",
    "AUDIT_WRITE",
    "AUDIT_CONTROL",
    "SETFCAP",
  ],
  ...["MAC_OVERRIDE", "MAC_ADMIN", "SYSLOG", "WAKE_ALARM", "BLOCK_SUSPEND", "AUDIT_READ", "PERFMON", "BPF"],
  "CHECKPOINT_RESTORE",
].map((name) => `CAP_${name}`);

const union = (...lists: readonly (readonly string[] | undefined)[]) => [
  ...new Set(lists.flatMap((list) => list ?? [])),
];

const late = /^CAP_(PERFMON|BPF|CHECKPOINT_RESTORE)$/;

export const capabilities: readonly Mutant[] = [
  {
    name: "bounding-set-kept",
    about: "Nothing is dropped from the bounding set.",
    breaks: ["capabilities.bounding"],
    fault: inSets((sets) => {
      sets.bounding = union(everything, sets.bounding);
    }),
  },
  {
    name: "inheritable-set-dropped",
    about: "inheritable has no effect.",
    breaks: ["capabilities.inheritable"],
    fault: inSets((sets) => {
      sets.inheritable = union(sets.ambient);
    }),
  },
  {
    name: "inheritable-set-filled",
    about: "What is permitted is inheritable, too, as before CVE-2022-24769.",
    breaks: ["capabilities.inheritable"],
    fault: inSets((sets) => {
      sets.inheritable = union(sets.inheritable, sets.permitted);
    }),
  },
  {
    name: "ambient-set-dropped",
    about: "ambient has no effect.",
    breaks: ["capabilities.ambient"],
    fault: inSets((sets) => delete sets.ambient),
  },
  {
    name: "ambient-set-filled",
    about: "What is permitted is ambient, too, so that it becomes effective for any program.",
    breaks: ["capabilities.ambient", "capabilities.effective"],
    fault: inSets((sets) => {
      sets.inheritable = union(sets.permitted, sets.inheritable);
      sets.ambient = union(sets.permitted);
    }),
  },
  {
    name: "late-capabilities-unknown",
    about: "Capabilities that the kernel has had only since version 5.8 are passed over.",
    breaks: ["capabilities.names"],
    fault: inSets((sets) => {
      for (const [name, list] of Object.entries(sets)) {
        Object.assign(sets, { [name]: list.filter((word) => !late.test(word)) });
      }
    }),
  },
  {
    name: "unknown-capability-refused",
    about: "A name that no capability has makes create fail.",
    breaks: ["capabilities.unknown"],
    fault: refuse(({ process }) =>
      union(...Object.values(process?.capabilities ?? {})).some((name) => !everything.includes(name)),
    ),
  },
];
