// SPDX-License-Identifier: Apache-2.0

import { fault, type Subject } from "./subject.ts";

/** What the kernel has in the root of the file system besides classes. */
const reserved = ["info", "mon_groups", "mon_data", "schemata", "tasks", "cpus", "cpus_list", "mode", "size"];

/** The name of a folder; "/" is the default class. */
export function intelRdtRules(subject: Subject): void {
  const name = subject.linux.intelRdt?.closID;
  if (name === undefined || name === "/") return;
  const usual = /^[^/\n]{1,255}$/.test(name) && name !== "." && name !== "..";
  if (!usual || reserved.includes(name))
    fault(subject, "format", "/linux/intelRdt/closID", "the name of a class, or / for the default one");
}
