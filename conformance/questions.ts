// SPDX-License-Identifier: Apache-2.0

/**
 * What the probe can be asked (conformance/probe): each question is one argument of its command line, answered by
 * one line of JSON. Actions are questions, too; the probe goes through its arguments in order.
 */

import * as v from "valibot";

/** A question, and the shape of its answer. */
export interface Question<Answer> {
  readonly ask: string;
  readonly answer: v.GenericSchema<unknown, Answer>;
}

const question = <Answer>(ask: string, answer: v.GenericSchema<unknown, Answer>): Question<Answer> => ({
  ask,
  answer,
});

const texts = v.array(v.string());
const numbers = v.array(v.number());
const nothing = v.null();

/** A call that went well, or the name of its errno. */
const outcome = v.object({ ok: v.boolean(), errno: v.optional(v.string()) });
export type Outcome = v.InferOutput<typeof outcome>;

// --- the process itself

export const identity = question(
  "identity",
  v.object({
    pid: v.number(),
    parent: v.number(),
    group: v.number(),
    session: v.number(),
    /** real, effective, saved, file system */
    uid: numbers,
    gid: numbers,
    groups: numbers,
    umask: v.number(),
    /** null where getcwd fails */
    directory: v.nullable(v.string()),
  }),
);
export const commandLine = question("commandLine", texts);
/** NAME=value, in the order that execve was given. */
export const environment = question("environment", texts);
/** Names with CAP_, by set. */
export const capabilities = question(
  "capabilities",
  v.object({ effective: texts, permitted: texts, inheritable: texts, bounding: texts, ambient: texts }),
);
/** By RLIMIT_ name; decimal digits, because they have 64 bits. */
export const limits = question(
  "limits",
  v.record(v.string(), v.object({ soft: v.string(), hard: v.string() })),
);
export const security = question(
  "security",
  v.object({
    noNewPrivileges: v.boolean(),
    /** 0 off, 1 strict, 2 filter */
    seccomp: v.number(),
    /** of the LSMs that have one: "profile (enforce)", "system_u:…" */
    apparmor: v.nullable(v.string()),
    label: v.nullable(v.string()),
    dumpable: v.number(),
    securebits: v.number(),
  }),
);
export const scheduling = question(
  "scheduling",
  v.object({
    /** SCHED_OTHER, SCHED_FIFO … */
    policy: v.string(),
    /** SCHED_FLAG_… bits */
    flags: v.number(),
    nice: v.number(),
    priority: v.number(),
    /** nanoseconds, of SCHED_DEADLINE; since 6.12 `runtime` is the slice of SCHED_OTHER, too */
    runtime: v.string(),
    deadline: v.string(),
    period: v.string(),
    /** IOPRIO_CLASS_NONE, _RT, _BE, _IDLE */
    ioClass: v.string(),
    ioPriority: v.number(),
    processors: numbers,
    oomScoreAdj: v.nullable(v.number()),
  }),
);
/** MPOL_… with its flags, and the nodes it names. */
export const memoryPolicy = question(
  "memoryPolicy",
  v.object({ mode: v.string(), flags: texts, nodes: numbers }),
);
/** What personality(0xffffffff) returns. */
export const personality = question("personality", v.number());
export const signals = question("signals", v.object({ blocked: numbers, ignored: numbers }));
/** Open descriptors but for the probe's own; target is null without /proc. */
export const descriptors = question(
  "descriptors",
  v.array(v.object({ fd: v.number(), target: v.nullable(v.string()), access: v.string() })),
);
export const terminal = question(
  "terminal",
  v.object({
    /** of fds 0, 1, 2 */
    isTerminal: v.array(v.boolean()),
    name: v.nullable(v.string()),
    rows: v.number(),
    columns: v.number(),
    /** whether it is the controlling terminal of the session */
    controlling: v.boolean(),
  }),
);
/** Everything from standard input until its end. */
export const standardInput = question("stdin", v.string());

// --- what is around it

/** The inode number of each namespace under /proc/self/ns, in decimal. */
export const namespaces = question("namespaces", v.record(v.string(), v.string()));
export const names = question(
  "names",
  v.object({ hostname: v.string(), domainname: v.string(), machine: v.string(), release: v.string() }),
);
/** Nanoseconds, in decimal. */
export const clocks = question("clocks", v.object({ monotonic: v.string(), boottime: v.string() }));
/** The lines of /proc/self/mountinfo; read them with mountAt() of mounts.ts. */
export const mounts = question("mounts", texts);
/** Network interfaces by name. */
export const interfaces = question(
  "interfaces",
  v.record(
    v.string(),
    v.object({
      up: v.boolean(),
      mtu: v.number(),
      hardware: v.nullable(v.string()),
      /** ADDRESS/PREFIX */
      addresses: texts,
    }),
  ),
);

// --- files

const node = v.object({
  /** file, directory, symlink, character, block, fifo, socket */
  type: v.string(),
  /** permission bits, suid, sgid and sticky included */
  mode: v.number(),
  uid: v.number(),
  gid: v.number(),
  /** of a device node */
  major: v.number(),
  minor: v.number(),
  size: v.number(),
  inode: v.string(),
  /** of the file system, MAJOR:MINOR */
  device: v.string(),
  /** of a symlink */
  target: v.nullable(v.string()),
  /** nanoseconds */
  accessed: v.string(),
});
export type Node = v.InferOutput<typeof node>;

