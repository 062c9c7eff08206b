// SPDX-License-Identifier: Apache-2.0

/** Why a file of the container, or a hook of the host, is not executed. */

import type { Config, Process } from "../../config/types.ts";
import type { Sight } from "../../host.ts";
import { absolutePath } from "../../path.ts";
import { runsToo } from "../../tables/elf.ts";
import { type Case, type Finding, finding, holder, obstacle, octal } from "./case.ts";
import { isElf, readElf } from "./elf.ts";
import { ELOOP, type Found, type View } from "./view.ts";

const headSize = 64 * 1024;
const ST_NOEXEC = 8;

/** Who is to execute it, by the host's numbers. */
export interface User {
  readonly uid: number;
  readonly gid: number;
  readonly groups: readonly number[];
  /** CAP_DAC_OVERRIDE: one bit for anybody is enough */
  readonly overrides: boolean;
  /** as the config has it */
  readonly name: string;
}

type Mappings = NonNullable<Config["linux"]>["uidMappings"];

function onHost(id: number, mappings: Mappings): number {
  const map = mappings?.find(({ containerID, size }) => id >= containerID && id < containerID + size);
  return map ? map.hostID + (id - map.containerID) : id;
}

export function userOf(config: Config | undefined, process: Process | undefined): User {
  const { uid = 0, gid = 0, additionalGids = [] } = process?.user ?? {};
  const { uidMappings, gidMappings } = config?.linux ?? {};
  return {
    uid: onHost(uid, uidMappings),
    gid: onHost(gid, gidMappings),
    groups: additionalGids.map((id) => onHost(id, gidMappings)),
    overrides: process?.capabilities?.effective?.includes("CAP_DAC_OVERRIDE") === true,
    name: `uid ${uid}`,
  };
}

export function mayExecute({ mode, uid, gid, kind }: Sight, user: User): boolean {
  if (user.overrides) return kind === "directory" || (mode & 0o111) !== 0;
  const shift = uid === user.uid ? 6 : gid === user.gid || user.groups.includes(gid) ? 3 : 0;
  return ((mode >> shift) & 1) === 1;
}

/** What the file is in the chain from the program to what runs it: "", "its interpreter ", "its loader ". */
type Role = "" | "its interpreter " | "its loader ";

interface Search {
  readonly case: Case;
  readonly view: View;
  readonly user: User;
  /** the holder of a path, "" on the host */
  readonly where: (found: Found) => string;
}

const withMode = ({ mode, uid, gid }: Sight): string => `mode ${octal(mode)}, owner ${uid}:${gid}`;

function isNoexec({ case: { config, live } }: Search, found: Found & { sight: Sight }): boolean {
  if ((found.sight.mountFlags & ST_NOEXEC) !== 0) return true;
  const options = found.mount === undefined || live ? [] : (config?.mounts?.[found.mount]?.options ?? []);
  return options.findLast((option) => option === "exec" || option === "noexec") === "noexec";
}

function refusedByRights(search: Search, found: Found & { state: "found" }, role: Role): Finding | undefined {
  const { sight, path, folders, mount } = found;
  const { user } = search;
  if (isNoexec(search, found)) {
    const of = mount === undefined ? "the file system it is on" : `/mounts/${mount}`;
    return finding(
      `${role}${path} is on a mount with the option noexec (${of})`,
      mount === undefined
        ? "mount that file system without noexec"
        : `take "noexec" out of /mounts/${mount}/options, or put the program elsewhere`,
    );
  }
  if ((sight.mode & 0o111) === 0)
    return finding(`${role}${path} is not executable (${withMode(sight)})`, `chmod +x ${path}`);
  const closed = folders.find((folder) => !mayExecute(folder.sight, user));
  if (closed)
    return finding(
      `the folder ${closed.path} (${withMode(closed.sight)}) lets ${user.name} not through`,
      `chmod a+x ${closed.path}, or run as another process.user`,
    );
  if (!mayExecute(sight, user))
    return finding(
      `${role}${path} (${withMode(sight)}) may not be executed by ${user.name}`,
      `chmod a+rx ${path}, or run as another process.user`,
    );
  return undefined;
}

