// SPDX-License-Identifier: Apache-2.0

import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { machine } from "node:os";
import { act, type Case, type Cases, type Need, observe, refuse } from "../../case.ts";
import { equal, Skip } from "../../expect.ts";
import { observeOrSkip } from "../../instruments/optional.ts";
import { givesErrno, marked, rule, rules, splice } from "../../instruments/syscall-filter.ts";
import { run } from "../../questions.ts";

/** libseccomp's names by the machine names of uname(2). */
const native: Readonly<Record<string, string>> = {
  x86_64: "SCMP_ARCH_X86_64",
  aarch64: "SCMP_ARCH_AARCH64",
  riscv64: "SCMP_ARCH_RISCV64",
  s390x: "SCMP_ARCH_S390X",
  ppc64le: "SCMP_ARCH_PPC64LE",
};
const known: Need = ({ architecture }) =>
  architecture in native ? undefined : `the suite does not know libseccomp's name of ${architecture}`;
const x64: Need = ({ architecture }) => (architecture === "x86_64" ? undefined : "needs an x86-64 processor");

const nativeName = native[machine()] ?? "";

/** Every constant of libseccomp 2.6. */
const foreign =
  `X86 X86_64 X32 ARM AARCH64 MIPS MIPS64 MIPS64N32 MIPSEL MIPSEL64 MIPSEL64N32 PPC PPC64 PPC64LE S390
  S390X PARISC PARISC64 RISCV64 LOONGARCH64 M68K SH SHEB`
    .split(/\s+/)
    .map((name) => `SCMP_ARCH_${name}`)
    .filter((name) => name !== nativeName);

const withList = (...architectures: readonly string[]) => ({
  ...rules(rule({ names: ["splice", "chmod"] })),
  "/linux/seccomp/architectures": architectures,
});

const allowsForeign = (name: string): Case =>
  act({
    clauses: ["seccomp.architectures-foreign"],
    needs: [known],
    change: withList(nativeName, name),
    run: async (stage) => {
      const { seen } = await observeOrSkip(stage, `filter for ${name}`, { seen: splice() });
      givesErrno("a call of the native architecture", seen, marked.name);
    },
  });

/** An i386 program that makes chmod(NULL, 0) by int 0x80 and ends with the errno of that as its exit code. */
function i386Program(): Uint8Array {
  const code = [
    0xb8, 15, 0, 0, 0, 0x31, 0xdb, 0x31, 0xc9, 0xcd, 0x80, 0xf7, 0xd8, 0x89, 0xc3, 0xb8, 1, 0, 0, 0, 0xcd,
    0x80,
  ];
  const headers = 52 + 32;
  const base = 0x08048000;
  const file = Buffer.alloc(headers + code.length);
  file.set([0x7f, 0x45, 0x4c, 0x46, 1, 1, 1]); // ELF, 32 bits, little endian
  const header = [
    [16, 2 | (3 << 16)],
    [20, 1],
    [24, base + headers],
    [28, 52],
    [40, 52 | (32 << 16)],
    [44, 1],
  ] as const;
  const segment = [
    [52, 1],
    [60, base],
    [64, base],
    [68, file.length],
    [72, file.length],
    [76, 5],
    [80, 0x1000],
  ] as const;
  for (const [at, value] of [...header, ...segment]) file.writeUInt32LE(value, at);
  file.set(code, headers);
  return file;
}

const compatible = act({
  clauses: ["seccomp.architectures"],
  needs: [x64],
  prepare: ({ rootfs }) => writeFileSync(`${rootfs}/i386`, i386Program(), { mode: 0o755 }),
  change: withList("SCMP_ARCH_X86_64", "SCMP_ARCH_X86"),
  run: async (stage) => {
    const { status } = spawnSync(`${stage.place.rootfs}/i386`);
    if (status !== 14) throw new Skip("the kernel runs no programs of i386"); // 14 is EFAULT
    const { there, here } = await stage.observe({ there: run("/i386"), here: splice() });
    equal("the errno of a call of i386", there.exit, marked.number);
    givesErrno("a call of x86-64", here, marked.name);
  },
});

export default {
  native: observe({
    clauses: ["seccomp.architectures"],
    needs: [known],
    change: withList(nativeName),
    ask: { seen: splice() },
    expect: ({ seen }) => givesErrno("a call", seen, marked.name),
  }),
  compatible,
  unknown: refuse({
    clauses: ["seccomp.architectures-valid"],
    needs: [known],
    change: withList(nativeName, "SCMP_ARCH_NONESUCH"),
  }),
  ...Object.fromEntries(
    foreign.map((name) => [name.slice("SCMP_ARCH_".length).toLowerCase(), allowsForeign(name)] as const),
  ),
} satisfies Cases;
