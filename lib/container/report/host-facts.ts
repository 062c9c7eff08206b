// SPDX-License-Identifier: Apache-2.0

/** Who was called by whom, and where. */

import type { Host, Json } from "../../host.ts";
import { specVersion } from "../../version.ts";
import { readText } from "../controllers.ts";

const line = (host: Host, path: string): string => readText(host, path)?.trim() ?? "";

/** What of the caller's environment decides how runts behaves. */
const variables = ["PATH", "XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS", "NOTIFY_SOCKET", "LISTEN_FDS"];

export function hostFacts(host: Host, version: string): Json {
  const { engine, seccomp } = host.version;
  const distribution = /^PRETTY_NAME="?([^"\n]*)/m.exec(line(host, "/etc/os-release"))?.[1] ?? "";
  return {
    runts: version,
    spec: specVersion,
    engine: `${host.name} ${engine}`,
    libseccomp: seccomp,
    kernel: line(host, "/proc/version"),
    distribution,
    architecture: host.architecture,
  };
}

export function callerFacts(host: Host): Json {
  const status = (readText(host, "/proc/self/status") ?? "").split("\n");
  const told = /^(?:PPid|Groups|Cap\w+|NoNewPrivs|Seccomp):/;
  const environment = variables.flatMap((name) => {
    const value = host.env(name);
    return value === undefined ? [] : [`${name}=${value}`];
  });
  return {
    uid: host.uid,
    gid: host.gid,
    cwd: host.cwd(),
    status: status.filter((row) => told.test(row)).map((row) => row.replace(/\s+/g, " ").trim()),
    uidMap: line(host, "/proc/self/uid_map").replace(/\s+/g, " "),
    cgroup: line(host, "/proc/self/cgroup"),
    environment,
  };
}
