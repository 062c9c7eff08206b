// SPDX-License-Identifier: Apache-2.0

/**
 * The only door from `lib/` and `cmd/` to the outside. Two hosts open it, over the same C library:
 * QuickJS-ng inside the static executable, and Node.js through the addon. Types only.
 */

/** A value read from JSON. An integer that a double cannot hold exactly is a bigint. */
export type Json = null | boolean | number | bigint | string | Json[] | { [name: string]: Json };

/** One word of an encoded plan; see `lib/plan/encode.ts`. */
export type Word = number | bigint | string | Uint8Array;

/** What a host call throws: the facts of one failed system call. */
export interface SystemFailure {
  readonly syscall: string;
  /** positive errno number */
  readonly errno: number;
  readonly path: string;
}

export type FileKind = "missing" | "file" | "directory" | "symlink" | "socket" | "other";

/** What lies at a path, looked at without following any symlink. */
export interface Sight {
  readonly kind: Exclude<FileKind, "missing">;
  /** permission bits, with setuid, setgid and sticky */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** ST_* of statvfs(3) */
  readonly mountFlags: number;
  /** the file system's magic number, statfs(2) */
  readonly fileSystem: number;
  /** of a symlink its target, of a regular file its beginning, else empty */
  readonly content: Uint8Array;
}

/** What can be asked of the kernel; native/probe.c. */
export type ProbeName =
  | "clone" // clone3(2) with these CLONE_* flags
  | "cloneInto" // clone3(2) into the cgroup of this path
  | "openat2"
  | "fileSystem" // fsopen(2) of this type
  | "mountAttributes" // mount_setattr(2)
  | "mappedMount" // the same with MOUNT_ATTR_IDMAP
  | "pidfd" // pidfd_open(2), pidfd_send_signal(2)
  | "closeRange"
  | "seccompFlags" // seccomp(2) with these flags
  | "seccompAction" // this return value of a filter
  | "deviceProgram" // bpf(2) of BPF_PROG_TYPE_CGROUP_DEVICE
  | "keyring"; // keyctl(2)

/** What became of an executed plan. */
export interface Outcome {
  /** -1 when every step succeeded; otherwise the index of the process whose step failed */
  readonly process: number;
  /** index of the failing step in that process's list */
  readonly step: number;
  /** name of the failing system call, empty when none failed */
  readonly syscall: string;
  readonly errno: number;
  /** what the step adds: a path, an option, a hook's output, the kernel's own log */
  readonly detail: string;
  /** pid of the container's init, 0 when none was made */
  readonly pid: number;
  /** exit status of a supervised container (128 + signal when killed), -1 when none was supervised */
  readonly exitStatus: number;
  /**
   * What was done, only when traced: a line each for every step that was taken in any process and for what lies between
   * them, in the order of their starts, then for those that were not. Without the values of variables, without passwords.
   * `events` are in JSON, in Chrome's "Trace Event Format"; `lines` are for people, and there instead if asked for.
   */
  readonly events?: string;
  readonly lines?: string;
  /** what went wrong without ending the plan: flat records [process, step, errno, detail] */
  readonly warnings: readonly (number | string)[];
}

/** What a trace needs to know. */
export interface Traced {
  /** lines for people instead of events */
  readonly lines: boolean;
  /** times count from this one of now() */
  readonly since: number;
  /** for each process the number of its steps, then of each its name and its JSON pointer; "" where it is not known */
  readonly names: readonly Word[];
}

export interface JsonScan {
  /** JSON pointers of names that occur a second time in their object */
  readonly duplicates: readonly string[];
  /** pointer, literal, pointer, literal … of the integers beyond ±(2^53 - 1) */
  readonly integers: readonly string[];
}

export interface Host {
  readonly name: "quickjs" | "node";
  /** the command line without the program's own name */
  readonly args: readonly string[];
  readonly version: { readonly engine: string; readonly seccomp: string };
  readonly uid: number;
  readonly gid: number;
  readonly architecture: string;
  env(name: string): string | undefined;
  cwd(): string;
  /** nanoseconds of CLOCK_MONOTONIC */
  now(): number;
  /** the same of the time at which this process began its work */
  began(): number;
  isTerminal(fd: number): boolean;

