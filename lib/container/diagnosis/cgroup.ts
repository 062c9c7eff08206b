// SPDX-License-Identifier: Apache-2.0

/** Why a cgroup was not made, or did not take a value; what the cgroup itself tells is in ../cause.ts. */

import { type Case, type Finding, finding } from "./case.ts";
import { EACCES, EISDIR, ENOENT, ENOTDIR, EPERM } from "./view.ts";

const [E2BIG, EAGAIN, EBUSY, EXDEV, ENODEV, EINVAL, ENOSPC, EROFS, ERANGE, EOPNOTSUPP] = [
  7, 11, 16, 18, 19, 22, 28, 30, 34, 95,
];

/** What the kernel takes where its documentation is not plain about it: kernel/sched/core.c, kernel/cgroup/cpuset.c. */
const limits: Readonly<Record<string, string>> = {
  "cpu.max": "a quota of 1000 microseconds at least, in a period from 1000 to 1000000",
  "cpu.max.burst": "no more than the quota",
  "cpuset.cpus": "numbers of /sys/devices/system/cpu/possible",
  "cpuset.mems": "numbers of /sys/devices/system/node/possible",
};

export function explainCgroupFile({
  errno,
  detail,
  pointer,
}: Pick<Case, "errno" | "detail" | "pointer">): Finding | undefined {
  const [file = "", value = ""] = detail.split(": ");
  switch (errno) {
    case ENOENT:
      if (pointer.startsWith("/linux/resources/hugepageLimits"))
        return finding(
          "this kernel has no huge pages of that size",
          "ls /sys/kernel/mm/hugepages lists the sizes, in kB",
        );
      return finding(
        `this kernel does not have a file ${file} in that cgroup`,
        "see to the spelling of its name; its controller may be missing (runts doctor)",
      );
    case EINVAL:
    case ERANGE:
      return finding(
        `${file} does not take ${JSON.stringify(value)}${limits[file] === undefined ? "" : `, but ${limits[file]}`}`,
        `write a value as cgroup-v2.rst of the kernel has it for ${file}`,
      );
    case E2BIG:
      return finding(
        `the kernel takes no more than a page at once for ${file}`,
        `write no more than 4096 bytes into a line of ${file}`,
      );
    case EBUSY:
      return finding(
        `${file} cannot become ${JSON.stringify(value)} now: more than that is in use`,
        "raise the limit",
      );
    case ENOSPC:
      return finding(
        `${file}: an id space of the controller is used up (cpuset has no CPU or node left, or a partition takes all)`,
        "give it CPUs and memory nodes that the cgroup above has (cpuset.cpus.effective)",
      );
    case EACCES:
    case EPERM:
      return finding(
        `this user may not write ${file}: the cgroup was not handed to him`,
        `run as root, or let systemd delegate the controller (Delegate=yes), for ${pointer}`,
      );
    case ENODEV:
      return finding(
        `there is no device ${value.split(" ")[0]}`,
        file.startsWith("rdma.")
          ? "rdma link lists the devices"
          : "lsblk lists block devices with their numbers",
      );
    default:
      return undefined;
  }
}

export function explainCgroup({
  errno,
  detail,
  op,
}: Pick<Case, "errno" | "detail" | "op">): Finding | undefined {
  switch (errno) {
    case EBUSY:
      return / is frozen/.test(detail)
        ? finding(
            "a container in a frozen cgroup would stand still from its start",
            "echo 0 into its cgroup.freeze, or choose another linux.cgroupsPath",
          )
        : finding(
            `the cgroup ${detail.split(/: | /)[0]} is there and has processes: it belongs to somebody else`,
            "choose another linux.cgroupsPath, or stop and delete the container that is in it (cat cgroup.procs tells who)",
          );
    case EOPNOTSUPP:
      return finding(
        "such a cgroup has threads of processes that are elsewhere, and no container of its own",
        "choose another linux.cgroupsPath",
      );
    case EROFS:
      return finding(
        "the tree of cgroups is read-only here, as it is in most containers",
        "findmnt /sys/fs/cgroup; mount -o remount,rw /sys/fs/cgroup, or run outside of the container",
      );
    case EXDEV:
      return finding(
        "another file system is mounted over a cgroup of that path",
        "choose another linux.cgroupsPath, or unmount it (findmnt --submounts /sys/fs/cgroup)",
      );
    case ENOTDIR:
    case EISDIR:
      return finding(`${detail} is a file of the kernel's, not a cgroup`, "choose another linux.cgroupsPath");
    case ENOENT:
      return op === "openCgroup"
        ? finding(
            `there is no cgroup ${detail}`,
            "make it: mkdir below /sys/fs/cgroup, or choose another --cgroup",
          )
        : undefined;
    case EACCES:
    case EPERM:
      return finding(
        "this user may not make cgroups there: none is handed to him",
        "systemd-run --user --scope -p Delegate=yes, or run as root",
      );
    case EAGAIN:
      return finding(
        "no further cgroup is allowed there",
        "raise cgroup.max.depth or cgroup.max.descendants of the cgroups above, or remove some below them",
      );
    default:
      return undefined;
  }
}

export function explainDeviceFilter({ errno }: Case): Finding | undefined {
  if (errno !== EPERM) return undefined;
  return finding(
    "loading the program of the device rules needs CAP_BPF or CAP_SYS_ADMIN, and CAP_NET_ADMIN",
    "run as root; in a container, with these capabilities",
  );
}
