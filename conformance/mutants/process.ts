// SPDX-License-Identifier: Apache-2.0

/** Wrong properties of the container's process. */

import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { Process } from "./config.ts";
import { inConfig } from "./faults.ts";
import type { Fault, Mutant } from "./mutant.ts";

const inProcess = (change: (process: Process) => unknown): Fault =>
  inConfig(({ process }) => process && change(process));

const inUser = (change: (user: NonNullable<Process["user"]>) => unknown): Fault =>
  inProcess(({ user }) => user && change(user));

const dropping = (name: keyof Process): Fault => inProcess((process) => delete process[name]);

/** What getrlimit(2) knows by these names. */
const limitTypes =
  /^RLIMIT_(AS|CORE|CPU|DATA|FSIZE|LOCKS|MEMLOCK|MSGQUEUE|NICE|NOFILE|NPROC|RSS|RTPRIO|RTTIME|SIGPENDING|STACK)$/;

export const process: readonly Mutant[] = [
  {
    name: "cwd-ignored",
    about: "The process starts in /.",
    breaks: ["process.cwd"],
    fault: inProcess((given) => {
      if (given.cwd?.startsWith("/")) given.cwd = "/";
    }),
  },
  {
    name: "cwd-guessed",
    about: "A missing cwd is /, and a relative one counts from there.",
    breaks: ["process.cwd-absolute"],
    fault: inProcess((given) => {
      if (!given.cwd?.startsWith("/")) given.cwd = `/${given.cwd ?? ""}`;
    }),
  },
  {
    name: "env-cut-at-equals",
    about: "The value of a variable ends at a second equals sign.",
    breaks: ["process.env"],
    fault: inProcess((given) => {
      given.env = given.env?.map((entry) => entry.split("=").slice(0, 2).join("=")) ?? [];
    }),
  },
  {
    name: "env-inherited",
    about: "The process has the runtime's environment besides its own.",
    breaks: ["process.env-own"],
    fault: inProcess((given) => {
      const has = (name: string) => given.env?.some((entry) => entry.startsWith(`${name}=`));
      const ours = Object.entries(globalThis.process.env).filter(([name]) => !has(name));
      given.env = [...(given.env ?? []), ...ours.map(([name, value]) => `${name}=${value}`)];
    }),
  },
  {
    name: "empty-arguments-dropped",
    about: "Arguments that are empty are left out.",
    breaks: ["process.args"],
    fault: inProcess((given) => {
      given.args = given.args?.filter((word) => word !== "") ?? [];
    }),
  },
  {
    name: "args-search-elsewhere",
    about: "A program without a slash is looked for in /bin and /usr/bin, whatever PATH is.",
    breaks: ["process.args-search"],
    fault: inProcess((given) => {
      if (given.args?.[0]?.includes("/")) return;
      given.env = given.env?.map((entry) => (entry.startsWith("PATH=") ? "PATH=/bin:/usr/bin" : entry)) ?? [];
    }),
  },
  {
    name: "missing-program-runs",
    about: "A program that is not there is run as a shell does it: it ends with exit code 127.",
    breaks: ["process.args-missing"],
    fault: inConfig(({ process, root }, bundle) => {
      const [program = ""] = process?.args ?? [];
      if (
        process &&
        program.startsWith("/") &&
        !existsSync(resolve(bundle, root?.path ?? "", `.${program}`))
      ) {
        process.args = ["/probe", "exit 127"];
      }
    }),
  },
  {
    name: "rlimits-ignored",
    about: "rlimits has no effect.",
    breaks: ["process.rlimits"],
    fault: dropping("rlimits"),
  },
  {
    name: "rlimits-hard-as-soft",
    about: "The soft limit becomes the hard limit, too.",
    breaks: ["process.rlimits"],
    fault: inProcess(({ rlimits }) => {
      for (const limit of rlimits ?? []) if (limit.soft !== undefined) limit.hard = limit.soft;
    }),
  },
  {
    name: "rlimits-rounded",
    about: "Limits beyond 53 bits are rounded, as those who read them as floating-point numbers do.",
    breaks: ["process.rlimits-range"],
    fault: inProcess(({ rlimits }) => {
      const rounded = (value: unknown) =>
        typeof value === "string" ? Number.MAX_SAFE_INTEGER : Number(value);
      for (const limit of rlimits ?? []) {
        limit.soft = rounded(limit.soft);
        limit.hard = rounded(limit.hard);
      }
    }),
  },
  {
    name: "unknown-rlimit-ignored",
    about: "An entry of rlimits of an unknown type is passed over.",
    breaks: ["process.rlimits-unknown"],
    fault: inProcess((given) => {
      given.rlimits = given.rlimits?.filter(({ type }) => limitTypes.test(type ?? "")) ?? [];
    }),
  },
  {
    name: "second-rlimit-ignored",
    about: "Of two entries of rlimits with the same type the first one counts.",
    breaks: ["process.rlimits-duplicate"],
    fault: inProcess((given) => {
      const { rlimits = [] } = given;
      const first = (type?: string) => rlimits.findIndex((limit) => limit.type === type);
      given.rlimits = rlimits.filter(({ type }, at) => first(type) === at);
    }),
  },
  {
    name: "uid-gid-swapped",
    about: "The process has the ids of user and group the wrong way round.",
    breaks: ["process.uid", "process.gid"],
    fault: inUser((user) => {
      [user.uid, user.gid] = [user.gid, user.uid];
    }),
  },
  {
    name: "user-guessed",
    about: "Without a uid the process runs as root.",
    breaks: ["process.user-invalid"],
    fault: inProcess((given) => {
      given.user = { uid: 0, gid: 0, ...given.user };
    }),
  },
  {
    name: "additional-gids-dropped",
    about: "additionalGids has no effect.",
    breaks: ["process.additional-gids"],
    fault: inUser((user) => delete user.additionalGids),
  },
  {
    name: "additional-gids-more",
    about: "The process is in groups that nobody has named.",
    breaks: ["process.additional-gids-only"],
    fault: inUser((user) => {
      user.additionalGids = [...(user.additionalGids ?? []), 27];
    }),
  },
  {
    name: "umask-ignored",
    about: "user.umask has no effect.",
    breaks: ["process.umask"],
    fault: inUser((user) => delete user.umask),
  },
  {
    name: "umask-zero-unset",
    about: "A umask of 0 is taken for none.",
    breaks: ["process.umask"],
    fault: inUser((user) => user.umask === 0 && delete user.umask),
  },
  {
    name: "umask-of-its-own",
    about: "Without user.umask the umask is 0022, not the caller's.",
    breaks: ["process.umask-unset"],
    fault: inUser((user) => {
      user.umask ??= 0o022;
    }),
  },
  {
    name: "no-new-privileges-ignored",
    about: "noNewPrivileges has no effect.",
    breaks: ["process.no-new-privileges"],
    fault: dropping("noNewPrivileges"),
  },
  {
    name: "no-new-privileges-always",
    about: "A process cannot gain privileges even where the config allows it.",
    breaks: ["process.no-new-privileges-default"],
    fault: inProcess((given) => {
      given.noNewPrivileges = true;
    }),
  },
  {
    name: "oom-score-adj-ignored",
    about: "oomScoreAdj has no effect.",
    breaks: ["process.oom-score-adj"],
    fault: dropping("oomScoreAdj"),
  },
  {
    name: "oom-score-adj-reset",
    about: "Without oomScoreAdj it becomes 100.",
    breaks: ["process.oom-score-adj-unset"],
    fault: inProcess((given) => {
      given.oomScoreAdj ??= 100;
    }),
  },
  {
    name: "oom-score-adj-clamped",
    about: "An oomScoreAdj out of range becomes the nearest one in it.",
    breaks: ["process.oom-score-adj-invalid"],
    fault: inProcess((given) => {
      const { oomScoreAdj: wanted } = given;
      if (typeof wanted === "number") given.oomScoreAdj = Math.max(-1000, Math.min(1000, Math.round(wanted)));
    }),
  },
  {
    name: "console-size-ignored",
    about: "The terminal keeps the size that it has from the kernel.",
    breaks: ["process.console-size"],
    fault: dropping("consoleSize"),
  },
  {
    name: "console-size-turned",
    about: "Rows and columns of the terminal are the wrong way round.",
    breaks: ["process.console-size"],
    fault: inProcess((given) => {
      const { height, width } = given.consoleSize ?? {};
      if (height !== undefined && width !== undefined) given.consoleSize = { height: width, width: height };
    }),
  },
  {
    name: "apparmor-ignored",
    about: "apparmorProfile has no effect, nor is that an error where there is no AppArmor.",
    breaks: ["process.apparmor", "process.apparmor-refused"],
    fault: dropping("apparmorProfile"),
  },
  {
    name: "selinux-ignored",
    about: "selinuxLabel has no effect, nor is that an error where there is no SELinux.",
    breaks: ["process.selinux", "process.selinux-refused"],
    fault: dropping("selinuxLabel"),
  },
  {
    name: "scheduler-ignored",
    about: "scheduler has no effect.",
    breaks: ["process.scheduler", "process.scheduler-nice"],
    fault: dropping("scheduler"),
  },
  {
    name: "scheduler-flags-ignored",
    about: "The flags of scheduler have no effect, unknown ones neither.",
    breaks: ["process.scheduler-flags", "process.scheduler-flags-unknown"],
    given: "process.scheduler",
    fault: inProcess(({ scheduler }) => delete scheduler?.flags),
  },
  {
    name: "io-priority-ignored",
    about: "ioPriority has no effect.",
    breaks: ["process.io-priority"],
    fault: dropping("ioPriority"),
  },
];
