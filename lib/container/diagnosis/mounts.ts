// SPDX-License-Identifier: Apache-2.0

/** Why a mount was not made: its source on the host, its destination in the container, its file system. */

import { absolutePath } from "../../path.ts";
import { mountOptions } from "../../tables/mount-options.ts";
import { readText } from "../controllers.ts";
import { type Case, type Finding, finding, indexOf, nearest, obstacle } from "./case.ts";
import { saidBy } from "./kernel-log.ts";
import { explainDestination, explainHostPath, hasNamespace } from "./paths.ts";
import { EACCES, ENOENT, ENOTDIR, EPERM } from "./view.ts";

const [ENXIO, EINVAL, EBUSY, ENODEV, ENOTBLK] = [6, 22, 16, 19, 15];

const mountOf = (failure: Case) => {
  const index = indexOf(failure.pointer, "/mounts");
  return index === undefined ? undefined : failure.config?.mounts?.[index];
};

export function explainSource(failure: Case): Finding | undefined {
  const asked = mountOf(failure)?.source ?? "";
  const source = absolutePath(failure.bundle, asked);
  const found = explainHostPath(failure, source, "the source");
  if (found === undefined || asked.startsWith("/")) return found;
  return finding(
    `${found.why}; ${JSON.stringify(asked)} is relative, and so taken from the bundle`,
    "write an absolute source",
    ...found.remedies,
  );
}

/** move_mount(2) says EINVAL, and openat2(2) with O_DIRECTORY ENOTDIR, when one is a folder and the other is not. */
export function mismatch(failure: Case): Finding | undefined {
  const mount = mountOf(failure);
  if (!mount) return undefined;
  const source = failure.outside.walk(absolutePath(failure.bundle, mount.source ?? ""));
  const destination = failure.inside.bare().walk(absolutePath("/", mount.destination));
  if (source.state !== "found" || destination.state !== "found") return undefined;
  const kind = (one: string) =>
    one === "directory" ? "a directory" : `a ${one === "other" ? "device" : one}`;
  if ((source.sight.kind === "directory") === (destination.sight.kind === "directory")) return undefined;
  return finding(
    `${mount.destination} is ${kind(destination.sight.kind)} in the rootfs, and the source ${mount.source} is ${kind(source.sight.kind)}: one cannot cover the other`,
    "choose another destination, or a source of the same kind",
  );
}

export function explainBind(failure: Case): Finding | undefined {
  const { syscall, errno, detail } = failure;
  const mount = mountOf(failure);
  if (!mount) return undefined;
  if (syscall === "open_tree") return explainSource(failure) ?? closedSource(failure);
  if (detail.endsWith("leads into procfs"))
    return finding(
      `a symlink of the rootfs leads ${mount.destination} into procfs, where only files that lxcfs provides may be covered`,
      "choose another destination, or take the symlink out of the image",
    );
  if (detail.includes("can only be a procfs"))
    return finding(
      "what is mounted at /proc must be procfs itself, so that nothing can pose as it",
      'give it "type": "proc"',
    );
  if (syscall === "mount_setattr" && errno === EPERM)
    return finding(
      "a flag that the host's mount has (nosuid, nodev, noexec, ro) is locked in a user namespace and cannot be taken away",
      "add the options that the source's own mount has (findmnt -T tells them)",
    );
  return mismatch(failure) ?? explainDestination(failure, mount.destination);
}

function closedSource(failure: Case): Finding | undefined {
  if (failure.errno !== EACCES && failure.errno !== EPERM) return undefined;
  return finding(
    "this user may not reach the source",
    "give the user x on each folder above it (namei -l shows them)",
  );
}

function unknownType({ host }: Case, type: string): Finding {
  const known = (readText(host, "/proc/filesystems") ?? "")
    .split("\n")
    .map((line) => line.split("\t").at(-1) ?? "")
    .filter((name) => name !== "");
  const near = nearest(type, known);
  return finding(
    `this kernel has no file system of type ${type} (/proc/filesystems)`,
    ...(near === undefined ? [] : [`did you mean ${near}?`]),
    `load its module: modprobe ${type}`,
  );
}

function inUserNamespace(failure: Case, type: string): Finding | undefined {
  if (!hasNamespace(failure, "user")) return undefined;
  const needs = { sysfs: "network", proc: "pid", mqueue: "ipc", cgroup2: "cgroup" }[type];
  if (needs !== undefined && !hasNamespace(failure, needs))
    return finding(
      `a user namespace may mount ${type} only together with a ${needs} namespace of its own`,
      `add the ${needs} namespace to linux.namespaces`,
      `or bind the host's: "options": ["rbind", "ro"]`,
    );
  if (type === "proc" || type === "sysfs")
    return finding(
      `${type} is partly covered where runts runs, and a user namespace may not mount one that shows more`,
      "run outside of that container, or let its masks be taken away (unmask=all)",
    );
  return finding(
    `a user namespace may not mount ${type}`,
    "mount it on the host and bind it here, or use a file system that user namespaces may mount (tmpfs, overlay)",
  );
}

