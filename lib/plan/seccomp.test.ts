// SPDX-License-Identifier: Apache-2.0

import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Config, Seccomp } from "../config/types.ts";
import type { Word } from "../host.ts";
import { encodeProfile, pack, type SeccompHost, seccompFilter, unpack } from "./seccomp.ts";

const ALLOW = 0x7fff0000;
const ERRNO = 0x00050000;

const config: Config = { ociVersion: "1.3.0", root: { path: "/" } };

const plain: Seccomp = {
  defaultAction: "SCMP_ACT_ERRNO",
  architectures: ["SCMP_ARCH_X86_64"],
  syscalls: [{ names: ["read", "write"], action: "SCMP_ACT_ALLOW" }],
};

/** What the host has written, and how often it had to compile. */
function memory(program = new Uint8Array(16)) {
  const files = new Map<string, Uint8Array>();
  const count = { compiled: 0 };
  const host: SeccompHost = {
    architecture: "x86_64",
    version: { engine: "test", seccomp: "2.5.4" },
    digest: (text) => text.replace(/[^\w]/g, "_"),
    checksum: (bytes) => bytes.reduce((sum, byte, at) => (sum + byte * (at + 1)) % 0x1_0000_0000, 1),
    readFile(path) {
      const bytes = files.get(path);
      if (!bytes) throw { syscall: "open", errno: 2, path };
      return bytes;
    },
    replaceFile: (path, bytes) => void files.set(path, bytes),
    compileSeccomp() {
      count.compiled++;
      return program;
    },
  };
  return { files, count, host };
}

test("every name of a rule becomes a rule of its own", () => {
  assert.equal(encodeProfile(plain, false), [
    ...[3, ERRNO + 1, 0, 1, 1, 0xc000003e, 2],
    ...["read", ALLOW, 0],
    ...["write", ALLOW, 0],
  ]);
});

test("an errno is part of the action, 0 included", () => {
  const profile: Seccomp = {
    defaultAction: "SCMP_ACT_ERRNO",
    defaultErrnoRet: 38,
    syscalls: [
      { names: ["a"], action: "SCMP_ACT_ERRNO", errnoRet: 0 },
      { names: ["b"], action: "SCMP_ACT_ERRNO" },
      { names: ["c"], action: "SCMP_ACT_TRACE", errnoRet: 5 },
    ],
  };
  const traced = 0x7ff00005;
  assert.equal(encodeProfile(profile, false), [
    3,
    ERRNO + 38,
    0,
    1,
    0,
    3,
    "a",
    ERRNO,
    0,
    "b",
    ERRNO + 1,
    0,
    "c",
    traced,
    0,
  ]);
});

const mask = (index: number, value: number | bigint) => ({
  index,
  value,
  valueTwo: 0,
  op: "SCMP_CMP_MASKED_EQ" as const,
});

function rulesOf(args: NonNullable<NonNullable<Seccomp["syscalls"]>[number]["args"]>): readonly Word[] {
  const syscalls = [{ names: ["clone"], action: "SCMP_ACT_ALLOW" as const, args }];
  return encodeProfile({ defaultAction: "SCMP_ACT_ERRNO", syscalls }, false).slice(5);
}

test("conditions on different arguments hold together, with all of their 64 bits", () => {
  const all = 2n ** 64n - 1n;
  assert.equal(rulesOf([mask(0, all), mask(1, 2)]), [1, "clone", ALLOW, 2, 0, 7, all, 0, 1, 7, 2, 0]);
});

test("several conditions on one argument are rules of their own, as with runc", () => {
  assert.equal(rulesOf([mask(0, 1), mask(0, 2)]), [
    ...[2],
    ...["clone", ALLOW, 1, 0, 7, 1, 0],
    ...["clone", ALLOW, 1, 0, 7, 2, 0],
  ]);
});

test("flags go to the kernel, not into the program", () => {
  const { host } = memory();
  const flags = ["SECCOMP_FILTER_FLAG_LOG", "SECCOMP_FILTER_FLAG_SPEC_ALLOW"] as const;
  assert.is(seccompFilter({ host, root: "/root" }, config, { ...plain, flags }).flags, 6);
  assert.is(seccompFilter({ host, root: "/root" }, config, plain).flags, 0);
});

