// SPDX-License-Identifier: Apache-2.0

import type { Config, Seccomp, SeccompAction, Syscall, SyscallArg } from "../config/types.ts";
import type { Host, Word } from "../host.ts";
import { strictAnnotation } from "../tables/annotations.ts";
import {
  listenerFlags,
  refusingActions,
  seccompActions,
  seccompArchitectures,
  seccompFlags,
  seccompOperators,
  threadFlags,
} from "../tables/seccomp.ts";
import type { SeccompFilter } from "./facts.ts";
import { seccompListener } from "./seccomp-listener.ts";

export type SeccompHost = Pick<
  Host,
  "architecture" | "version" | "digest" | "checksum" | "readFile" | "replaceFile" | "compileSeccomp"
>;

/** What `native/seccomp.c` reads. */
const profileVersion = 3;
const defaultErrno = 1; // EPERM

/** The most instructions that the kernel takes, 8 bytes each. */
const longest = 4096 * 8;

/**
 * The filter of a profile. libseccomp takes longer over Podman's profile than everything else in a create
 * together, so what it made is kept under the root, where no id of a container can be in its way. To find the
 * `name` of its file takes its time as well, and is not needed where a container has it on record.
 */
export function seccompFilter(
  where: { readonly host: SeccompHost; readonly root: string },
  config: Config,
  profile: Seccomp,
  name?: string,
): SeccompFilter {
  const { host, root } = where;
  const listener = seccompListener(config) !== undefined;
  const flags = kernelFlags(profile) & ~(listener ? threadFlags : listenerFlags);
  const strict = config.annotations?.[strictAnnotation] !== undefined;
  // a profile that was compiled with unknown names is not to be found by one that allows none
  const file = name ?? `.seccomp-${cacheKey(host, profile)}${strict ? "-strict" : ""}`;
  const kept = readKept(host, `${root}/${file}`);
  if (kept !== undefined) return { flags, program: kept, listener, file };
  const program = host.compileSeccomp(encodeProfile(profile, strict));
  try {
    host.replaceFile(`${root}/${file}`, pack(host, program));
  } catch {
    // Not kept, then: the first container of a root comes before its folder.
  }
  return { flags, program, listener, file };
}

/** In its place in a plan that is only to be read, where the library cannot compile the profile. */
export function noFilter(config: Config): SeccompFilter {
  return { flags: 0, program: new Uint8Array(), listener: seccompListener(config) !== undefined, file: "" };
}

function kernelFlags(profile: Seccomp): number {
  return (profile.flags ?? []).reduce((flags, name) => flags | known(seccompFlags, name), 0);
}

/** A bigint is written as a string, which no value of a profile can be. */
function cacheKey({ digest, architecture, version }: SeccompHost, profile: Seccomp): string {
  const made = `${profileVersion} ${architecture} ${version.seccomp}\n`;
  try {
    return digest(made + JSON.stringify(profile));
  } catch {
    // A replacer is called for every value, so it is only used where JSON.stringify has met a bigint.
    return digest(
      made + JSON.stringify(profile, (_, value) => (typeof value === "bigint" ? `n${value}` : value)),
    );
  }
}

const magic = 0x53435452; // "RTCS"
const headerWords = 4; // magic, version of this form, number of bytes, checksum
const fileVersion = 1;

/** Undefined unless the file is whole: a machine may lose its power while it is written. */
function readKept(host: SeccompHost, file: string): Uint8Array | undefined {
  let bytes: Uint8Array;
  try {
    bytes = host.readFile(file, headerWords * 4 + longest);
  } catch {
    return undefined;
  }
  return unpack(host, bytes);
}

type Checker = Pick<Host, "checksum">;

export function pack({ checksum }: Checker, program: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(headerWords * 4 + program.length);
  bytes.set(program, headerWords * 4);
  const words = new Uint32Array(bytes.buffer);
  words.set([magic, fileVersion, program.length, checksum(program)]);
  return bytes;
}

export function unpack({ checksum }: Checker, bytes: Uint8Array): Uint8Array | undefined {
  const size = bytes.length - headerWords * 4;
  if (size <= 0 || size % 8 !== 0) return undefined;
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
  const words = new Uint32Array(aligned.buffer, aligned.byteOffset, aligned.length / 4);
  const program = aligned.subarray(headerWords * 4);
  const whole =
    words[0] === magic && words[1] === fileVersion && words[2] === size && words[3] === checksum(program);
  return whole ? program : undefined;
}

/** The words that `native/seccomp.c` reads. */
export function encodeProfile(profile: Seccomp, strict: boolean): readonly Word[] {
  const otherwise = encodeAction(profile.defaultAction, profile.defaultErrnoRet);
  const architectures = (profile.architectures ?? []).map((name) => known(seccompArchitectures, name));
  const rules: Word[] = [];
  let count = 0;
  for (const rule of profile.syscalls ?? []) {
    const action = encodeAction(rule.action, rule.errnoRet);
    for (const conditions of alternatives(rule))
      for (const name of rule.names) {
        rules.push(name, action, conditions.length, ...conditions.flatMap(encodeCondition));
        count++;
      }
  }
  // calls newer than the profile are for ENOSYS where others get an error that would mislead a program
  const newer = refusingActions.has(profile.defaultAction) ? 1 : 0;
  return [
    profileVersion,
    otherwise,
    strict ? 1 : 0,
    newer,
    architectures.length,
    ...architectures,
    count,
    ...rules,
  ];
}

function encodeAction(action: SeccompAction, errno: number | undefined): number {
  const value = known(seccompActions, action);
  const takesErrno = action === "SCMP_ACT_ERRNO" || action === "SCMP_ACT_TRACE";
  return takesErrno ? value + (errno ?? defaultErrno) : value;
}

/**
 * The conditions of a rule hold together, which libseccomp knows for one condition on each argument. Where
 * an argument has several, each condition is a rule of its own, as with runc: profiles are written for it.
 */
function alternatives({ args = [] }: Syscall): readonly (readonly SyscallArg[])[] {
  const indices = new Set(args.map(({ index }) => index));
  return indices.size === args.length ? [args] : args.map((condition) => [condition]);
}

function encodeCondition({ index, op, value, valueTwo = 0 }: SyscallArg): Word[] {
  return [index, known(seccompOperators, op), value, valueTwo];
}

/** The number of a name that lib/config has let through. */
function known(table: Readonly<Record<string, number>>, name: string): number {
  const number = table[name];
  if (number === undefined) throw new TypeError(`no such name in a seccomp profile: ${name}`);
  return number;
}
