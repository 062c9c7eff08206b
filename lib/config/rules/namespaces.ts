// SPDX-License-Identifier: Apache-2.0

import { fault, type Subject } from "./subject.ts";

/** The kernel's __NEW_UTS_LEN. */
const longestName = 64;

export function byteLength(text: string): number {
  let length = 0;
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0;
    length += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  }
  return length;
}

function utsName(subject: Subject, field: "hostname" | "domainname"): void {
  const name = subject.config[field];
  if (!name) return;
  if (!subject.namespaces.uts) fault(subject, "conflict", `/${field}`, "a uts namespace to set it in");
  // the schema counts characters; only a name beyond ASCII can be longer in bytes
  if (name.length * 3 > longestName && byteLength(name) > longestName)
    fault(subject, "range", `/${field}`, `at most ${longestName} bytes`);
}

/** Without a mount namespace of its own the container's mounts would be the host's. */
function mountNamespace({ config, linux, namespaces }: Subject): string[] {
  if (namespaces.mount) return [];
  const pointers: string[] = [];
  if (config.mounts && config.mounts.length > 0) pointers.push("/mounts");
  if (config.root.readonly) pointers.push("/root/readonly");
  if (linux.maskedPaths && linux.maskedPaths.length > 0) pointers.push("/linux/maskedPaths");
  if (linux.readonlyPaths && linux.readonlyPaths.length > 0) pointers.push("/linux/readonlyPaths");
  if (linux.rootfsPropagation) pointers.push("/linux/rootfsPropagation");
  return pointers;
}

function timeOffsets(subject: Subject): void {
  const { linux, namespaces } = subject;
  if (!linux.timeOffsets || Object.keys(linux.timeOffsets).length === 0) return;
  if (!namespaces.time) fault(subject, "conflict", "/linux/timeOffsets", "a time namespace to set them in");
  else if (namespaces.time.path)
    fault(subject, "conflict", "/linux/timeOffsets", "a new time namespace, not a joined one");
}

export function namespaceRules(subject: Subject): void {
  const list = subject.linux.namespaces ?? [];
  for (let i = 0; i < list.length; i++) {
    const namespace = list[i];
    if (namespace && subject.namespaces[namespace.type] !== namespace)
      fault(subject, "conflict", `/linux/namespaces/${i}/type`, "each type once");
  }
  utsName(subject, "hostname");
  utsName(subject, "domainname");
  for (const pointer of mountNamespace(subject))
    fault(subject, "conflict", pointer, "a mount namespace to do it in");
  timeOffsets(subject);
}
