// SPDX-License-Identifier: Apache-2.0

import { escapeToken } from "../../json.ts";
import { table } from "../../tables/table.ts";
import { fault, type Subject } from "./subject.ts";

const ipcParameters = table<true>({
  "kernel/msgmax": true,
  "kernel/msgmnb": true,
  "kernel/msgmni": true,
  "kernel/sem": true,
  "kernel/shm_rmid_forced": true,
  "kernel/shmall": true,
  "kernel/shmmax": true,
  "kernel/shmmni": true,
});

/**
 * Path below /proc/sys, or undefined for a name that has none. As in sysctl(8) the first separator decides:
 * in dotted names a slash stands for a dot ("net.ipv4.conf.eth0/1.forwarding"), otherwise both stand as they are.
 */
export function sysctlPath(name: string): string | undefined {
  const first = /[./]/.exec(name)?.[0];
  const path = first === "." ? name.replace(/[./]/g, (mark) => (mark === "." ? "/" : ".")) : name;
  const parts = path.split("/");
  if (parts.length < 2) return undefined;
  for (const part of parts)
    if (part === "." || part === ".." || !/^[\w.:@+%-]+$/.test(part)) return undefined;
  return path;
}

/** What a parameter needs so that it is the container's and not the host's; undefined when it has it. */
function missing(path: string, { config, namespaces, linux }: Subject, name: string): string | undefined {
  if (ipcParameters[path] || path.startsWith("fs/mqueue/"))
    return namespaces.ipc ? undefined : "an ipc namespace to set it in";
  if (path.startsWith("net/")) return namespaces.network ? undefined : "a network namespace to set it in";
  if (path.startsWith("user/")) return namespaces.user ? undefined : "a user namespace to set it in";
  if (path === "kernel/hostname") return "the field hostname instead";
  if (path !== "kernel/domainname") return "a parameter that belongs to a namespace";
  if (!namespaces.uts) return "a uts namespace to set it in";
  const same = !config.domainname || config.domainname === linux.sysctl?.[name];
  return same ? undefined : "the same value as the field domainname";
}

export function sysctlRules(subject: Subject): void {
  const sysctl = subject.linux.sysctl;
  if (!sysctl) return;
  for (const name of Object.keys(sysctl)) {
    const path = sysctlPath(name);
    if (path === undefined) {
      fault(
        subject,
        "format",
        `/linux/sysctl/${escapeToken(name)}`,
        "a name such as net.ipv4.ip_forward",
        JSON.stringify(name),
      );
      continue;
    }
    const need = missing(path, subject, name);
    if (need !== undefined)
      fault(subject, "conflict", `/linux/sysctl/${escapeToken(name)}`, need, JSON.stringify(name));
  }
}
