// SPDX-License-Identifier: Apache-2.0

/** What config.json names and this host does not have. */

import type { Config, Hook } from "../../config/types.ts";
import type { FileKind } from "../../host.ts";
import { absolutePath } from "../../path.ts";
import { mountOptions } from "../../tables/mount-options.ts";
import type { Advice } from "../finding.ts";
import { isBelow } from "./hidden-mounts.ts";
import { isCommandLine } from "./process.ts";
import { kindInRootfs, type LinkFiles } from "./rootfs-path.ts";

export type BundleFiles = LinkFiles;

/** "unknown" for what may not be looked at. */
interface CautiousFiles {
  kind(path: string): FileKind | "unknown";
  readLink(path: string): string;
}

/** Where execvp(3) looks when the environment has no PATH. */
const defaultPath = "/bin:/usr/bin";

function programAdvice(config: Config, rootfs: string, files: CautiousFiles): readonly Advice[] {
  const { process, mounts = [] } = config;
  const program = process?.args?.[0];
  if (!process || !program || isCommandLine(process)) return [];
  const mounted = mounts.map(({ destination }) => absolutePath("/", destination));
  const variable = process.env?.find((entry) => entry.startsWith("PATH="));
  const folders = (variable?.slice("PATH=".length) ?? defaultPath).split(":");
  const paths = program.includes("/") ? [program] : folders.map((folder) => `${folder}/${program}`);
  const kinds = paths.map((path) =>
    kindInRootfs(files, rootfs, absolutePath(process.cwd, path), (at) => mounted.includes(at)),
  );
  const where = program.includes("/") ? "in the root file system" : `in ${folders.join(", ")}`;
  const tell = (what: string, mend: string): readonly Advice[] => [
    {
      rule: "program-missing",
      pointer: "/process/args/0",
      message: `${JSON.stringify(program)} ${what}`,
      mend,
      spec: "config.md#process",
    },
  ];
  if (kinds.every((kind) => kind === "missing"))
    return tell(`is not ${where}`, `put it into ${rootfs}, or name a program that is there`);
  if (program.includes("/") && kinds[0] === "directory")
    return tell("is a directory", "name the program in it");
  return [];
}

function rootfsAdvice(config: Config, bundle: string, files: CautiousFiles): readonly Advice[] {
  const rootfs = absolutePath(bundle, config.root.path);
  let kind = files.kind(rootfs);
  if (kind === "symlink") kind = files.kind(`${rootfs}/.`);
  if (kind === "directory") return programAdvice(config, rootfs, files);
  if (kind === "unknown") return [];
  return [
    {
      rule: "rootfs-missing",
      pointer: "/root/path",
      message: kind === "missing" ? `there is no ${rootfs}` : `${rootfs} is not a directory`,
      mend: "make it and put the container's files there; what does not begin with / counts from the bundle",
    },
  ];
}

function sourceAdvice({ mounts = [] }: Config, bundle: string, files: CautiousFiles): readonly Advice[] {
  return mounts.flatMap(({ source, options = [] }, i): readonly Advice[] => {
    const kinds = options.map((name) => mountOptions[name]?.kind);
    if (!source || !kinds.includes("bind") || kinds.includes("remount")) return [];
    const path = absolutePath(bundle, source);
    if (files.kind(path) !== "missing") return [];
    return [
      {
        rule: "source-missing",
        pointer: `/mounts/${i}/source`,
        message: `there is no ${path} on this host`,
        mend: "make it, or name a path that is there; what does not begin with / counts from the bundle",
      },
    ];
  });
}

/** startContainer hooks are the container's own files. */
function hookAdvice(
  { hooks = {}, mounts = [] }: Config,
  rootfs: string,
  files: CautiousFiles,
): readonly Advice[] {
  const inContainer = (path: string) =>
    kindInRootfs(files, rootfs, path, (at) => mounts.some(({ destination }) => isBelow(at, destination)));
  return Object.entries(hooks).flatMap(([name, list]: [string, readonly Hook[] | undefined]) =>
    (list ?? []).flatMap(({ path }, i): readonly Advice[] => {
      const own = name === "startContainer";
      if ((own ? inContainer(path) : files.kind(path)) !== "missing") return [];
      return [
        {
          rule: "hook-missing",
          pointer: `/hooks/${name}/${i}/path`,
          message: `there is no ${path} ${own ? "in the container" : "on this host"}`,
          mend: own ? "put it into the root file system" : "make it, or take the hook out",
        },
      ];
    }),
  );
}

function namespaceAdvice({ linux }: Config, files: CautiousFiles): readonly Advice[] {
  return (linux?.namespaces ?? []).flatMap(({ path }, i): readonly Advice[] => {
    if (!path || files.kind(path) !== "missing") return [];
    return [
      {
        rule: "namespace-missing",
        pointer: `/linux/namespaces/${i}/path`,
        message: `there is no ${path} on this host`,
        mend: "name a namespace that is there, or take the path out for a new one",
      },
    ];
  });
}

/** What may not be looked at is taken to be there. */
function cautious({ kind, readLink }: BundleFiles): CautiousFiles {
  return {
    kind(path) {
      try {
        return kind(path);
      } catch {
        return "unknown";
      }
    },
    readLink(path) {
      try {
        return readLink(path);
      } catch {
        return "/"; // it was a symlink a moment ago
      }
    },
  };
}

export function bundleAdvice(config: Config, bundle: string, host: BundleFiles): readonly Advice[] {
  const files = cautious(host);
  const rootfs = absolutePath(bundle, config.root.path);
  return [
    ...rootfsAdvice(config, bundle, files),
    ...sourceAdvice(config, bundle, files),
    ...hookAdvice(config, rootfs, files),
    ...namespaceAdvice(config, files),
  ];
}
