// SPDX-License-Identifier: Apache-2.0

import { type Case, type Cases, type Change, observe } from "../../case.ts";
import type { ClauseId } from "../../catalogue/index.ts";
import { equal } from "../../expect.ts";
import { fileSystem } from "../../questions.ts";
import { baseMounts } from "../../stage/base.ts";

interface Row {
  readonly clause: ClauseId;
  readonly path: string;
  /** magic number, of linux/magic.h */
  readonly magic: string;
}

const rows = {
  proc: { clause: "namespaces.default-proc", path: "/proc", magic: "0x9fa0" },
  sysfs: { clause: "namespaces.default-sysfs", path: "/sys", magic: "0x62656572" },
  devpts: { clause: "namespaces.default-devpts", path: "/dev/pts", magic: "0x1cd1" },
  shm: { clause: "namespaces.default-shm", path: "/dev/shm", magic: "0x1021994" },
} as const satisfies Record<string, Row>;

/** Of a container of its own network, without which a new sysfs cannot be mounted everywhere. */
const listed = {
  "/linux/namespaces/-": { type: "network" },
  "/mounts/-": {
    destination: "/sys",
    type: "sysfs",
    source: "sysfs",
    options: ["ro", "nosuid", "nodev", "noexec"],
  },
};

/** "each container": also one whose config does not list it, although runtimes leave that to its writer. */
const unlisted = (path: string): Change => ({
  "/mounts": baseMounts.filter(({ destination }) => destination !== path),
});

const there = ({ clause, path, magic }: Row, change: Change): Case =>
  observe({
    clauses: [clause],
    change,
    ask: { found: fileSystem(path) },
    expect: ({ found }) => equal(`magic number of the file system at ${path}`, found?.magic, magic),
  });

export default {
  ...Object.fromEntries(Object.entries(rows).map(([name, row]) => [name, there(row, listed)])),
  ...Object.fromEntries(
    Object.entries(rows).map(([name, row]) => [`${name}-unlisted`, there(row, unlisted(row.path))]),
  ),
} satisfies Cases;
