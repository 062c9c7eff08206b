// SPDX-License-Identifier: Apache-2.0

/**
 * Standard input, output and error of a container, which are the host's: on file beside criu's images, in
 * runc's and crun's form, so that either's images can be restored.
 */

import { RuntsError } from "../../errors.ts";
import type { Host } from "../../host.ts";
import type { Inherited } from "../../plan/criu/request.ts";
import { mountPoints } from "../mountinfo.ts";

export const descriptorsFile = "descriptors.json";
const limit = 65536;

const standard = [0, 1, 2];

/** What is open in a process. */
interface Descriptor {
  readonly pid: number;
  readonly fd: number;
  readonly inode: number;
  readonly mount: number;
  /** "pipe:[12]" */
  readonly link: string;
  readonly reads: boolean;
  readonly writes: boolean;
  /** criu's name of a file of the host, of which the container has no mount */
  readonly outside: string | undefined;
}

function look(host: Host, pid: number, fd: number, mounts: ReadonlySet<number>): Descriptor | undefined {
  let link: string;
  let info: string;
  try {
    link = host.readLink(`/proc/${pid}/fd/${fd}`);
    info = host.decode(host.readFile(`/proc/${pid}/fdinfo/${fd}`, limit));
  } catch {
    return undefined; // closed
  }
  const mount = Number(/^mnt_id:\s*(\d+)$/m.exec(info)?.[1]);
  const inode = /^ino:\s*(\d+)$/m.exec(info)?.[1];
  const access = Number.parseInt(/^flags:\s*(\d+)$/m.exec(info)?.[1] ?? "", 8) & 3; // O_ACCMODE
  const inside =
    !link.startsWith("/") || link.startsWith("/dev/pts/") || inode === undefined || mounts.has(mount);
  const outside = inside ? undefined : `file[${mount.toString(16)}:${BigInt(inode).toString(16)}]`;
  return { pid, fd, inode: Number(inode), mount, link, reads: access !== 1, writes: access !== 0, outside };
}

function descriptorsOf(host: Host, pid: number, mounts: ReadonlySet<number>): readonly Descriptor[] {
  let names: readonly string[];
  try {
    names = host.list(`/proc/${pid}/fd`);
  } catch {
    return []; // it has ended
  }
  return names
    .map(Number)
    .sort((a, b) => a - b)
    .flatMap((fd) => look(host, pid, fd, mounts) ?? []);
}

/** Those whose other end is not the container's: files of the host, and pipes of which all have the same end. */
function leadingOut(all: readonly Descriptor[]): readonly Descriptor[] {
  const read = new Set(all.flatMap(({ link, reads }) => (reads ? [link] : [])));
  const written = new Set(all.flatMap(({ link, writes }) => (writes ? [link] : [])));
  return all.filter(
    ({ link, outside }) =>
      outside !== undefined || (link.startsWith("pipe:") && !(read.has(link) && written.has(link))),
  );
}

/** Whether a process has it as this one of the three and as no other: not by `>&2`. */
function soleUse(one: Descriptor, fd: number, all: readonly Descriptor[]): boolean {
  const uses = all.filter(({ pid, link, fd: at }) => pid === one.pid && link === one.link && at <= 2);
  return one.fd === fd && uses.length === 1;
}

/** Pipes are numbered as they are made; a file's number says nothing. */
function byAge(a: Descriptor, b: Descriptor): number {
  return a.outside === undefined && b.outside === undefined ? a.inode - b.inode : 0;
}

/**
 * What the container was given as standard input, output and error. Its first process may hold them under other
 * numbers by now, or only its children do; runc, which notes them at create, finds them again by then, too.
 */
function given(own: readonly Descriptor[], all: readonly Descriptor[]): readonly (Descriptor | undefined)[] {
  const leading = leadingOut(all);
  const names = new Set<string>();
  const take = (found: Descriptor | undefined): Descriptor | undefined => {
    if (found) names.add(found.link);
    return found;
  };
  const free = (fd: number) =>
    leading.filter(({ link, reads, writes }) => !names.has(link) && (fd === 0 ? reads : writes));
  const now = standard.map((fd) => own.find((one) => one.fd === fd));
  const firsts = standard.map((fd) => take(leading.find((one) => one.pid === own[0]?.pid && one.fd === fd)));
  const wanted = (fd: number) => firsts[fd] === undefined && !now[fd]?.link.startsWith("/dev/pts/");
  const others = standard.map((fd) =>
    take(wanted(fd) ? free(fd).find((one) => soleUse(one, fd, all)) : undefined),
  );
  return standard.map((fd) => {
    if (firsts[fd] ?? others[fd]) return firsts[fd] ?? others[fd];
    // whoever makes pipes for a container makes that of its output before that of its errors
    const [oldest] = wanted(fd) ? free(fd).toSorted(byAge) : [];
    return take(oldest) ?? (now[fd]?.link.startsWith("pipe:") ? undefined : now[fd]);
  });
}

/** One that criu writes down even so with --shell-job, and then finds no mount for when it restores. */
function refuseForeignTerminal(descriptors: readonly Descriptor[], mounts: ReadonlySet<number>): void {
  const found = descriptors.find(({ link, mount }) => link.startsWith("/dev/pts/") && !mounts.has(mount));
  if (found)
    throw new RuntsError("system", {
      step: "checkpoint",
      detail: `process ${found.pid} has a terminal of the host's as descriptor ${found.fd} (${found.link}): criu can restore only the container's own, which process.terminal gives it`,
    });
}

export interface Descriptors {
  /** text of descriptors.json */
  readonly text: string;
  /** those that criu must be told of */
  readonly external: readonly string[];
}

/** `pids`: the container's processes, its first one first. */
export function findDescriptors(host: Host, pids: readonly number[], mountinfo: string): Descriptors {
  const mounts = new Set(mountPoints(mountinfo).map(({ id }) => id));
  const [own = [], ...others] = pids.map((pid) => descriptorsOf(host, pid, mounts));
  const all = [own, ...others].flat();
  refuseForeignTerminal(all, mounts);
  const found = given(own, all);
  const external = found.flatMap((one) => (one?.outside === undefined ? [] : [one.outside]));
  const texts = found.map((one) => one?.outside ?? one?.link ?? "");
  return { text: JSON.stringify(texts), external: [...new Set(external)] };
}

/** Ours take their place. */
export function inheritedDescriptors(host: Host, images: string): readonly Inherited[] {
  const file = `${images}/${descriptorsFile}`;
  let value: unknown;
  try {
    value = JSON.parse(host.decode(host.readFile(file, limit)));
  } catch (cause) {
    throw new RuntsError(
      "system",
      { step: "restore", file, detail: "no images of a container are there" },
      cause,
    );
  }
  if (!Array.isArray(value)) throw new RuntsError("system", { step: "restore", file, detail: "not a list" });
  return standard.flatMap((fd) => {
    const key: unknown = value[fd];
    const ours = typeof key === "string" && /^(pipe:\[\d+\]|file\[[0-9a-f]+:[0-9a-f]+\])$/.test(key);
    return ours ? [{ key, fd }] : [];
  });
}
