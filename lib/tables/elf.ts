// SPDX-License-Identifier: Apache-2.0

import { table } from "./table.ts";

/** e_machine of elf(5) (linux/elf-em.h), by the names that uname(1) has for them. */
export const elfMachines = table<string>({
  2: "sparc",
  3: "i386",
  8: "mips",
  20: "ppc",
  21: "ppc64",
  22: "s390x",
  40: "arm",
  43: "sparc64",
  62: "x86_64",
  183: "aarch64",
  243: "riscv64",
  258: "loongarch64",
});

/** What else a machine of this architecture runs. */
export const runsToo = table<readonly string[]>({
  x86_64: ["i386"],
  aarch64: ["arm"],
});
