// SPDX-License-Identifier: Apache-2.0

import type { CgroupManager, Reporting, Runtime } from "../lib/container/runtime.ts";
import type { Host } from "../lib/host.ts";
import type { Log } from "../lib/log.ts";
import { absolutePath } from "../lib/path.ts";
import { type Flags, type Parsed, report } from "./flags.ts";

type Name =
  | "root"
  | "log"
  | "log-format"
  | "debug"
  | "rootless"
  | "cgroup-manager"
  | "systemd-cgroup"
  | "criu"
  | "report"
  | "version"
  | "help";

const managers: readonly CgroupManager[] = ["cgroupfs", "systemd", "disabled"];

export const globalFlags: Flags<Name> = {
  root: {
    kind: "string",
    value: "DIR",
    about: "folder that keeps the containers' state",
    otherwise: "/run/runts; $XDG_RUNTIME_DIR/runts without root",
  },
  log: { kind: "string", value: "FILE", about: "file that gets the log", otherwise: "standard error" },
  "log-format": {
    kind: "string",
    value: "FORMAT",
    choices: ["text", "json"],
    about: "form of the log",
    otherwise: "text",
  },
  debug: { kind: "boolean", about: "say more, and where in runts an error came from" },
  rootless: {
    kind: "string",
    value: "WHEN",
    choices: ["true", "false", "auto"],
    about: "whether to do without what only root may do",
    otherwise: "auto",
  },
  "cgroup-manager": {
    kind: "string",
    value: "MANAGER",
    choices: managers,
    about: "who makes the cgroups of new containers: runts, systemd (each a scope), or nobody",
    otherwise: "cgroupfs",
  },
  "systemd-cgroup": { kind: "boolean", about: "the same as --cgroup-manager=systemd" },
  criu: {
    kind: "string",
    value: "PATH",
    about: "the program that checkpoints and restores",
    otherwise: "criu, in PATH or in the usual folders",
  },
  report,
  version: { kind: "boolean", alias: "v", about: "show the version" },
  help: { kind: "boolean", alias: "h", about: "show help" },
};

export function makeRuntime(
  host: Host,
  globals: Parsed<Name>,
  log: Log,
  reporting: Reporting | undefined,
): Runtime {
  const given = globals.text("root");
  const when = globals.text("rootless") ?? "auto";
  return {
    host,
    root: given === undefined ? defaultRoot(host) : absolutePath(host.cwd(), given),
    // Asked for by few commands, and it costs a file to read.
    get rootless() {
      return when === "auto" ? host.uid !== 0 || inUserNamespace(host) : when === "true";
    },
    debug: globals.has("debug"),
    cgroupManager: managerOf(globals),
    criu: globals.text("criu"),
    reporting,
    warn: reporting === undefined ? log.warn : noting(log, reporting),
  };
}

/** Of the two flags the one that is crun's, too, says more. */
export function managerOf(globals: Parsed<Name>): CgroupManager {
  const otherwise = globals.has("systemd-cgroup") ? "systemd" : "cgroupfs";
  return managers.find((name) => name === globals.text("cgroup-manager")) ?? otherwise;
}

/** Where a report of this command is to go; engines set the variable, or the flag before the command. */
export function reportingOf(host: Host, globals: Parsed<Name>, call: Parsed): Reporting | undefined {
  const folder = call.text("report") ?? globals.text("report") ?? host.env("RUNTS_REPORT") ?? "";
  if (folder === "") return undefined;
  return { folder: absolutePath(host.cwd(), folder), since: host.began(), attempts: [], warnings: [] };
}

const noting =
  (log: Log, { warnings }: Reporting): Log["warn"] =>
  (message) => {
    warnings.push(message);
    log.warn(message);
  };

/**
 * Root in a user namespace (`podman unshare`) may not write to /run either. $USER tells it from a whole
 * system running in such a namespace, whose root has a /run of its own.
 */
function defaultRoot(host: Host): string {
  const folder = host.env("XDG_RUNTIME_DIR") ?? "";
  const owned = host.uid === 0 && (!inUserNamespace(host, folder) || host.env("USER") === "root");
  return folder === "" || owned ? "/run/runts" : `${folder}/runts`;
}

function inUserNamespace(host: Host, unless?: string): boolean {
  if (unless === "") return false;
  try {
    const map = host.decode(host.readFile("/proc/self/uid_map", 65536));
    return !/^\s*0\s+0\s+4294967295\s*$/.test(map);
  } catch {
    return false; // without /proc, or in a kernel without user namespaces
  }
}
