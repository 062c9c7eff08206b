// SPDX-License-Identifier: Apache-2.0

import type { Broken } from "../broken.ts";

/** ELF header and one program header PT_INTERP for that machine, whose loader's name follows. */
function elf(machine: number, loader: string, bits: 1 | 2 = 2, order: 1 | 2 = 1): string {
  const number = (value: number, size: number) => {
    const bytes = Array.from({ length: size }, (_, i) => (i < 4 ? (value >>> (8 * i)) & 255 : 0));
    return (order === 1 ? bytes : bytes.reverse()).map((byte) => byte.toString(16).padStart(2, "0")).join("");
  };
  const word = bits === 2 ? 8 : 4;
  const [head, entry] = bits === 2 ? [64, 56] : [52, 32];
  const text = [...loader, "\0"].map((letter) => number(letter.charCodeAt(0), 1)).join("");
  const at = head + entry;
  const size = text.length / 2;
  return [
    `7f454c460${bits}0${order}01`.padEnd(32, "0"),
    number(2, 2) + number(machine, 2) + number(1, 4) + number(0, word) + number(head, word) + number(0, word),
    number(0, 4) + number(head, 2) + number(entry, 2) + number(1, 2) + number(0, 6),
    bits === 2
      ? number(3, 4) +
        number(4, 4) +
        number(at, 8) +
        number(0, 16) +
        number(size, 8) +
        number(size, 8) +
        number(1, 8)
      : number(3, 4) +
        number(at, 4) +
        number(0, 8) +
        number(size, 4) +
        number(size, 4) +
        number(4, 4) +
        number(1, 4),
    text,
  ].join("");
}

const runs = (...args: readonly string[]) => ({ "/process/args": [...args] });
const pointer = "/process/args/0";
const ordinary = { "/process/user": { uid: 1000, gid: 1000 }, "/process/capabilities": {} };