test("a profile is compiled once, and again for another profile, library or architecture", () => {
  const { host, count, files } = memory();
  const program = seccompFilter({ host, root: "/root" }, config, plain).program;
  assert.equal(seccompFilter({ host, root: "/root" }, config, plain).program, program);
  assert.is(count.compiled, 1);
  seccompFilter({ host, root: "/root" }, config, { ...plain, defaultErrnoRet: 2 });
  seccompFilter({ host: { ...host, architecture: "riscv64" }, root: "/root" }, config, plain);
  seccompFilter(
    { host: { ...host, version: { engine: "test", seccomp: "2.6.0" } }, root: "/root" },
    config,
    plain,
  );
  assert.is(count.compiled, 4);
  assert.is(files.size, 4);
  for (const path of files.keys()) assert.match(path, /^\/root\/\.seccomp-/);
});

test("where nothing can be kept the filter is made all the same", () => {
  const { host, count } = memory();
  const closed: SeccompHost = {
    ...host,
    replaceFile() {
      throw { syscall: "open", errno: 30, path: "" };
    },
  };
  assert.is(seccompFilter({ host: closed, root: "/root" }, config, plain).program.length, 16);
  assert.is(seccompFilter({ host: closed, root: "/root" }, config, plain).program.length, 16);
  assert.is(count.compiled, 2);
});

test("a kept filter that is not whole is not used", () => {
  const { host } = memory();
  const program = Uint8Array.from({ length: 64 }, (_, at) => at);
  const kept = pack(host, program);
  assert.equal(unpack(host, kept), program);
  const shifted = new Uint8Array(kept.length + 1);
  shifted.set(kept, 1);
  assert.equal(unpack(host, shifted.subarray(1)), program);
  assert.is(unpack(host, new Uint8Array(0)), undefined);
  for (let length = 0; length < kept.length; length++)
    assert.is(unpack(host, kept.subarray(0, length)), undefined);
  for (let at = 0; at < kept.length; at++) {
    const torn = kept.slice();
    torn[at] = (torn[at] ?? 0) ^ 1;
    assert.is(unpack(host, torn), undefined);
  }
});

test("a filter whose file is on record is found without looking at the profile", () => {
  const { count, host } = memory();
  const made = seccompFilter({ host, root: "/root" }, config, plain);
  const digest = () => {
    throw new Error("the name was given");
  };
  const found = seccompFilter({ host: { ...host, digest }, root: "/root" }, config, plain, made.file);
  assert.equal(found, made);
  assert.is(count.compiled, 1);
});

test("names must be known where the annotation says so, and such a filter is kept apart", () => {
  const { files, host } = memory();
  const strict = { ...config, annotations: { "run.oci.seccomp_fail_unknown_syscall": "" } };
  assert.is(encodeProfile(plain, true)[2], 1);
  seccompFilter({ host, root: "/root" }, config, plain);
  seccompFilter({ host, root: "/root" }, strict, plain);
  assert.is(files.size, 2);
});

test("calls newer than the profile are told from others where others are refused", () => {
  const newer = (defaultAction: Seccomp["defaultAction"]) =>
    encodeProfile({ ...plain, defaultAction }, false)[3];
  assert.equal((["SCMP_ACT_ERRNO", "SCMP_ACT_KILL", "SCMP_ACT_TRAP"] as const).map(newer), [1, 1, 1]);
  assert.equal((["SCMP_ACT_ALLOW", "SCMP_ACT_LOG", "SCMP_ACT_NOTIFY"] as const).map(newer), [0, 0, 0]);
});

test("an agent's flag goes with an agent only, the threads' flag without", () => {
  const { host } = memory();
  const flags = ["SECCOMP_FILTER_FLAG_TSYNC", "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV"] as const;
  const filterOf = (seccomp: Seccomp) =>
    seccompFilter({ host, root: "/root" }, { ...config, linux: { seccomp } }, seccomp);
  assert.is(filterOf({ ...plain, flags, listenerPath: "/x" }).flags, 1);
  const syscalls = [{ names: ["mount"], action: "SCMP_ACT_NOTIFY" as const }];
  const { flags: asked, listener } = filterOf({ ...plain, syscalls, flags, listenerPath: "/x" });
  assert.equal([asked, listener], [0x20, true]);
});

test.run();