function options(failure: Case, type: string): Finding | undefined {
  const [option = "", ...said] = failure.detail.split(": ");
  const words = said.join(": ");
  const key = option.split("=")[0] ?? "";
  if (/Unknown parameter/.test(words)) {
    const known = Object.keys(mountOptions);
    const near = key === "read-only" || key === "readonly" ? "ro" : nearest(key, known);
    return finding(
      `${type} does not know the option ${key} (the kernel: ${words})`,
      ...(near === undefined ? [] : [`did you mean "${near}"?`]),
      "take the option out",
    );
  }
  if (/Bad value/.test(words))
    return finding(
      `${type} cannot read the value of the option ${option} (the kernel: ${words})`,
      key === "size" ? 'write a number with a unit: "size=64m"' : `correct the option, see ${type}(5)`,
    );
  return undefined;
}

export function overlay(failure: Case): Finding {
  const words = mountOf(failure)?.options ?? [];
  const lower = words.find((word) => word.startsWith("lowerdir="));
  if (lower === undefined)
    return finding(
      "overlay needs the option lowerdir=",
      'add "lowerdir=/path", and upperdir= with workdir= to write',
    );
  for (const word of words)
    for (const path of word
      .replace(/^(lowerdir|upperdir|workdir)=/, "\n")
      .split(/[\n:]/)
      .slice(1)) {
      const found = path.startsWith("/")
        ? explainHostPath(failure, path, word.split("=")[0] ?? "")
        : undefined;
      if (found) return found;
    }
  return finding(
    `overlay refuses its folders${saidBy(failure.host, "overlay")}`,
    "see dmesg; upperdir and workdir must be on one file system that has xattrs",
  );
}

export function explainFileSystem(failure: Case): Finding | undefined {
  const { syscall, errno } = failure;
  const mount = mountOf(failure);
  const type = mount?.type ?? "";
  const source = mount?.source ?? "";
  if (!mount) return undefined;
  if (syscall === "fsopen" && errno === ENODEV) return unknownType(failure, type);
  if (errno === EPERM && syscall !== "move_mount") {
    const found = inUserNamespace(failure, type);
    if (found) return found;
  }
  if (syscall !== "fsconfig" && syscall !== "fsmount") return explainDestination(failure, mount.destination);
  const badOption = options(failure, type);
  if (badOption) return badOption;
  if (type === "overlay") return overlay(failure);
  if (errno === ENOTBLK)
    return finding(
      `${source} is not a block device, and ${type} needs one`,
      `make a loop device of the file: losetup --find --show ${source}`,
    );
  if (errno === ENXIO || errno === ENOENT) {
    const found = explainHostPath(failure, source, "the device");
    if (found) return finding(found.why, "correct the path of the device (lsblk lists them)");
  }
  if (errno === EBUSY)
    return finding(`${source} is mounted already, or in use`, "mount it once and bind that");
  if (errno === EINVAL)
    return finding(
      `${type} refuses its source or its options${saidBy(failure.host, type)}`,
      "see the kernel's own words: dmesg | tail",
    );
  return undefined;
}

export function explainRemount(failure: Case): Finding | undefined {
  const mount = mountOf(failure);
  if (!mount) return undefined;
  if (failure.errno === EINVAL && failure.syscall === "mount_setattr")
    return finding(
      `${mount.destination} is not a mount of its own, so there is nothing to remount`,
      `bind it first: {"destination": ${JSON.stringify(mount.destination)}, "source": …, "options": ["bind", "ro"]}`,
    );
  return explainDestination(failure, mount.destination);
}

export function explainMappedMount(failure: Case): Finding | undefined {
  const { errno } = failure;
  const source = mountOf(failure)?.source ?? "";
  const magic = failure.outside.walk(absolutePath(failure.bundle, source));
  const name =
    magic.state === "found"
      ? (fileSystemNames[magic.sight.fileSystem] ?? "its file system")
      : "its file system";
  if (errno === EINVAL)
    return finding(
      `${name}, which ${source} is on, cannot map ids (or is mapped already)`,
      "leave out idmap and chown the files, or put them on ext4, xfs, btrfs or tmpfs (tmpfs since Linux 6.3)",
    );
  if (errno === EPERM)
    return finding(
      "the kernel lets only root of the file system's own user namespace map its ids",
      "leave out idmap",
    );
  return undefined;
}

/** statfs(2). */
const fileSystemNames: Readonly<Record<number, string>> = {
  40864: "proc",
  1650812274: "sysfs",
  16914836: "tmpfs",
  61267: "ext4",
  1481003842: "xfs",
  2435016766: "btrfs",
  26985: "nfs",
  16914839: "9p",
  1702057286: "fuse",
  2035054128: "overlay",
  1667723888: "cgroup2",
  7377: "devpts",
};

export function explainRootfs(failure: Case): Finding | undefined {
  const asked = failure.config?.root?.path ?? "rootfs";
  const path = absolutePath(failure.bundle, asked);
  const found = failure.outside.walk(path);
  const why = obstacle(found);
  const remedy = asked.startsWith("/")
    ? "correct root.path"
    : "correct root.path, which is taken from the bundle";
  if (why !== undefined) return finding(`the rootfs ${path}: ${why}`, remedy, "unpack the image there");
  if (failure.errno === ENOTDIR && found.state === "found")
    return finding(`the rootfs ${path} is a file, not a folder`, remedy);
  if (failure.errno === EACCES || failure.errno === EPERM)
    return finding(
      "the container's user may not reach the rootfs",
      `chmod o+x each folder above ${path} (namei -l shows them)`,
    );
  if (failure.op === "pivotRoot" && failure.errno === EINVAL)
    return finding(
      "the root that runts runs in is an initramfs, from which pivot_root(2) is not possible",
      "--no-pivot",
    );
  return undefined;
}
