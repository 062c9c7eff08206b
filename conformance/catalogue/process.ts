// SPDX-License-Identifier: Apache-2.0

import { chapter, may, must, section, should } from "./clause.ts";

export const process = chapter(
  "Process",
  section(
    "config.md#process",
    must(
      "process.terminal",
      "With terminal true the process gets a pseudoterminal of its own as standard input, output and error.",
    ),
    must("process.terminal-default", "With terminal false or absent the process gets no terminal."),
    must("process.console-size", "The terminal has as many rows and columns as consoleSize says."),
    must("process.console-size-ignored", "consoleSize has no effect when terminal is false or absent."),
    must(
      "process.console-size-complete",
      "A consoleSize of a terminal that lacks height or width is refused.",
    ),
    must("process.cwd", "The process starts in the folder cwd of the container."),
    must("process.cwd-absolute", "A cwd that is missing or no absolute path is refused."),
    must("process.env", "The environment of the process has every entry of env, unchanged."),
    must("process.env-own", "Nothing of the runtime's own environment gets into that of the process."),
    must("process.env-form", "An entry of env that is not of the form name=value is refused."),
    must(
      "process.args",
      "The process gets args as its argument vector, unchanged, the first entry included.",
    ),
    must("process.args-required", "Without any entry in args the container cannot be started."),
    must(
      "process.args-path",
      "A first entry of args with a slash is the path of the program in the container, and one that is not absolute begins at cwd.",
    ),
    must(
      "process.args-search",
      "A first entry of args without a slash is searched for in the container, in the folders of PATH in env, one after the other, as execvp does.",
    ),
    must("process.args-missing", "A program that is not there or that cannot be executed is an error."),
    may(
      "process.args-shell",
      "A file that the kernel cannot execute for its format may be given to the shell, as execvp does.",
    ),
  ),
  section(
    "config.md#posix-process",
    must("process.rlimits", "Each resource that rlimits names has the soft and the hard limit given for it."),
    must("process.rlimits-range", "Limits keep all of their 64 bits; the highest value means no limit."),
    must(
      "process.rlimits-unknown",
      "A type in rlimits that the kernel has no limit for, or that is missing, is refused.",
    ),
    must(
      "process.rlimits-invalid",
      "An entry of rlimits without soft or hard, or with soft above hard, is refused.",
    ),
    must("process.rlimits-duplicate", "Two entries of rlimits with the same type are refused."),
  ),
  section(
    "config.md#linux-process",
    must("process.apparmor", "The process runs under the AppArmor profile apparmorProfile."),
    must(
      "process.apparmor-refused",
      "An apparmorProfile that cannot be applied, because it is not loaded or AppArmor is off, is refused.",
    ),
    must("process.selinux", "The process runs with the SELinux label selinuxLabel."),
    must(
      "process.selinux-refused",
      "A selinuxLabel that cannot be applied, because the policy does not allow it or SELinux is off, is refused.",
    ),
    must(
      "process.no-new-privileges",
      "With noNewPrivileges true the process cannot gain privileges: its no_new_privs is set, and setuid programs have no effect.",
    ),
    must(
      "process.no-new-privileges-default",
      "With noNewPrivileges false or absent the process can gain the privileges that the kernel allows.",
    ),
    must("process.oom-score-adj", "oom_score_adj of the process is oomScoreAdj, whatever the runtime's is."),
    must(
      "process.oom-score-adj-unset",
      "Without oomScoreAdj the process has the oom_score_adj of the runtime's caller.",
    ),
    must("process.oom-score-adj-invalid", "An oomScoreAdj that the kernel does not take is refused."),
    must("process.scheduler", "The process runs under the scheduling policy that scheduler.policy names."),
    must(
      "process.scheduler-invalid",
      "A scheduler whose policy is missing, unknown or not in the kernel, or whose numbers the kernel does not take, is refused.",
    ),
    must("process.scheduler-nice", "The nice value is scheduler.nice."),
    must("process.scheduler-nice-default", "A scheduler without nice makes the nice value 0."),
    must("process.scheduler-priority", "The static priority of a real-time policy is scheduler.priority."),
    must(
      "process.scheduler-priority-default",
      "A scheduler without priority means priority 0, which a real-time policy does not take.",
    ),
    must("process.scheduler-flags", "The flags of scheduler have the effect that the kernel gives them."),
    must(
      "process.scheduler-flags-unknown",
      "A flag of scheduler that is unknown or not in the kernel is refused.",
    ),
    must(
      "process.scheduler-deadline",
      "runtime, deadline and period of scheduler are those of SCHED_DEADLINE, in nanoseconds.",
    ),
    must(
      "process.scheduler-deadline-default",
      "runtime, deadline and period that are absent are 0: then there is no SCHED_DEADLINE without runtime, and the period is the deadline.",
    ),
    must(
      "process.io-priority",
      "The process has the I/O class and the priority in it that ioPriority gives.",
    ),
    must("process.io-priority-group", "ioPriority holds for every process of the container."),
    must(
      "process.io-priority-invalid",
      "An ioPriority whose class is missing or unknown, or whose priority is missing or not from 0 to 7, is refused.",
    ),
    must("process.exec-affinity-init", "execCPUAffinity has no effect on the container's first process."),
    must(
      "process.exec-affinity-initial",
      "A process that is executed in a running container starts out on the processors that execCPUAffinity.initial lists, before it is in the container's cgroup.",
    ),
    must(
      "process.exec-affinity-final",
      "Once it is in the container's cgroup, such a process runs on the processors that execCPUAffinity.final lists.",
    ),
    should(
      "process.exec-affinity-unset",
      "Where final is empty or absent, the runtime leaves the affinity to the kernel once the process is in the container's cgroup.",
    ),
    must(
      "process.exec-affinity-invalid",
      "An execCPUAffinity with a list that is no list of processors is refused, when the container is made or when a process is executed.",
    ),
  ),
  section(
    "config.md#posix-platform-user",
    must("process.uid", "All user ids of the process are user.uid, as the container sees them."),
    must("process.gid", "All group ids of the process are user.gid, as the container sees them."),
    must("process.user-invalid", "A user whose uid or gid is missing, or is no id, is refused."),
    must("process.umask", "The umask of the process is user.umask, and 0 is one, too."),
    should("process.umask-unset", "Without user.umask the process has the umask of the runtime's caller."),
    must("process.additional-gids", "The process is in every group of user.additionalGids."),
    must(
      "process.additional-gids-only",
      "The process is in no group but user.gid and those of user.additionalGids; groups of the runtime do not stay.",
    ),
  ),
);