/** null when there is nothing. */
export const lstat = (path: string) => question(`lstat ${path}`, v.nullable(node));
export const stat = (path: string) => question(`stat ${path}`, v.nullable(node));
/** Names in a folder, sorted, without . and .. */
export const list = (path: string) => question(`list ${path}`, v.nullable(texts));
/** At most 64 KiB of a file; null when it cannot be read. */
export const read = (path: string) => question(`read ${path}`, v.nullable(v.string()));
/** Magic number of the file system (hexadecimal, 0x…) and its flags by name: ST_RDONLY, ST_NOSUID … */
export const fileSystem = (path: string) =>
  question(`fileSystem ${path}`, v.nullable(v.object({ magic: v.string(), flags: texts })));
/** Opens with r, w, rw (or rn: without blocking), and closes again. For directories and devices, too. */
export const open = (path: string, access: "r" | "w" | "rw") => question(`open ${access} ${path}`, outcome);
/** open + read of one byte; a device that gives none is ok. */
export const readByte = (path: string) => question(`readByte ${path}`, outcome);
/** open(O_WRONLY) + write of the text (without blanks in it); never creates. */
export const write = (path: string, text: string) => question(`write ${path} ${text}`, outcome);
/** open(O_CREAT | O_EXCL), mode 0666. */
export const create = (path: string) => question(`create ${path}`, outcome);
export const makeDirectory = (path: string) => question(`mkdir ${path}`, outcome);
export const remove = (path: string) => question(`remove ${path}`, outcome);
export const chmod = (path: string, mode: number) => question(`chmod ${path} ${mode.toString(8)}`, outcome);
export const chown = (path: string, uid: number, gid: number) =>
  question(`chown ${path} ${uid} ${gid}`, outcome);
export const makeNode = (path: string, type: "c" | "b" | "p", major = 0, minor = 0) =>
  question(`mknod ${path} ${type} ${major} ${minor}`, outcome);
/** mount(2) without flags or data. */
export const mount = (type: string, target: string) => question(`mount ${type} ${target}`, outcome);
export const unmount = (target: string) => question(`unmount ${target}`, outcome);

// --- other programs and calls

/** Runs a program (execve, words without blanks) and waits; what it wrote to standard output. */
export const run = (path: string, ...args: readonly string[]) =>
  question(
    ["run", path, ...args].join(" "),
    v.object({
      /** of execve; the others are null then */
      errno: v.optional(v.string()),
      exit: v.nullable(v.number()),
      signal: v.nullable(v.number()),
      output: v.nullable(v.string()),
    }),
  );
/** A system call in a child of its own: what it returned, its errno, or the signal that ended it. */
export const call = (name: string, ...args: readonly (number | bigint)[]) =>
  question(
    ["call", name, ...args].join(" "),
    v.object({
      result: v.nullable(v.string()),
      errno: v.optional(v.string()),
      signal: v.nullable(v.number()),
    }),
  );
/** A system call without arguments in a second thread of a child: exit 0 when the child outlives the thread. */
export const callInThread = (name: string) =>
  question(
    `callInThread ${name}`,
    v.object({ exit: v.nullable(v.number()), signal: v.nullable(v.number()) }),
  );
/** Forks children that wait, as many as `most`, until fork fails; then ends them. */
export const forks = (most: number) =>
  question(`forks ${most}`, v.object({ made: v.number(), errno: v.optional(v.string()) }));
/** Touches memory, in a child: whether it lived. */
export const allocate = (bytes: number) =>
  question(`allocate ${bytes}`, v.object({ exit: v.nullable(v.number()), signal: v.nullable(v.number()) }));
/** Keeps one processor busy for milliseconds of the clock; the processor time it got, in milliseconds. */
export const spin = (milliseconds: number) => question(`spin ${milliseconds}`, v.object({ got: v.number() }));

// --- actions

/** Appends all following lines to a file instead of standard output, each with the name `by`. */
export const log = (path: string, by: string) => question(`log ${path} ${by}`, nothing);
/** A line that says how far the probe has come. */
export const say = (word: string) => question(`say ${word}`, nothing);
export const sleep = (milliseconds: number) => question(`sleep ${milliseconds}`, nothing);
/** Until the path exists. */
export const awaitFile = (path: string) => question(`await ${path}`, nothing);
/** A child that waits for ever; it is left behind, with all signals as by default and without standard output. */
export const spawn = question("spawn", v.object({ pid: v.number() }));
/**
 * Waits for a signal that can be caught, and answers with its number. Before, it says `waiting`: signals from then on
 * are kept, also between two of these questions.
 */
export const awaitSignal = question("awaitSignal", v.object({ signal: v.number() }));
/** Waits for ever, and ends of SIGTERM with exit code 143. Its line comes before, as that of `exit` and of `die`. */
export const pause = question("pause", nothing);
export const exit = (code: number) => question(`exit ${code}`, nothing);
/** Ends of a signal that it sends itself. As PID 1 only SIGKILL (after a second), SIGSEGV and SIGILL can be. */
export const die = (signal: number) => question(`die ${signal}`, nothing);
