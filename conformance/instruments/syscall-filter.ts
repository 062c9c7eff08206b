// SPDX-License-Identifier: Apache-2.0

/** Filters for cases about seccomp, and the call that they are tried on. */

import { constants } from "node:os";
import { equal, holds, Mismatch } from "../expect.ts";
import { call } from "../questions.ts";
import type { JsonObject } from "../stage/pointer.ts";
import type { Stage } from "../stage/stage.ts";

/** No program of ours and no runtime needs splice(2), and it has six arguments. */
export const subject = "splice";
export const splice = (...args: readonly (number | bigint)[]) => call(subject, ...args);

/** An errno that splice(2) itself never gives. */
export const marked = { number: 121, name: "EREMOTEIO" };

export interface CallResult {
  readonly result: string | null;
  readonly errno?: string | undefined;
  readonly signal: number | null;
}

const shown = ({ result, errno, signal }: CallResult) =>
  signal !== null ? `signal ${signal}` : (errno ?? `result ${result}`);

export const givesErrno = (what: string, seen: CallResult, errno: string): void =>
  equal(what, shown(seen), errno);

export const givesSignal = (what: string, seen: CallResult): void =>
  equal(what, shown(seen), `signal ${constants.signals.SIGSYS}`);

/** The kernel has made the call: what it gives depends on its arguments, but is no errno of ours. */
export function isMade(what: string, seen: CallResult): void {
  const made = seen.signal === null && ![marked.name, "EPERM", "ENOSYS"].includes(seen.errno ?? "");
  holds(what, shown(seen), "what the call itself gives", made);
}

/** A change: everything is allowed but this. */
export const rules = (...syscalls: readonly JsonObject[]) => ({
  "/linux/seccomp": { defaultAction: "SCMP_ACT_ALLOW", syscalls },
});

/** An entry for the subject that gives the marked errno, or another action. */
export const rule = (properties: JsonObject = {}): JsonObject => ({
  names: [subject],
  action: "SCMP_ACT_ERRNO",
  errnoRet: marked.number,
  ...properties,
});

/** The subject's arguments are compared in one way. */
export const compared = (...args: readonly JsonObject[]) => rules(rule({ args }));

/** What programs and runtimes use between the loading of a filter and their end, for lists of what is allowed. */
const usual: readonly string[] = `
  accept access arch_prctl bind brk capget capset chdir chmod chown clock_getres clock_gettime clock_nanosleep
  clone clone3 close close_range connect dup dup2 dup3 epoll_create epoll_create1 epoll_ctl epoll_pwait
  epoll_wait eventfd2 execve execveat exit exit_group faccessat faccessat2 fchdir fchmod fchmodat fchown
  fchownat fcntl fork fstat fstatfs fsync ftruncate futex getcwd getdents64 getegid geteuid getgid getgroups
  getpgrp getpid getppid getpriority getrandom getresgid getresuid getrlimit getrusage getsid gettid
  gettimeofday getuid ioctl kill link linkat lseek lstat madvise memfd_create mkdir mkdirat mmap mount
  mprotect mremap munmap nanosleep newfstatat open openat openat2 pidfd_open pidfd_send_signal pipe pipe2
  poll ppoll prctl pread64 preadv prlimit64 pselect6 pwrite64 read readlink readlinkat readv recvfrom
  recvmsg rename renameat restart_syscall rmdir rseq rt_sigaction rt_sigpending rt_sigprocmask
  rt_sigqueueinfo rt_sigreturn rt_sigsuspend rt_sigtimedwait sched_getaffinity sched_yield seccomp select
  sendmsg sendto set_robust_list set_tid_address setgid setgroups setpgid setresgid setresuid setrlimit
  setsid setuid sigaltstack socket socketpair stat statfs statx symlink symlinkat tgkill time timer_create
  timer_delete timer_settime timerfd_create timerfd_settime times tkill umask umount2 uname unlink unlinkat
  utimensat vfork wait4 waitid write writev`
  .trim()
  .split(/\s+/);

/** A change: only what is usual is allowed, everything else gets this. */
export const onlyUsual = (properties: JsonObject) => ({
  "/linux/seccomp": { ...properties, syscalls: [{ names: usual, action: "SCMP_ACT_ALLOW" }] },
});

/** The seccomp agent of the host tools. */
export interface Agent {
  readonly socket: string;
  /** What it wrote so far, by line. */
  readonly lines: () => readonly JsonObject[];
  /** The line about the state that it got, undefined as long as there is none. */
  readonly delivery: () => JsonObject | undefined;
}

/** Listens at a socket in the scratch folder; `answer` is "continue", or "errno" and a number. */
export async function startAgent(stage: Stage, ...answer: readonly string[]): Promise<Agent> {
  const socket = `${stage.place.scratch}/agent`;
  const { output } = stage.helper(stage.place.warden, "listener", socket, ...answer);
  const parsed = (text: string): JsonObject[] => {
    try {
      return text.startsWith("{") ? [JSON.parse(text) as JsonObject] : [];
    } catch {
      return []; // half a line
    }
  };
  const lines = () => output().split("\n").flatMap(parsed);
  await stage.container.until("the agent's socket", () => output().includes("listening"));
  return { socket, lines, delivery: () => lines().find((line) => "state" in line) };
}

/** The state that the agent got: one JSON document and nothing else. */
export function sentState(delivery: JsonObject): JsonObject {
  const text = String(delivery.state);
  try {
    const document: unknown = JSON.parse(text);
    if (typeof document === "object" && document !== null && !Array.isArray(document))
      return document as JsonObject;
  } catch {
    // told below
  }
  throw new Mismatch("what the listener got in its connection", "one JSON object", text.slice(0, 400));
}
