// SPDX-License-Identifier: Apache-2.0

import { chapter, may, must, section } from "./clause.ts";

export const seccomp = chapter(
  "Seccomp",
  section(
    "config-linux.md#seccomp",
    must(
      "seccomp.filter",
      "With seccomp the container's process and its children are under a filter, with and without noNewPrivileges; the runtime's own work is not disturbed by it.",
    ),
    must(
      "seccomp.default-action",
      "defaultAction is taken for every call that no entry of syscalls matches.",
    ),
    must("seccomp.default-action-required", "A seccomp without defaultAction is refused."),
    must(
      "seccomp.default-action-kill",
      "A defaultAction of SCMP_ACT_KILL without syscalls lets the kernel kill the container's process at its first call.",
    ),
    must("seccomp.default-errno", "defaultErrnoRet is the errno that SCMP_ACT_ERRNO gives as defaultAction."),
    must("seccomp.default-errno-default", "Without defaultErrnoRet that errno is EPERM."),
    must(
      "seccomp.default-errno-refused",
      "defaultErrnoRet with a defaultAction that takes no errno is refused with a message.",
    ),
    must(
      "seccomp.architectures",
      "Rules hold for the calls of all architectures that are listed; of the native one without a list.",
    ),
    must(
      "seccomp.architectures-valid",
      "A name among architectures that is none of libseccomp's constants is refused.",
    ),
    may(
      "seccomp.architectures-foreign",
      "Any of libseccomp's constants can stand among architectures, on any machine, unless the runtime refuses it.",
    ),
    may(
      "seccomp.flags",
      "flags can hold the flags of seccomp(2) TSYNC, LOG, SPEC_ALLOW and WAIT_KILLABLE_RECV, unless the runtime refuses them.",
    ),
    must("seccomp.flags-valid", "An unknown flag is refused."),
  ),
  section(
    "config-linux.md#seccomp",
    must(
      "seccomp.listener",
      "When SCMP_ACT_NOTIFY is used, the container process state is sent to the AF_UNIX, SOCK_STREAM socket of listenerPath.",
    ),
    must("seccomp.listener-one-state", "There is exactly one container process state in a connection."),
    must(
      "seccomp.listener-closed",
      "The connection to the listener is closed after the state was sent, and not used again.",
    ),
    must("seccomp.listener-failure", "If the state cannot be sent, that is an error."),
    must("seccomp.listener-ignored", "listenerPath means nothing when no SCMP_ACT_NOTIFY is used."),
    must(
      "seccomp.listener-fd",
      "One of the descriptors sent is named seccompFd, and is the one that seccomp(2) returned: it gets the calls with SCMP_ACT_NOTIFY.",
    ),
    must("seccomp.listener-metadata", "listenerMetadata is sent as metadata of the state, as it stands."),
    must("seccomp.listener-metadata-alone", "listenerMetadata without listenerPath is refused."),
  ),
  section(
    "config-linux.md#seccomp",
    must("seccomp.syscalls", "Every call among the names of an entry gets the action of the entry."),
    must("seccomp.syscalls-required", "An entry of syscalls without names or without action is refused."),
    must("seccomp.names-empty", "An entry of syscalls whose list of names is empty is refused."),
    must(
      "seccomp.action-kill",
      "SCMP_ACT_KILL is another name of SCMP_ACT_KILL_THREAD: the thread ends of SIGSYS.",
    ),
    must("seccomp.action-kill-process", "SCMP_ACT_KILL_PROCESS ends the whole process of SIGSYS."),
    must("seccomp.action-kill-thread", "SCMP_ACT_KILL_THREAD ends the thread of SIGSYS."),
    must("seccomp.action-trap", "SCMP_ACT_TRAP sends the thread a SIGSYS that it can handle."),
    must("seccomp.action-errno", "SCMP_ACT_ERRNO lets the call fail with an errno, and does not make it."),
    must(
      "seccomp.action-trace",
      "SCMP_ACT_TRACE leaves the call to a tracer; without one it fails with ENOSYS.",
    ),
    must("seccomp.action-allow", "SCMP_ACT_ALLOW lets the call happen."),
    must("seccomp.action-log", "SCMP_ACT_LOG lets the call happen, and has it logged."),
    must(
      "seccomp.action-notify",
      "SCMP_ACT_NOTIFY leaves the call to the listener, which answers it or lets it go on.",
    ),
    must("seccomp.action-valid", "An action that is none of libseccomp's constants is refused."),
    must("seccomp.errno", "errnoRet is the errno that SCMP_ACT_ERRNO gives, whatever defaultErrnoRet is."),
    must("seccomp.errno-default", "Without errnoRet that errno is EPERM."),
    must("seccomp.errno-refused", "errnoRet with an action that takes no errno is refused with a message."),
    must("seccomp.args-index", "index says which of the six arguments of the call is compared, from 0 on."),
    must("seccomp.args-value", "value is compared as an unsigned number of 64 bits."),
    must(
      "seccomp.args-value-two",
      "valueTwo is the second value of SCMP_CMP_MASKED_EQ, whose first one is the mask.",
    ),
    must(
      "seccomp.args-all",
      "An entry with args on several arguments matches the calls for which all of them hold.",
    ),
    must("seccomp.args-required", "An entry of args without index, value or op is refused."),
    must("seccomp.op-ne", "SCMP_CMP_NE matches arguments that are not the value."),
    must("seccomp.op-lt", "SCMP_CMP_LT matches arguments below the value."),
    must("seccomp.op-le", "SCMP_CMP_LE matches the value and arguments below it."),
    must("seccomp.op-eq", "SCMP_CMP_EQ matches the value."),
    must("seccomp.op-ge", "SCMP_CMP_GE matches the value and arguments above it."),
    must("seccomp.op-gt", "SCMP_CMP_GT matches arguments above the value."),
    must(
      "seccomp.op-masked-eq",
      "SCMP_CMP_MASKED_EQ matches arguments that are valueTwo in the bits of value.",
    ),
    must("seccomp.op-valid", "An op that is none of libseccomp's constants is refused."),
  ),
  section(
    "config-linux.md#the-container-process-state",
    must(
      "seccomp.state-json",
      "The container process state is sent over the socket as JSON, its descriptors as SCM_RIGHTS.",
    ),
    may(
      "seccomp.state-several-messages",
      "The state may be sent by several calls of sendmsg(2).",
      "One call and several are both right, and all cases take both.",
    ),
    must("seccomp.state-fds-first", "All descriptors come with the first call of sendmsg(2)."),
    must(
      "seccomp.state-version",
      "ociVersion is there and names the version of the spec that the state complies with.",
    ),
    must(
      "seccomp.state-fds",
      "fds names the descriptors in the order in which they were sent: there are as many names as descriptors.",
    ),
    must("seccomp.state-pid", "pid is there and is the container process as the runtime sees it."),
    must("seccomp.state-metadata", "Without listenerMetadata there is no metadata, or an empty one."),
    must(
      "seccomp.state-state",
      "state is there and is the container's state, with all that the state operation would tell at that time.",
    ),
  ),
);
