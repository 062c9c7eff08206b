// SPDX-License-Identifier: Apache-2.0

/** Which mounts of a container are the host's, and where in the rootfs they are. */

import type { Config, Mount } from "../../config/types.ts";
import type { Host } from "../../host.ts";
import { absolutePath } from "../../path.ts";
import { parseMountOptions } from "../../plan/mount-options.ts";
import { mountPoints } from "../mountinfo.ts";

const nullDevice = "/dev/null";

function binds({ options = [] }: Mount): boolean {
  const { bind, remount } = parseMountOptions(options);
  return bind && !remount;
}

interface Bind {
  readonly source: string;
  readonly destination: string;
}

function bindsOf(config: Config, bundle: string): readonly Bind[] {
  return (config.mounts ?? []).filter(binds).map(({ source = "", destination }) => ({
    source: absolutePath(bundle, source),
    destination: absolutePath("/", destination),
  }));
}

/**
 * Where each bind mount is. One whose destination is a symlink lies elsewhere, and is found by the rest of its
 * path: create mounts in the order of the configuration, in which the kernel lists them too.
 */
function placed(wanted: readonly string[], present: readonly string[]): ReadonlyMap<string, string> {
  const places = new Map(wanted.filter((path) => present.includes(path)).map((path) => [path, path]));
  const free = present.filter((path) => !wanted.includes(path));
  for (const path of wanted) {
    if (places.has(path)) continue;
    const name = path.slice(path.lastIndexOf("/"));
    const at = free.findIndex((one) => one.endsWith(name));
    const [found] = at < 0 ? [] : free.splice(at, 1);
    if (found !== undefined) places.set(path, found);
  }
  return places;
}

/** For the dump: "mnt[where it is]:the name by which restore finds it", which is its place in config.json. */
export function externalMounts(config: Config, bundle: string, mountinfo: string): readonly string[] {
  const points = mountPoints(mountinfo);
  const wanted = bindsOf(config, bundle).map(({ destination }) => destination);
  const places = placed(
    [...new Set(wanted)],
    points.map(({ path }) => path),
  );
  const masked = new Set(config.linux?.maskedPaths ?? []);
  return [
    ...[...places].map(([name, place]) => `mnt[${place}]:${name}`),
    // a file is masked by the host's null device, a folder by a tmpfs of the container's own
    ...points
      .filter(({ path, root }) => masked.has(path) && root.endsWith("/null") && !places.has(path))
      .map(({ path }) => `mnt[${path}]:${nullDevice}`),
  ];
}

/** For the restore: "mnt[that name]:what of the host is mounted there". */
export function mountSources(config: Config, bundle: string): readonly string[] {
  const sources = new Map(bindsOf(config, bundle).map(({ destination, source }) => [destination, source]));
  sources.set(nullDevice, sources.get(nullDevice) ?? nullDevice);
  return [...sources].map(([name, source]) => `mnt[${name}]:${source}`);
}

export interface Mountpoints {
  readonly directories: readonly string[];
  readonly files: readonly string[];
}

/** What there must be in the rootfs itself. What lies below another mount criu or that mount brings along. */
export function mountpoints(host: Host, config: Config, bundle: string): Mountpoints {
  const all = (config.mounts ?? []).map((mount) => ({
    mount,
    path: absolutePath("/", mount.destination),
  }));
  const own = all.filter(({ path }) => !all.some((other) => path.startsWith(`${other.path}/`)));
  const isFile = ({ mount }: (typeof own)[number]): boolean => {
    if (!binds(mount)) return false;
    const source = absolutePath(bundle, mount.source ?? "");
    return host.kind(host.realPath(source)) !== "directory";
  };
  return {
    directories: own.filter((one) => !isFile(one)).map(({ path }) => path),
    files: own.filter(isFile).map(({ path }) => path),
  };
}
