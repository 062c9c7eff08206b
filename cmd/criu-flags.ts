// SPDX-License-Identifier: Apache-2.0

import { absolutePath } from "../lib/path.ts";
import type { CriuFlags } from "../lib/plan/criu/criu.ts";
import { type CgroupMode, cgroupModes } from "../lib/plan/criu/request.ts";
import { namespaceFlags } from "../lib/tables/namespaces.ts";
import { type Call, type Flags, usageError } from "./flags.ts";

type Name =
  | "image-path"
  | "work-path"
  | "tcp-established"
  | "ext-unix-sk"
  | "shell-job"
  | "file-locks"
  | "manage-cgroups-mode"
  | "empty-ns"
  | "auto-dedup"
  | "lazy-pages";

const modes = (Object.keys(cgroupModes) as CgroupMode[]).filter((mode) => mode !== "");

/** What checkpoint and restore have in common. */
export const criuFlags: Flags<Name> = {
  "image-path": {
    kind: "string",
    value: "DIR",
    about: "folder of criu's images",
    otherwise: "checkpoint, in the current folder",
  },
  "work-path": {
    kind: "string",
    value: "DIR",
    about: "folder of criu's log",
    otherwise: "that of the images",
  },
  "tcp-established": { kind: "boolean", about: "with established TCP connections" },
  "ext-unix-sk": { kind: "boolean", about: "with connections to UNIX sockets outside of the container" },
  "shell-job": { kind: "boolean", about: "with a terminal that is not the container's own" },
  "file-locks": { kind: "boolean", about: "with locks of files" },
  "manage-cgroups-mode": {
    kind: "string",
    value: "MODE",
    choices: modes,
    about: "what criu does with cgroups below the container's",
    otherwise: "soft",
  },
  "empty-ns": {
    kind: "string",
    value: "TYPE",
    many: true,
    about: "namespace that comes back empty, for others to fill: network",
  },
  "auto-dedup": { kind: "boolean", about: "free pages of earlier images that later ones replace" },
  "lazy-pages": { kind: "boolean", hidden: true, about: "not supported" },
};

function emptyNamespaces(call: Call<Name>): number {
  return call.texts("empty-ns").reduce((flags, type) => {
    const flag = type === "network" ? namespaceFlags[type] : undefined;
    if (flag === undefined) throw usageError(`--empty-ns: expected network, found ${JSON.stringify(type)}`);
    return flags | flag;
  }, 0);
}

function isMode(mode: string): mode is CgroupMode {
  return Object.hasOwn(cgroupModes, mode);
}

export function commonFlags(call: Call<Name>): CriuFlags {
  // its other half, a server of pages that outlives the checkpoint, has no place in a plan yet
  if (call.has("lazy-pages")) throw usageError("--lazy-pages is not supported");
  const mode = call.text("manage-cgroups-mode") ?? "";
  return {
    tcpEstablished: call.has("tcp-established"),
    extUnixSk: call.has("ext-unix-sk"),
    shellJob: call.has("shell-job"),
    fileLocks: call.has("file-locks"),
    autoDedup: call.has("auto-dedup"),
    manageCgroupsMode: isMode(mode) ? mode : "",
    emptyNamespaces: emptyNamespaces(call),
  };
}

export function criuFolders(call: Call<Name>): { readonly images: string; readonly work?: string } {
  const { host } = call;
  const images = absolutePath(host.cwd(), call.text("image-path") ?? "checkpoint");
  const work = call.text("work-path");
  return { images, ...(work === undefined ? {} : { work: absolutePath(host.cwd(), work) }) };
}
