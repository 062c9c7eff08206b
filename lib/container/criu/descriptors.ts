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

/** What is open there: "pipe:[12]"; with its mount and inode where it is a file that the container has no mount of. */
interface Descriptor {
  readonly link: string;
  /** criu's name of a file of the host */
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
  if (!link.startsWith("/") || link.startsWith("/dev/pts/") || inode === undefined || mounts.has(mount))
    return { link, outside: undefined };
  return { link, outside: `file[${mount.toString(16)}:${BigInt(inode).toString(16)}]` };
}

export interface Descriptors {
  /** text of descriptors.json */
  readonly text: string;
  /** those that criu must be told of */
  readonly external: readonly string[];
}

export function findDescriptors(host: Host, pid: number, mountinfo: string): Descriptors {
  const mounts = new Set(mountPoints(mountinfo).map(({ id }) => id));
  const found = standard.map((fd) => look(host, pid, fd, mounts));
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