export const programs: readonly Broken[] = [
  {
    what: "a script for a Python that the image does not have",
    edits: runs("/app/run"),
    files: { "/app/run": { text: "#!/usr/bin/python3\nprint(1)\n" } },
    cause: /script.*\/usr\/bin\/python3.*does not exist/,
    mend: /install.*\/usr\/bin\/python3|first line/,
    pointer: "/process/args",
  },
  {
    what: "a script saved with Windows line ends",
    edits: runs("/app/run"),
    files: { "/app/run": { text: "#!/bin/sh\r\necho hi\r\n" } },
    cause: /carriage return/,
    mend: /dos2unix|line ends/,
    pointer: "/process/args",
  },
  {
    what: "a script for an env that is elsewhere",
    edits: runs("/run.sh"),
    files: { "/run.sh": { text: "#!/usr/local/bin/env bash\n" } },
    cause: /\/usr\/local\/bin\/env.*does not exist/,
    mend: /first line/,
    pointer: "/process/args",
  },
  {
    what: "a script whose interpreter may not be executed",
    edits: runs("/run.sh"),
    files: { "/run.sh": { text: "#!/opt/lisp\n" }, "/opt/lisp": { text: "x", mode: 0o644 } },
    cause: /\/opt\/lisp.*not executable.*0644/,
    mend: /chmod \+x/,
    pointer: "/process/args",
  },
  {
    what: "a program built for glibc in an image without it",
    edits: runs("/app/server"),
    files: { "/app/server": { hex: elf(62, "/lib64/ld-linux-x86-64.so.2") } },
    cause: /loader.*\/lib64\/ld-linux-x86-64\.so\.2.*does not exist/,
    mend: /glibc.*static/,
    pointer: "/process/args",
  },
  {
    what: "a program built on Alpine in an image without musl",
    edits: runs("/app/server"),
    files: { "/app/server": { hex: elf(62, "/lib/ld-musl-x86_64.so.1") } },
    cause: /loader.*ld-musl-x86_64\.so\.1.*does not exist/,
    mend: /musl.*static/,
    pointer: "/process/args",
  },
  {
    what: "a 32-bit program in a 64-bit image",
    edits: runs("/app/old"),
    files: { "/app/old": { hex: elf(3, "/lib/ld-linux.so.2", 1) } },
    cause: /32-bit.*\/lib\/ld-linux\.so\.2.*does not exist|i386/,
    mend: /32-bit|static/,
    pointer: "/process/args",
  },
  {
    what: "a program for ARM on x86-64",
    edits: runs("/app/server"),
    files: { "/app/server": { hex: elf(183, "/lib/ld-linux-aarch64.so.1") } },
    cause: /built for aarch64.*this machine is x86_64/,
    mend: /--platform|qemu|binfmt/i,
    pointer: "/process/args",
  },
  {
    what: "a program for IBM Z, of the other byte order",
    edits: runs("/app/server"),
    files: { "/app/server": { hex: elf(22, "/lib/ld64.so.1", 2, 2) } },
    cause: /built for s390x/,
    mend: /--platform|qemu|binfmt/i,
    pointer: "/process/args",
  },
  {
    what: "a script without a first line that says what runs it",
    edits: runs("/app/run"),
    files: { "/app/run": { text: "echo hello\n" } },
    cause: /no "#!" line/,
    mend: /#!\/bin\/sh/,
    pointer: "/process/args",
  },
  {
    what: "an empty program, as a failed COPY leaves it",
    edits: runs("/app/run"),
    files: { "/app/run": { text: "" } },
    cause: /is empty/,
    mend: /copy|build/i,
    pointer: "/process/args",
  },
  {
    what: "a program cut short",
    edits: runs("/app/run"),
    files: { "/app/run": { hex: elf(62, "").slice(0, 60) } },
    cause: /cut off|cut short|damaged/,
    mend: /copy|build/i,
    pointer: "/process/args",
  },
  {
    what: "a program that nobody made executable",
    edits: runs("/app/run"),
    files: { "/app/run": { text: "#!/bin/sh\n", mode: 0o644 } },
    cause: /not executable.*0644/,
    mend: /chmod \+x/,
    pointer,
  },
  {
    what: "a program that only its owner may execute",
    edits: { ...runs("/app/run"), ...ordinary },
    files: { "/app/run": { text: "#!/bin/sh\n", mode: 0o700 } },
    cause: /0700.*owner 0.*uid 1000/,
    mend: /chmod|process\.user/,
    pointer: "/process/args",
  },
  {
    what: "a program in a folder the user may not enter",
    edits: { ...runs("/secret/run"), ...ordinary },
    files: { "/secret/": { mode: 0o700 }, "/secret/run": { text: "#!/bin/sh\n" } },
    cause: /folder \/secret.*0700.*uid 1000/,
    mend: /chmod|process\.user/,
    pointer: "/process/args",
  },
  {
    what: "a folder as the program",
    edits: runs("/bin"),
    cause: /is a directory/,
    mend: /program in it/,
    pointer,
  },
  {
    what: "a program that is not there",
    edits: runs("/app/server"),
    files: { "/app/readme": { text: "" } },
    cause: /\/app\/server does not exist/,
    mend: /image|path/,
    pointer,
  },
  {
    what: "a program in a folder that is not there",
    edits: runs("/opt/tool/bin/server"),
    cause: /\/opt does not exist/,
    mend: /image|path/,
    pointer,
  },
  {
    what: "a program by a name that PATH does not lead to, though it is there",
    edits: runs("tool"),
    files: { "/usr/local/bin/tool": { text: "#!/bin/sh\n" } },
    cause: /\/usr\/local\/bin\/tool.*not in PATH/,
    mend: /PATH|\/usr\/local\/bin\/tool/,
    pointer,
  },
  {
    what: "a program by a name that is nowhere",
    edits: runs("no-such-tool"),
    cause: /none of.*\/bin/,
    mend: /install|full path/,
    pointer,
  },
  {
    what: "a PATH of folders that are not there",
    edits: { ...runs("true"), "/process/env": ["PATH=/nowhere:/neither"] },
    cause: /\/bin\/true.*not in PATH|PATH/,
    mend: /PATH/,
    pointer,
  },
  {
    what: "the whole command line as one word",
    edits: runs("sh -c true"),
    cause: /one word/,
    mend: /\["sh", "-c", "true"\]/,
    pointer,
  },
  {
    what: "a whole command line with its path as one word",
    edits: runs("/bin/sh -c true"),
    cause: /one word/,
    mend: /\["\/bin\/sh", "-c", "true"\]/,
    pointer,
  },
  {
    what: "an empty program name",
    edits: runs(""),
    cause: /empty/,
    mend: /process\.args/,
    pointer: "/process/args/0",
  },
  {
    what: "a program below a file",
    edits: runs("/etc/passwd/run"),
    cause: /\/etc\/passwd is a file/,
    mend: /path/,
    pointer,
  },
  {
    what: "a symlink to a program that is gone",
    edits: runs("/app/run"),
    files: { "/app/run": { link: "../opt/v1/run" } },
    cause: /symlink \/app\/run.*\/opt does not exist|symlink \/app\/run.*\/opt\/v1\/run/,
    mend: /link/,
    pointer,
  },
  {
    what: "symlinks in a circle",
    edits: runs("/app/a"),
    files: { "/app/a": { link: "b" }, "/app/b": { link: "a" } },
    cause: /symlinks.*circle/,
    mend: /link/,
    pointer,
  },
  {
    what: "a program on a volume mounted noexec",
    edits: {
      ...runs("/data/run"),
      "/mounts/-": { destination: "/data", source: "BUNDLE/rootfs/app", options: ["bind", "noexec"] },
    },
    files: { "/app/run": { text: "#!/bin/sh\n" } },
    cause: /noexec/,
    mend: /"?noexec"?.*\/mounts\/7|exec/,
    pointer: "/process/args",
  },
  {
    what: "a program that a tmpfs hides",
    edits: {
      ...runs("/app/run"),
      "/mounts/-": { destination: "/app", type: "tmpfs", source: "tmpfs" },
    },
    files: { "/app/run": { text: "#!/bin/sh\n" } },
    cause: /tmpfs.*\/mounts\/7.*hides|hidden/,
    mend: /mounts\/7|elsewhere/,
    pointer,
  },
  {
    what: "a program that a volume hides",
    edits: {
      ...runs("/app/run"),
      "/mounts/-": { destination: "/app", source: "BUNDLE/rootfs/etc", options: ["rbind"] },
    },
    files: { "/app/run": { text: "#!/bin/sh\n" } },
    cause: /\/app\/run does not exist.*\/mounts\/7/,
    mend: /mounts\/7/,
    pointer,
  },
  {
    what: "arguments that are too long for the kernel",
    edits: runs("/bin/true", "x".repeat(200_000)),
    cause: /200000 bytes.*131072|one argument/,
    mend: /file|shorter/,
    pointer: "/process/args",
  },
  {
    what: "a program that is a socket or a device",
    edits: runs("/dev/null"),
    cause: /device|not a regular file|permission|tmpfs|noexec/i,
    mend: /./,
    pointer: "/process/args/0",
  },
];