  /** The whole of a file; E2BIG past `limit` bytes. Follows symlinks: for host paths only. */
  readFile(path: string, limit: number): Uint8Array;
  /** Strict UTF-8; EILSEQ otherwise. */
  decode(bytes: Uint8Array): string;
  scanJson(bytes: Uint8Array): JsonScan;
  list(path: string): string[];
  kind(path: string): FileKind;
  /**
   * What is at a path below a folder, of the folder itself for "". Below it nothing is followed, so that what a
   * container can write leads nowhere: ELOOP at a symlink on the way. With the first `limit` bytes of a file.
   */
  look(root: string, path: string, limit: number): Sight;
  /** Asks the kernel whether it can, changing nothing: 0, or the errno with which it says no. */
  probe(name: ProbeName, text: string, number: number): number;
  /** whether the effective user may write there */
  writable(path: string): boolean;
  realPath(path: string): string;
  /** What a symlink says, also one of procfs that leads nowhere ("pipe:[42]"); EINVAL when it is none. */
  readLink(path: string): string;

  /**
   * Holds the flock(2) of a container's folder until `unlock`, as commands do that change the container; waits for
   * another one up to the time given, then throws EBUSY. ENOENT when the folder is gone.
   */
  lock(path: string, milliseconds: number): number;
  unlock(lock: number): void;

  /** SHA-256, in hexadecimal */
  digest(text: string): string;
  /** Over the 32-bit words of the bytes, to find what was not written whole. */
  checksum(bytes: Uint8Array): number;
  /** The name of a system call of this machine, "" for a number that is none. */
  systemCall(number: number): string;
  /** A seccomp profile (see `lib/plan/seccomp.ts`) compiled to a BPF program. */
  compileSeccomp(profile: readonly Word[]): Uint8Array;

  /** Writes all of `text` to an open descriptor. */
  write(fd: number, text: string): void;
  /** Appends to a file, made with mode 0644 when missing. */
  append(path: string, text: string): void;
  /** The same, in place of what the file holds; whatever else is there (a pipe, a terminal) is written to. */
  overwrite(path: string, text: string): void;
  /** Makes a file by writing a temporary one beside it and renaming. */
  replaceFile(path: string, bytes: Uint8Array): void;
  /**
   * Makes a file of mode 0600 in a folder to which others may write, too: no symlink leads there, and nothing that
   * is there is opened; EEXIST. The folder, an absolute path, is made with mode 0700 when missing.
   */
  newFile(folder: string, name: string, text: string): void;

  /**
   * A descriptor, open to the process's end, of a kernel file that tells of its changes: cgroup.events and
   * memory.events of cgroup v2; with a `trigger` ("some 100000 2000000", microseconds) a pressure file.
   */
  watch(path: string, trigger: string): number;
  /**
   * Until one of these has changed since it was opened or last waited for, or until so many milliseconds have
   * passed (-1: no end), or a signal came: those that have. What happens between two waits is not lost.
   */
  wait(watched: readonly number[], milliseconds: number): number[];

  /**
   * What a program of the host, found in PATH, prints to both its standard output and error. Only for programs
   * that tell something: what changes the machine is a step of a plan. Its status is 128 + signal when killed.
   */
  output(args: readonly string[], limit: number): { readonly status: number; readonly output: Uint8Array };

  /** Of the terminal behind a descriptor; zeros when it is none. */
  screenSize(fd: number): { readonly columns: number; readonly rows: number };
  /**
   * From here on the terminal gives single keys, unseen, Ctrl-C among them. `farewell`, 64 bytes at most, is
   * written when it is released, and also when a signal ends the process before that.
   */
  holdTerminal(farewell: string): void;
  releaseTerminal(): void;
  /** What was typed; empty after so many milliseconds. The end of input is U+0004. */
  readKeys(milliseconds: number): string;

  /** Executes an encoded plan: every change to the machine goes through here. */
  execute(plan: readonly Word[], traced?: Traced): Outcome;
}