function script(search: Search, path: string, head: Uint8Array): Finding | undefined {
  const end = head.indexOf(10);
  const line = String.fromCharCode(...head.subarray(2, Math.min(end < 0 ? head.length : end, 256)));
  const [interpreter = ""] = line.trim().split(/[ \t]/);
  if (line.endsWith("\r"))
    return finding(
      `it is a script with Windows line ends: the kernel looks for an interpreter whose name ends with a carriage return (${JSON.stringify(`${interpreter.trim()}\r`)})`,
      `convert its line ends: dos2unix ${path}, or sed -i 's/\\r$//' ${path}`,
    );
  if (interpreter === "")
    return finding(`the "#!" line of ${path} names no interpreter`, `write its path there: #!/bin/sh`);
  const inner = explainFile(search, interpreter, "its interpreter ");
  if (inner === undefined) return undefined;
  const missing = inner.why.includes("does not exist");
  return finding(
    `it is a script, and ${inner.why}`,
    ...(missing ? [`install what has ${interpreter}, or correct the first line of ${path}`] : inner.remedies),
  );
}

function binary(search: Search, path: string, head: Uint8Array): Finding | undefined {
  const { bits, machine, loader, short } = readElf(head);
  const own = search.case.host.architecture;
  if (short)
    return finding(
      `${path} is an ELF file that is cut off after ${head.length} bytes`,
      "copy or build it again",
    );
  if (machine !== own && runsToo[own]?.includes(machine) !== true)
    return finding(
      `${path} is built for ${machine}, and this machine is ${own}`,
      `take an image for this machine (--platform), or register an emulator for ${machine} (qemu-user-static with binfmt_misc)`,
    );
  if (loader === undefined) return undefined;
  const inner = explainFile(search, loader, "its loader ");
  if (inner === undefined) return undefined;
  const kind = bits === 32 && own !== machine ? "a 32-bit program" : "a dynamic program";
  const libc = loader.includes("musl")
    ? "it was built for musl (Alpine): take an image with musl, or build it static"
    : `it was built for glibc: take an image with glibc${kind.includes("32") ? ", its 32-bit libraries" : ""}, or build it static`;
  return finding(
    `it is ${kind}, and ${inner.why}`,
    ...(inner.why.includes("does not exist") ? [libc] : inner.remedies),
  );
}

function notThere(search: Search, found: Found, path: string, role: Role): Finding | undefined {
  const { link, mount, ...plainly } = found;
  const isLink = link === path && found.state === "missing" && found.errno !== ELOOP;
  const stopped = obstacle(isLink ? plainly : found, search.where(found));
  if (stopped === undefined) return undefined;
  const why = isLink
    ? `the symlink ${path} leads to nothing: ${stopped}`
    : role !== "" && found.state === "missing" && found.path !== path
      ? `${path} does not exist: ${stopped}`
      : stopped;
  return finding(
    `${role}${why}`,
    ...(link === undefined ? [] : [`correct the link ${link}, or install what it leads to`]),
    "correct the path, or put the program into the image",
    ...(mount === undefined ? [] : [`see whether /mounts/${mount} is meant to cover it`]),
  );
}

/** What is wrong with a file that is to be executed; undefined when nothing is seen to be. */
export function explainFile(search: Search, path: string, role: Role = ""): Finding | undefined {
  const found = search.view.walk(path, headSize);
  if (found.state === "missing") return notThere(search, found, path, role);
  if (found.state === "unknown") return undefined;
  const { sight } = found;
  if (sight.kind === "directory")
    return finding(`${role}${path} is a directory`, `name the program in it: ${path}/…`);
  if (sight.kind !== "file")
    return finding(`${role}${path} is a device or a socket, not a regular file`, "name a program");
  const rights = refusedByRights(search, found, role);
  if (rights) return rights;
  const head = sight.content;
  if (head.length === 0)
    return finding(`${role}${path} is empty`, "see whether the build or the copy of it has failed");
  if (head[0] === 0x23 && head[1] === 0x21) return script(search, path, head);
  if (isElf(head)) return binary(search, path, head);
  return finding(
    `${path} is neither an ELF program nor a script: it has no "#!" line`,
    `make #!/bin/sh its first line, or call it by its interpreter: "args": ["sh", ${JSON.stringify(path)}]`,
  );
}

/** Of the container's files. */
export function insideSearch(failure: Case): Search {
  const user = userOf(failure.config, failure.process);
  return { case: failure, view: failure.inside, user, where: (found) => holder(failure, found) };
}

/** Of the host's, for hooks. */
export function outsideSearch(failure: Case): Search {
  const { uid, gid } = failure.host;
  const user: User = { uid, gid, groups: [], overrides: uid === 0, name: `uid ${uid}` };
  return { case: failure, view: failure.outside, user, where: () => "" };
}

export function absoluteIn(process: Process | undefined, file: string): string {
  return absolutePath(process?.cwd ?? "/", file);
}
