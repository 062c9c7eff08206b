// SPDX-License-Identifier: Apache-2.0

/** What to try where no step has failed: the command, the document, or the host's ability is at fault. */

import type { ErrorFacts, Fault, RuntsError } from "../../errors.ts";
import { type Finding, nearest } from "./case.ts";

const byStatus: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  exec: {
    stopped: "create it again and start it: a container that has ended runs nothing more",
    created: "runts start it first",
    paused: "runts resume it first, or --ignore-paused",
    creating: "wait until its create is done",
  },
  start: {
    running: "nothing: it is started once; another process goes in by runts exec",
    paused: "runts resume it",
    stopped: "runts delete it, and create it again",
    creating: "wait until its create is done",
  },
  delete: {
    running: "runts kill it first, or runts delete --force",
    created: "runts delete --force, which ends it",
    paused: "runts delete --force",
    creating: "wait until its create is done, or runts delete --force",
  },
  kill: { stopped: "nothing: it has ended; runts delete takes it away" },
  update: { stopped: "nothing: it has ended; create another with these limits" },
  pause: { stopped: "nothing: it has ended", created: "start it first" },
  resume: { running: "nothing: it is not paused" },
};

const shown = (text: string): string => (text.length > 80 ? `${text.slice(0, 79)}…` : text);

/** Where a fault gives a list of what is allowed, the likely one. */
function meant({ found = "", expected }: Fault): string | undefined {
  const list = /^one of (.*)$/.exec(expected)?.[1]?.split(", ");
  if (!list) return undefined;
  const word = found.replaceAll('"', "");
  const aliases: Readonly<Record<string, string>> = {
    net: "network",
    mnt: "mount",
    SCMP_ACT_DENY: "SCMP_ACT_ERRNO",
  };
  return aliases[word] ?? nearest(word, list);
}

function remedyOf(fault: Fault): string {
  const { code, pointer, expected, found } = fault;
  const field = pointer === "" ? "the document" : pointer;
  const likely = meant(fault);
  if (likely !== undefined) return `did you mean ${likely}? Write it at ${field}`;
  switch (code) {
    case "syntax":
      return `put ${expected} there`;
    case "duplicate":
      return `remove one of the two at ${field}`;
    case "required":
      return `add it to ${field}: ${expected}`;
    case "unsupported":
      return `remove ${field}`;
    case "conflict":
      return conflict(field, expected);
    default:
      return found === undefined
        ? `make ${field} ${expected}`
        : `replace ${shown(found)} at ${field} by ${expected}`;
  }
}

/** Rules of lib/config/rules by what they expect. */
function conflict(field: string, expected: string): string {
  const namespace = /^an? (?:new )?(\w+) namespace/.exec(expected)?.[1];
  if (namespace !== undefined) return `add {"type": "${namespace}"} to linux.namespaces, or remove ${field}`;
  if (/^not set/.test(expected)) return `remove ${field}`;
  if (/each type once/.test(expected)) return `list each once: remove ${field}`;
  if (/an id that the mappings cover/.test(expected))
    return "let linux.uidMappings and linux.gidMappings cover it, or choose another id";
  if (/a parameter that belongs to a namespace/.test(expected))
    return `set it on the host, where it is everybody's (sysctl -w), and remove ${field}`;
  return `remove ${field}, or see to: ${expected}`;
}

export function adviceForFaults(faults: readonly Fault[]): readonly string[] {
  return [...new Set(faults.slice(0, 5).map(remedyOf))];
}

function controllerAdvice(detail: string): readonly string[] {
  const name = /^cgroup controller (\S+)/.exec(detail)?.[1] ?? "it";
  if (detail.includes("cgroup v1 holds it"))
    return [
      "boot with systemd.unified_cgroup_hierarchy=1 (cgroup v2 alone), or unmount the cgroup v1 hierarchy that has it",
      "leave this limit out",
    ];
  if (detail.includes("command line disables it"))
    return [`take ${name} out of cgroup_disable= on the kernel's command line, or add cgroup_enable=${name}`];
  if (detail.includes("does not hand it down"))
    return [
      `let the cgroup above hand it down: echo +${name} > cgroup.subtree_control there (systemd: Delegate=${name})`,
    ];
  return ["take a kernel that has it, or leave this limit out"];
}

