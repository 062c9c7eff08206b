// SPDX-License-Identifier: Apache-2.0

// What libseccomp and native/seccomp.c make of a profile, looked at as the kernel would: seccomp(2), bpf(4).

import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Seccomp } from "../../lib/config/types.ts";
import { encodeProfile } from "../../lib/plan/seccomp.ts";
import { host } from "./host.ts";

const ALLOW = 0x7fff0000;
const ERRNO = 0x00050000;
const EPERM = 1;
const ENOSYS = 38;

// AUDIT_ARCH_*, and the bit of x32's system calls
const x86_64 = 0xc000003e;
const i386 = 0x40000003;
const x32 = 0x40000000;

/** struct seccomp_data, as far as filters look at it when no rule has conditions. */
function load(offset: number, architecture: number, number: number): number {
  return offset === 0 ? number : offset === 4 ? architecture : 0;
}

const jumps: Readonly<Record<number, (a: number, k: number) => boolean>> = {
  21: (a, k) => a === k,
  37: (a, k) => a > k,
  53: (a, k) => a >= k,
  69: (a, k) => (a & k) !== 0,
};

/** The answer of a filter to a system call. */
function answer(program: Uint8Array, architecture: number, number: number): number {
  const view = new DataView(program.buffer, program.byteOffset, program.byteLength);
  let a = 0;
  for (let at = 0; at * 8 < program.length; at++) {
    const code = view.getUint16(at * 8, true);
    const k = view.getUint32(at * 8 + 4, true);
    const jump = jumps[code];
    if (jump) at += view.getUint8(at * 8 + (jump(a, k) ? 2 : 3));
    else if (code === 0x20) a = load(k, architecture, number);
    else if (code === 0x05) at += k;
    else if (code === 0x06) return k;
    else throw new Error(`instruction ${code} at ${at}`);
  }
  throw new Error("no answer");
}

const compile = (profile: Seccomp) => host.compileSeccomp(encodeProfile(profile, false));

const syscalls = [{ names: ["read", "openat2"], action: "SCMP_ACT_ALLOW" as const }];
const architectures = ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86"] as const;

test("calls newer than the newest that the profile names get ENOSYS, on each architecture", () => {
  if (host.architecture !== "x86_64") return;
  const program = compile({ defaultAction: "SCMP_ACT_ERRNO", architectures, syscalls });
  assert.is(answer(program, x86_64, 0), ALLOW); // read
  assert.is(answer(program, x86_64, 1), ERRNO + EPERM);
  assert.is(answer(program, x86_64, 437), ALLOW); // openat2
  assert.is(answer(program, x86_64, 438), ERRNO + ENOSYS);
  assert.is(answer(program, x86_64, 100_000), ERRNO + ENOSYS);
  assert.is(answer(program, i386, 3), ALLOW);
  assert.is(answer(program, i386, 4), ERRNO + EPERM);
  assert.is(answer(program, i386, 438), ERRNO + ENOSYS);
});

test("x32 has numbers of its own, and is as foreign as any other where it is not listed", () => {
  if (host.architecture !== "x86_64") return;
  const without = compile({ defaultAction: "SCMP_ACT_ERRNO", architectures, syscalls });
  const KILL = 0;
  assert.is(answer(without, x86_64, x32 + 0), KILL);
  assert.is(answer(without, x86_64, x32 + 5000), KILL);
  const all = [...architectures, "SCMP_ARCH_X32"] as const;
  const program = compile({ defaultAction: "SCMP_ACT_ERRNO", architectures: all, syscalls });
  assert.is(answer(program, x86_64, 0), ALLOW);
  assert.is(answer(program, x86_64, 438), ERRNO + ENOSYS);
  assert.is(answer(program, x86_64, x32 + 437), ALLOW);
  assert.is(answer(program, x86_64, x32 + 1), ERRNO + EPERM);
  assert.is(answer(program, x86_64, x32 + 5000), ERRNO + ENOSYS);
});

test("a call that the profile names is not newer than it, even where its rule says what holds anyway", () => {
  if (host.architecture !== "x86_64") return;
  const named = [...syscalls, { names: ["faccessat2"], action: "SCMP_ACT_ERRNO" as const }];
  const program = compile({ defaultAction: "SCMP_ACT_ERRNO", syscalls: named });
  assert.is(answer(program, x86_64, 439), ERRNO + EPERM); // faccessat2
  assert.is(answer(program, x86_64, 440), ERRNO + ENOSYS);
});

test("where all else is allowed, so are newer calls", () => {
  const program = compile({ defaultAction: "SCMP_ACT_LOG", syscalls });
  assert.is(answer(program, x86_64, 438), 0x7ffc0000);
});

test("a name that the library does not know is passed over, or an error where the annotation says so", () => {
  const profile: Seccomp = {
    defaultAction: "SCMP_ACT_ERRNO",
    syscalls: [{ names: ["no_such_call", "read"], action: "SCMP_ACT_ALLOW" }],
  };
  assert.ok(host.compileSeccomp(encodeProfile(profile, false)).length > 0);
  assert.throws(
    () => host.compileSeccomp(encodeProfile(profile, true)),
    (failure: { path?: string }) => failure.path === "no_such_call",
  );
});

test.run();
