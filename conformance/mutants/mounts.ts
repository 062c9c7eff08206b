// SPDX-License-Identifier: Apache-2.0

/** Wrong mounts, and a wrong root. */

import { existsSync, mkdirSync, readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import type { Config, Mount } from "./config.ts";
import { whileChanged } from "./config.ts";
import { inConfig } from "./faults.ts";
import type { Mutant } from "./mutant.ts";

const isBind = ({ options }: Mount) => options?.some((word) => word === "bind" || word === "rbind") ?? false;
const binds = ({ mounts }: Config) => mounts?.filter(isBind) ?? [];

/** How many mounts the base config has: what comes after these belongs to a case. */
const base = 4;

const isDirectory = (path: string) => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;

const knownTypes = () =>
  readFileSync("/proc/filesystems", "utf8")
    .split("\n")
    .map((line) => line.split("\t").at(-1) ?? "");

export const mounts: readonly Mutant[] = [
  {
    name: "mounts-reversed",
    about: "The mounts are not done in their order.",
    breaks: ["mounts.order"],
    fault: inConfig(({ mounts: list }) => list?.push(...list.splice(base).reverse())),
  },
  {
    name: "mount-over-mount-skipped",
    about: "A second mount on the same destination is not done.",
    breaks: ["mounts.order"],
    fault: inConfig((config) => {
      const seen = new Set<unknown>();
      config.mounts =
        config.mounts?.filter(({ destination, options }) => {
          const again = seen.has(destination) && !options?.includes("remount");
          seen.add(destination);
          return !again;
        }) ?? [];
    }),
  },
  {
    name: "relative-source-from-cwd",
    about: "A relative source of a bind mount counts from the caller's working directory.",
    breaks: ["mounts.source-relative"],
    fault: inConfig((config) => {
      for (const mount of binds(config)) mount.source = resolve(mount.source ?? "");
    }),
  },
  {
    name: "absolute-source-in-rootfs",
    about: "An absolute source of a bind mount is a path of the root filesystem.",
    breaks: ["mounts.source-absolute"],
    fault: inConfig((config, bundle) => {
      for (const mount of binds(config)) {
        const inside = `${bundle}/rootfs${mount.source}`;
        if (mount.source?.startsWith("/") && existsSync(inside)) mount.source = inside;
      }
    }),
  },
  {
    name: "missing-source-made",
    about: "A source of a bind mount that is not there is made, as a folder.",
    breaks: ["mounts.source-missing"],
    fault: inConfig((config, bundle) => {
      for (const { source } of binds(config)) mkdirSync(resolve(bundle, source ?? ""), { recursive: true });
    }),
  },
  {
    name: "type-unmakes-bind",
    about: "The option bind is passed over when the type is a file system's.",
    breaks: ["mounts.type-bind"],
    fault: inConfig((config) => {
      for (const mount of binds(config)) {
        if (mount.type !== "tmpfs") continue;
        mount.options = mount.options?.filter((word) => word !== "bind" && word !== "rbind") ?? [];
      }
    }),
  },
  {
    name: "unknown-type-skipped",
    about: "A mount of a type that the kernel does not know is left out.",
    breaks: ["mounts.type-unknown"],
    fault: inConfig((config) => {
      const known = knownTypes();
      config.mounts =
        config.mounts?.filter((mount) => isBind(mount) || known.includes(mount.type ?? "")) ?? [];
    }),
  },
  {
    name: "failed-mounts-skipped",
    about: "Mounts that fail are left out.",
    breaks: ["mounts.failure"],
    fault: {
      create: (call) => {
        const code = call.real();
        if (code === 0) return code;
        const without = (config: Config) => {
          config.mounts?.splice(base);
          return undefined;
        };
        return whileChanged(call.bundle, without, () => call.real());
      },
    },
  },
  {
    name: "mount-without-destination-skipped",
    about: "A mount without a destination is left out.",
    breaks: ["mounts.destination-required"],
    fault: inConfig((config) => {
      config.mounts = config.mounts?.filter(({ destination }) => destination !== undefined) ?? [];
    }),
  },
  {
    name: "relative-destination-in-cwd",
    about: "A relative destination counts from process.cwd.",
    breaks: ["mounts.destination-relative"],
    fault: inConfig(({ mounts: list, process }) => {
      for (const mount of list ?? [])
        mount.destination = resolve("/tmp", process?.cwd ?? "/", mount.destination ?? "");
    }),
  },
  {
    name: "mount-mappings-ignored",
    about: "The id mappings of mounts have no effect.",
    breaks: ["mounts.mappings", "mount-options.idmap-mappings", "mount-options.ridmap-mappings"],
    fault: inConfig(({ mounts: list }) => {
      for (const mount of list ?? []) {
        delete mount.uidMappings;
        delete mount.gidMappings;
        mount.options = mount.options?.filter((word) => !/^r?idmap/.test(word)) ?? [];
      }
    }),
  },
  {
    name: "lone-mapping-ignored",
    about: "uidMappings of a mount without gidMappings have no effect, nor is that an error.",
    breaks: ["mounts.mappings-together"],
    fault: inConfig(({ mounts: list }) => {
      for (const mount of list ?? []) {
        if (mount.uidMappings && mount.gidMappings) continue;
        delete mount.uidMappings;
        delete mount.gidMappings;
        mount.options = mount.options?.filter((word) => !/^r?idmap/.test(word)) ?? [];
      }
    }),
  },
  {
    name: "root-writable",
    about: "root.readonly has no effect.",
    breaks: ["root.readonly"],
    fault: inConfig(({ root }) => delete root?.readonly),
  },
  {
    name: "root-readonly-always",
    about: "The root filesystem is read-only although nothing asks for that.",
    breaks: ["root.readonly-default"],
    fault: inConfig(({ root }) => {
      if (root) root.readonly = true;
    }),
  },
  {
    name: "root-readonly-spreads",
    about: "A read-only root makes the mounts of the config read-only, too.",
    breaks: ["root.readonly-mounts"],
    fault: inConfig(({ root, mounts: list }) => {
      if (root?.readonly) for (const mount of list?.slice(base) ?? []) mount.options?.push("ro");
    }),
  },
  {
    name: "root-path-fixed",
    about: "The root filesystem is the folder rootfs of the bundle, whatever an absolute root.path says.",
    breaks: ["root.path-absolute"],
    fault: inConfig(({ root }) => {
      if (root?.path?.startsWith("/")) root.path = "rootfs";
    }),
  },
  {
    name: "root-path-last-part",
    about: "Of a relative root.path only the last part counts.",
    breaks: ["root.path-relative"],
    fault: inConfig(({ root }) => {
      if (root?.path && !root.path.startsWith("/")) root.path = root.path.split("/").at(-1) ?? "";
    }),
  },
  {
    name: "missing-root-guessed",
    about: "When there is no directory at root.path, the folder rootfs of the bundle is taken.",
    breaks: ["root.directory"],
    fault: inConfig(({ root }, bundle) => {
      if (root?.path && !isDirectory(resolve(bundle, root.path))) root.path = "rootfs";
    }),
  },
  {
    name: "root-guessed",
    about: "Without root, or without its path, the folder rootfs of the bundle is taken.",
    breaks: ["root.required", "root.path-required"],
    fault: inConfig((config) => {
      config.root = { path: "rootfs", ...config.root };
    }),
  },
];
