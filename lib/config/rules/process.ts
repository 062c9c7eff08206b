// SPDX-License-Identifier: Apache-2.0

import { keepOriginalGroups } from "../../tables/annotations.ts";
import { keepsGroups } from "../groups.ts";
import { numberListRule } from "./number-list.ts";
import { fault, type Subject, warning } from "./subject.ts";

/** setuid(2) and its kin take this id for "leave it". */
const noId = 0xffffffff;

/** The most processors that a kernel can be configured for. */
const maximumProcessors = 8192;

function rlimits(subject: Subject): void {
  const list = subject.process?.rlimits ?? [];
  const seen = new Set<string>();
  for (let i = 0; i < list.length; i++) {
    const limit = list[i];
    if (!limit) continue;
    if (seen.has(limit.type)) fault(subject, "conflict", `/process/rlimits/${i}/type`, "each type once");
    seen.add(limit.type);
    if (limit.soft > limit.hard)
      fault(subject, "range", `/process/rlimits/${i}/soft`, `at most the hard limit, ${limit.hard}`);
  }
}

function ids(subject: Subject): void {
  const user = subject.process?.user;
  if (!user) return;
  const expected = `an id below ${noId}`;
  if (user.uid === noId) fault(subject, "range", "/process/user/uid", expected);
  if (user.gid === noId) fault(subject, "range", "/process/user/gid", expected);
  const gids = user.additionalGids ?? [];
  for (let i = 0; i < gids.length; i++)
    if (gids[i] === noId) fault(subject, "range", `/process/user/additionalGids/${i}`, expected);
  if (gids.length > 0 && keepsGroups(subject.config))
    warning(subject, "conflict", "/process/user/additionalGids", `none beside ${keepOriginalGroups}`);
}

/** exec is what heeds these lists, but what it could never heed is refused where it stands. */
function affinity(subject: Subject): void {
  const { initial, final } = subject.process?.execCPUAffinity ?? {};
  numberListRule(subject, "/process/execCPUAffinity/initial", initial, maximumProcessors);
  numberListRule(subject, "/process/execCPUAffinity/final", final, maximumProcessors);
}

export function processRules(subject: Subject): void {
  rlimits(subject);
  ids(subject);
  affinity(subject);
  const env = subject.process?.env ?? [];
  for (let i = 0; i < env.length; i++) {
    const equals = (env[i] ?? "").indexOf("=");
    if (equals < 0) fault(subject, "format", `/process/env/${i}`, "NAME=value");
    // a program may give such a thing to another, and getenv(3) never finds it
    else if (equals === 0) warning(subject, "format", `/process/env/${i}`, "NAME=value");
  }
}
