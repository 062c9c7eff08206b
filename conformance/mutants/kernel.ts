// SPDX-License-Identifier: Apache-2.0

/** Kernel settings, and paths that the container should not see or change. */

import { existsSync, statSync } from "node:fs";
import type { Linux } from "./config.ts";
import { inConfig } from "./faults.ts";
import type { Fault, Mutant } from "./mutant.ts";

const inLinux = (change: (linux: Linux) => unknown): Fault => inConfig(({ linux }) => linux && change(linux));
const dropping = (name: keyof Linux): Fault => inLinux((linux) => delete linux[name]);

/** Whether it is a folder, on the host or in the bundle: a rootfs has few files. */
const isFolder = (bundle: string, path: string) =>
  [`${bundle}/rootfs${path}`, path].some((place) => existsSync(place) && statSync(place).isDirectory());

const absolute = (paths: readonly string[] | undefined) =>
  paths?.filter((path) => path.startsWith("/")) ?? [];

export const kernel: readonly Mutant[] = [
  {
    name: "sysctl-ignored",
    about: "sysctl has no effect.",
    breaks: ["kernel.sysctl"],
    fault: dropping("sysctl"),
  },
  {
    name: "unknown-sysctl-skipped",
    about: "A parameter that the kernel does not have is passed over.",
    breaks: ["kernel.sysctl-unknown"],
    fault: inLinux(({ sysctl }) => {
      for (const name of Object.keys(sysctl ?? {})) {
        if (!existsSync(`/proc/sys/${name.replaceAll(".", "/")}`)) delete sysctl?.[name];
      }
    }),
  },
  {
    name: "root-propagation-ignored",
    about: "rootfsPropagation has no effect.",
    breaks: ["kernel.propagation-shared", "kernel.propagation-slave"],
    fault: dropping("rootfsPropagation"),
  },
  {
    name: "root-propagation-slave-only",
    about: "Whatever rootfsPropagation says, the root is a slave.",
    breaks: ["kernel.propagation-private", "kernel.propagation-shared"],
    fault: inLinux((linux) => {
      if (linux.rootfsPropagation) linux.rootfsPropagation = "slave";
    }),
  },
  {
    name: "root-propagation-unbindable-as-private",
    about: "A root that is to be unbindable is only private.",
    breaks: ["kernel.propagation-unbindable"],
    fault: inLinux((linux) => {
      if (linux.rootfsPropagation === "unbindable") linux.rootfsPropagation = "private";
    }),
  },
  {
    name: "unknown-root-propagation-ignored",
    about: "A rootfsPropagation that is none has no effect, nor is it an error.",
    breaks: ["kernel.propagation-invalid"],
    fault: inLinux((linux) => {
      if (!/^r?(shared|slave|private|unbindable)$/.test(linux.rootfsPropagation ?? ""))
        delete linux.rootfsPropagation;
    }),
  },
  {
    name: "personality-ignored",
    about: "personality has no effect.",
    breaks: ["kernel.personality", "kernel.personality-linux32"],
    fault: dropping("personality"),
  },
  {
    name: "personality-flags-ignored",
    about: "Flags of personality are passed over.",
    breaks: ["kernel.personality-flags"],
    given: "kernel.personality",
    fault: inLinux(({ personality }) => delete personality?.flags),
  },
  {
    name: "memory-policy-ignored",
    about: "memoryPolicy has no effect.",
    breaks: ["kernel.memory-policy-mode", "kernel.memory-policy-mode-invalid"],
    fault: dropping("memoryPolicy"),
  },
  {
    name: "mount-label-ignored",
    about: "mountLabel has no effect, nor is that an error where there is no SELinux.",
    breaks: ["kernel.mount-label", "kernel.mount-label-refused"],
    fault: dropping("mountLabel"),
  },
  {
    name: "intel-rdt-ignored",
    about: "intelRdt has no effect, nor is that an error where there is no resctrl.",
    breaks: ["intel-rdt.unavailable"],
    fault: dropping("intelRdt"),
  },
  {
    name: "net-devices-ignored",
    about: "netDevices has no effect.",
    breaks: ["net-devices.moved"],
    fault: dropping("netDevices"),
  },
  {
    name: "net-device-names-ignored",
    about: "Network devices keep the names that they have on the host.",
    breaks: ["net-devices.name"],
    fault: inLinux(({ netDevices }) => {
      for (const device of Object.values(netDevices ?? {})) delete device.name;
    }),
  },
  {
    name: "masked-paths-ignored",
    about: "maskedPaths has no effect.",
    breaks: ["paths.masked-file", "paths.masked-directory"],
    fault: dropping("maskedPaths"),
  },
  {
    name: "masked-directories-forgotten",
    about: "Only files among maskedPaths are masked.",
    breaks: ["paths.masked-directory"],
    fault: inConfig(({ linux }, bundle) => {
      if (linux?.maskedPaths) linux.maskedPaths = linux.maskedPaths.filter((path) => !isFolder(bundle, path));
    }),
  },
  {
    name: "masked-paths-readonly",
    about: "maskedPaths can be read, though not written.",
    breaks: ["paths.masked-file", "paths.masked-directory"],
    fault: inLinux((linux) => {
      linux.readonlyPaths = [...(linux.readonlyPaths ?? []), ...(linux.maskedPaths ?? [])];
      delete linux.maskedPaths;
    }),
  },
  {
    name: "readonly-paths-ignored",
    about: "readonlyPaths has no effect.",
    breaks: ["paths.readonly-file", "paths.readonly-directory"],
    fault: dropping("readonlyPaths"),
  },
  {
    name: "readonly-files-forgotten",
    about: "Only directories among readonlyPaths become read-only.",
    breaks: ["paths.readonly-file"],
    fault: inConfig(({ linux }, bundle) => {
      if (linux?.readonlyPaths)
        linux.readonlyPaths = linux.readonlyPaths.filter((path) => isFolder(bundle, path));
    }),
  },
  {
    name: "relative-paths-skipped",
    about: "maskedPaths and readonlyPaths that are not absolute are passed over.",
    breaks: ["paths.masked-absolute", "paths.readonly-absolute"],
    fault: inLinux((linux) => {
      linux.maskedPaths = absolute(linux.maskedPaths);
      linux.readonlyPaths = absolute(linux.readonlyPaths);
    }),
  },
];
