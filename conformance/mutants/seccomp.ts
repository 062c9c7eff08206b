// SPDX-License-Identifier: Apache-2.0

/** Filters that let through too much, too little, or otherwise. */

import type { Seccomp } from "./config.ts";
import { inConfig } from "./faults.ts";
import type { Fault, Mutant } from "./mutant.ts";

const inFilter = (change: (filter: Seccomp) => unknown): Fault =>
  inConfig(({ linux }) => linux?.seccomp && change(linux.seccomp));

type Rule = NonNullable<Seccomp["syscalls"]>[number];
type Argument = NonNullable<Rule["args"]>[number];

const inRules = (change: (rule: Rule) => unknown): Fault =>
  inFilter(({ syscalls }) => syscalls?.forEach(change));
const inArguments = (change: (argument: Argument) => unknown): Fault =>
  inRules(({ args }) => args?.forEach(change));

const operatorAs = (wrong: string, right: string): Fault =>
  inArguments((argument) => {
    if (argument.op === right) argument.op = wrong;
  });
const actionAs = (wrong: string, right: string): Fault =>
  inRules((rule) => {
    if (rule.action === right) rule.action = wrong;
  });

const actions = /^SCMP_ACT_(KILL|KILL_PROCESS|KILL_THREAD|TRAP|ERRNO|TRACE|ALLOW|LOG|NOTIFY)$/;
const operators = /^SCMP_CMP_(NE|LT|LE|EQ|GE|GT|MASKED_EQ)$/;
const flags = /^SECCOMP_FILTER_FLAG_(TSYNC|LOG|SPEC_ALLOW|WAIT_KILLABLE_RECV)$/;
const takesErrno = (action = "") => /^SCMP_ACT_(ERRNO|TRACE)$/.test(action);

/** Long numbers are texts here, see config.ts. */
const lower32 = (value: unknown) => Number(BigInt.asUintN(32, BigInt(String(value).replace(/^\D*/, ""))));