/** What ../scope-place.ts refuses. */
function placeAdvice(detail: string): readonly string[] {
  const without = "leave --systemd-cgroup out (engines: cgroup driver cgroupfs)";
  if (detail.includes("systemd does not run this host")) return [without];
  if (detail.startsWith('expected "slice:prefix:name"'))
    return ['write it so: "system.slice:runts:NAME"', `${without}, which takes paths`];
  if (detail.includes("is no name of a slice"))
    return ['end it with ".slice": "a-b.slice" lies in "a.slice"'];
  if (detail.includes("is no name of a unit")) return ["choose letters and digits for its prefix and name"];
  if (detail.includes("XDG_RUNTIME_DIR") || detail.includes("manager of this user does not run"))
    return [
      "log in as this user (machinectl shell USER@, ssh): su and sudo start no systemd; or loginctl enable-linger USER",
      "set XDG_RUNTIME_DIR=/run/user/$(id -u)",
    ];
  if (detail.includes("delegated to this user"))
    return [
      "systemctl edit user@.service, with Delegate=cpu cpuset io memory pids below [Service]; log in again",
      "leave this limit out",
    ];
  return [];
}

/** Errors of the host's state found before a plan was made. */
function hostAdvice({ detail = "", pointer = "" }: ErrorFacts): readonly string[] {
  if (detail.startsWith("cgroup controller") && !detail.includes("delegated to this user"))
    return controllerAdvice(detail);
  if (detail.startsWith("AppArmor is not enabled"))
    return ["leave process.apparmorProfile out", "boot with apparmor=1 security=apparmor"];
  if (detail.startsWith("SELinux is not enabled"))
    return [`leave ${pointer} out`, "boot with selinux=1 and a policy"];
  if (detail.includes("no cgroup2 file system"))
    return ["mount -t cgroup2 cgroup2 /sys/fs/cgroup, or boot with systemd.unified_cgroup_hierarchy=1"];
  if (detail.includes("none is delegated"))
    return ["systemd-run --user --scope -p Delegate=yes, or --systemd-cgroup"];
  if (detail.includes("resctrl"))
    return [
      "mount -t resctrl resctrl /sys/fs/resctrl, on a processor that has RDT",
      "leave linux.intelRdt out",
    ];
  if (pointer === "/linux/cgroupsPath" || detail.includes("delegated to this user"))
    return placeAdvice(detail);
  if (detail === "no such bundle") return ["correct --bundle: a folder with config.json"];
  if (detail === "the bundle is not a directory") return ["name the folder, not the file, with --bundle"];
  return [];
}

function usageAdvice({ detail = "", pointer }: ErrorFacts): readonly string[] {
  if (detail.includes("not open")) return ["open them before, or lower --preserve-fds"];
  if (pointer === "/process/terminal")
    return detail.includes("needs --console-socket")
      ? [
          "give --console-socket, a socket that takes the terminal",
          "set process.terminal to false",
          "use run without --detach",
        ]
      : ["set process.terminal to true, or leave --console-socket out"];
  return ["runts help tells what there is"];
}

export function advise({ code, facts }: RuntsError): readonly string[] {
  switch (code) {
    case "invalid":
      return adviceForFaults(facts.faults ?? []);
    case "bad-id":
      return ["choose a name of letters, digits and _+-."];
    case "exists":
      return facts.file === undefined
        ? ["choose another name, or runts delete the one that is there"]
        : [`remove ${facts.file}`];
    case "not-found":
      return ["runts list shows those that are there; --root must be the one it was created with"];
    case "status": {
      const known = byStatus[facts.step ?? ""]?.[facts.detail ?? ""];
      return known === undefined ? ["runts state tells what it is"] : [known];
    }
    case "usage":
      return usageAdvice(facts);
    case "system":
      return hostAdvice(facts);
    case "state":
      return ["runts delete --force removes what is left of it"];
    case "step":
      return cgroupAdvice(facts);
    default:
      return [];
  }
}

/** For what ../cause.ts has read in the cgroup. */
function cgroupAdvice({ detail = "" }: ErrorFacts): readonly string[] {
  if (/out-of-memory killer|refused it memory/.test(detail))
    return ["raise linux.resources.memory.limit, or memory.max of the cgroup above that is named"];
  if (detail.includes("has processes of its own"))
    return ["move its processes to a cgroup below it, or choose another linux.cgroupsPath"];
  if (detail.includes("limit of processes"))
    return ["raise linux.resources.pids.limit, or pids.max of the cgroup above that is full"];
  return detail.includes("choose another cgroupsPath") ? ["choose another linux.cgroupsPath"] : [];
}

/** The cause of what says itself what it is. */
export function ownCause(error: RuntsError, line: string): Finding | undefined {
  const remedies = advise(error);
  return remedies.length === 0 ? undefined : { why: line, remedies };
}
