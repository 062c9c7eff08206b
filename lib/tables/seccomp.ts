// SPDX-License-Identifier: Apache-2.0

import { table } from "./table.ts";

/** The filter's return values, from linux/seccomp.h; libseccomp uses the same. */
export const seccompActions = table<number>({
  SCMP_ACT_KILL: 0x00000000, // SECCOMP_RET_KILL_THREAD
  SCMP_ACT_KILL_THREAD: 0x00000000,
  SCMP_ACT_KILL_PROCESS: 0x80000000,
  SCMP_ACT_TRAP: 0x00030000,
  SCMP_ACT_ERRNO: 0x00050000, // the errno is in the lower 16 bits
  SCMP_ACT_NOTIFY: 0x7fc00000, // SECCOMP_RET_USER_NOTIF, Linux 5.0
  SCMP_ACT_TRACE: 0x7ff00000, // the lower 16 bits go to the tracer
  SCMP_ACT_LOG: 0x7ffc0000,
  SCMP_ACT_ALLOW: 0x7fff0000,
});

/** The actions under which the call is not made. */
export const refusingActions: ReadonlySet<string> = new Set([
  "SCMP_ACT_ERRNO",
  "SCMP_ACT_KILL",
  "SCMP_ACT_KILL_PROCESS",
  "SCMP_ACT_KILL_THREAD",
  "SCMP_ACT_TRAP",
]);

/** enum scmp_compare. */
export const seccompOperators = table<number>({
  SCMP_CMP_NE: 1,
  SCMP_CMP_LT: 2,
  SCMP_CMP_LE: 3,
  SCMP_CMP_EQ: 4,
  SCMP_CMP_GE: 5,
  SCMP_CMP_GT: 6,
  SCMP_CMP_MASKED_EQ: 7,
});

/** AUDIT_ARCH_* values that libseccomp 2.5 knows, from linux/audit.h and seccomp.h. */
export const seccompArchitectures = table<number>({
  SCMP_ARCH_X86: 0x40000003,
  SCMP_ARCH_X86_64: 0xc000003e,
  SCMP_ARCH_X32: 0x4000003e, // libseccomp's own: the kernel says X86_64 and a bit in the number
  SCMP_ARCH_ARM: 0x40000028,
  SCMP_ARCH_AARCH64: 0xc00000b7,
  SCMP_ARCH_MIPS: 0x00000008,
  SCMP_ARCH_MIPS64: 0x80000008,
  SCMP_ARCH_MIPS64N32: 0xa0000008,
  SCMP_ARCH_MIPSEL: 0x40000008,
  SCMP_ARCH_MIPSEL64: 0xc0000008,
  SCMP_ARCH_MIPSEL64N32: 0xe0000008,
  SCMP_ARCH_PPC: 0x00000014,
  SCMP_ARCH_PPC64: 0x80000015,
  SCMP_ARCH_PPC64LE: 0xc0000015,
  SCMP_ARCH_S390: 0x00000016,
  SCMP_ARCH_S390X: 0x80000016,
  SCMP_ARCH_PARISC: 0x0000000f,
  SCMP_ARCH_PARISC64: 0x8000000f,
  SCMP_ARCH_RISCV64: 0xc00000f3,
});

/** __AUDIT_ARCH_LE: runts runs on little-endian machines only. */
export const littleEndian = 0x40000000;

/** The flags argument of seccomp(2), from linux/seccomp.h. */
export const seccompFlags = table<number>({
  SECCOMP_FILTER_FLAG_TSYNC: 0x01,
  SECCOMP_FILTER_FLAG_LOG: 0x02,
  SECCOMP_FILTER_FLAG_SPEC_ALLOW: 0x04,
  SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV: 0x20, // Linux 5.19
});

/** Without a listener it has no meaning, and the kernel refuses it then. */
export const listenerFlags = seccompFlags.SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV ?? 0;

/** With a listener it is refused; runts-init has one thread that the filter is for. */
export const threadFlags = seccompFlags.SECCOMP_FILTER_FLAG_TSYNC ?? 0;