export const seccomp: readonly Mutant[] = [
  {
    name: "seccomp-ignored",
    about: "seccomp has no effect.",
    breaks: ["seccomp.filter"],
    fault: inConfig(({ linux }) => delete linux?.seccomp),
  },
  {
    name: "seccomp-default-allow",
    about: "Calls that no rule is about are allowed.",
    breaks: ["seccomp.default-action"],
    fault: inFilter((filter) => {
      if (!actions.test(filter.defaultAction ?? "")) return;
      filter.defaultAction = "SCMP_ACT_ALLOW";
      delete filter.defaultErrnoRet;
    }),
  },
  {
    name: "seccomp-default-action-guessed",
    about: "Without defaultAction everything is allowed.",
    breaks: ["seccomp.default-action-required"],
    fault: inFilter((filter) => {
      filter.defaultAction ??= "SCMP_ACT_ALLOW";
    }),
  },
  {
    name: "seccomp-default-errno-ignored",
    about: "defaultErrnoRet has no effect.",
    breaks: ["seccomp.default-errno"],
    fault: inFilter((filter) => delete filter.defaultErrnoRet),
  },
  {
    name: "seccomp-errno-ignored",
    about: "errnoRet has no effect.",
    breaks: ["seccomp.errno"],
    fault: inRules((rule) => delete rule.errnoRet),
  },
  {
    name: "seccomp-default-errno-for-all",
    about: "defaultErrnoRet holds for rules without errnoRet, too.",
    breaks: ["seccomp.errno-default"],
    fault: inFilter(({ defaultErrnoRet, syscalls }) => {
      if (defaultErrnoRet === undefined) return;
      for (const rule of syscalls ?? []) if (takesErrno(rule.action)) rule.errnoRet ??= defaultErrnoRet;
    }),
  },
  {
    name: "seccomp-errno-of-kill-ignored",
    about: "errnoRet of an action that takes none is passed over.",
    breaks: ["seccomp.errno-refused"],
    fault: inRules((rule) => takesErrno(rule.action) || delete rule.errnoRet),
  },
  {
    name: "seccomp-default-errno-of-allow-ignored",
    about: "defaultErrnoRet of an action that takes none is passed over.",
    breaks: ["seccomp.default-errno-refused"],
    fault: inFilter((filter) => takesErrno(filter.defaultAction) || delete filter.defaultErrnoRet),
  },
  {
    name: "seccomp-first-name-only",
    about: "Of the names of a rule only the first one counts.",
    breaks: ["seccomp.syscalls"],
    fault: inRules(({ names }) => names.splice(1)),
  },
  {
    name: "seccomp-arguments-ignored",
    about: "Rules hold whatever the arguments of the call are.",
    breaks: ["seccomp.args-value", "seccomp.op-eq"],
    fault: inRules((rule) => delete rule.args),
  },
  {
    name: "seccomp-first-argument-only",
    about: "Of the conditions of a rule only the first one counts.",
    breaks: ["seccomp.args-all"],
    fault: inRules(({ args }) => args?.splice(1)),
  },
  {
    name: "seccomp-arguments-32-bit",
    about: "Only the lower 32 bits of a value are compared with.",
    breaks: ["seccomp.args-value"],
    fault: inArguments((argument) => {
      argument.value = lower32(argument.value);
    }),
  },
  {
    name: "seccomp-arguments-mistaken",
    about: "The first and the second argument of a call are taken for each other.",
    breaks: ["seccomp.args-index"],
    fault: inArguments((argument) => {
      if (argument.index < 2) argument.index = 1 - argument.index;
    }),
  },
  {
    name: "seccomp-ne-as-eq",
    about: "SCMP_CMP_NE matches what is equal.",
    breaks: ["seccomp.op-ne"],
    fault: operatorAs("SCMP_CMP_EQ", "SCMP_CMP_NE"),
  },
  {
    name: "seccomp-le-as-lt",
    about: "SCMP_CMP_LE does not match the value itself.",
    breaks: ["seccomp.op-le"],
    fault: operatorAs("SCMP_CMP_LT", "SCMP_CMP_LE"),
  },
  {
    name: "seccomp-gt-as-ge",
    about: "SCMP_CMP_GT matches the value itself, too.",
    breaks: ["seccomp.op-gt"],
    fault: operatorAs("SCMP_CMP_GE", "SCMP_CMP_GT"),
  },
  {
    name: "seccomp-mask-turned",
    about: "Mask and value of SCMP_CMP_MASKED_EQ are the wrong way round.",
    breaks: ["seccomp.op-masked-eq", "seccomp.args-value-two"],
    fault: inArguments((argument) => {
      if (argument.op !== "SCMP_CMP_MASKED_EQ") return;
      [argument.value, argument.valueTwo] = [argument.valueTwo ?? 0, argument.value];
    }),
  },
  {
    name: "seccomp-kill-as-errno",
    about: "A call that should end the thread only fails.",
    breaks: ["seccomp.action-kill"],
    fault: actionAs("SCMP_ACT_ERRNO", "SCMP_ACT_KILL"),
  },
  {
    name: "seccomp-kill-process-as-thread",
    about: "SCMP_ACT_KILL_PROCESS ends only the thread.",
    breaks: ["seccomp.action-kill-process"],
    fault: actionAs("SCMP_ACT_KILL_THREAD", "SCMP_ACT_KILL_PROCESS"),
  },
  {
    name: "seccomp-trap-as-kill",
    about: "SCMP_ACT_TRAP cannot be handled.",
    breaks: ["seccomp.action-trap"],
    fault: actionAs("SCMP_ACT_KILL_PROCESS", "SCMP_ACT_TRAP"),
  },
  {
    name: "seccomp-log-as-errno",
    about: "SCMP_ACT_LOG does not let the call happen.",
    breaks: ["seccomp.action-log"],
    fault: actionAs("SCMP_ACT_ERRNO", "SCMP_ACT_LOG"),
  },
  {
    name: "seccomp-unknown-action-allows",
    about: "An action that is none lets the call happen.",
    breaks: ["seccomp.action-valid"],
    fault: inRules((rule) => {
      if (typeof rule.action === "string" && !actions.test(rule.action)) rule.action = "SCMP_ACT_ALLOW";
    }),
  },
  {
    name: "seccomp-unknown-operator-is-eq",
    about: "An op that is none is taken for SCMP_CMP_EQ.",
    breaks: ["seccomp.op-valid"],
    fault: inArguments((argument) => {
      if (!operators.test(argument.op)) argument.op = "SCMP_CMP_EQ";
    }),
  },
  {
    name: "seccomp-unknown-flags-ignored",
    about: "Unknown flags are passed over.",
    breaks: ["seccomp.flags-valid"],
    fault: inFilter((filter) => {
      if (filter.flags) filter.flags = filter.flags.filter((flag) => flags.test(flag));
    }),
  },
  {
    name: "seccomp-unknown-architectures-ignored",
    about: "Architectures that nobody knows are passed over.",
    breaks: ["seccomp.architectures-valid"],
    fault: inFilter((filter) => {
      const known =
        /^SCMP_ARCH_(X86|X86_64|X32|ARM|AARCH64|RISCV64|S390X?|PPC(64(LE)?)?|MIPS\w*|PARISC\w*|LOONGARCH64)$/;
      if (filter.architectures)
        filter.architectures = filter.architectures.filter((name) => known.test(name));
    }),
  },
  {
    name: "seccomp-empty-rule-ignored",
    about: "A rule without a name of a call is passed over.",
    breaks: ["seccomp.names-empty", "seccomp.syscalls-required"],
    fault: inFilter((filter) => {
      if (filter.syscalls) filter.syscalls = filter.syscalls.filter(({ names }) => names?.length > 0);
    }),
  },
  {
    name: "seccomp-metadata-dropped",
    about: "listenerMetadata is not sent.",
    breaks: ["seccomp.listener-metadata", "seccomp.listener-metadata-alone"],
    fault: inFilter((filter) => delete filter.listenerMetadata),
  },
];
