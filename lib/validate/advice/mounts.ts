// SPDX-License-Identifier: Apache-2.0

import type { Config, Mount, NamespaceType } from "../../config/types.ts";
import { crunOptions, mount8Options, mountOptions } from "../../tables/mount-options.ts";
import { table } from "../../tables/table.ts";
import { closest } from "../closest.ts";
import type { Advice } from "../finding.ts";

/** File systems that show what a namespace holds, and the namespace they show. */
const shown = table<readonly [type: NamespaceType, what: string]>({
  proc: ["pid", "the host's processes"],
  sysfs: ["network", "the host's network devices"],
  mqueue: ["ipc", "the host's message queues"],
});

/** A pid namespace apart, this is common: engines keep the host's network or queues on request, and know it. */
const always: ReadonlySet<NamespaceType> = new Set(["pid"]);

function namespaceAdvice({ linux }: Config, mount: Mount, pointer: string): readonly Advice[] {
  const [needed, what] = shown[mount.type ?? ""] ?? [];
  const has = (type: NamespaceType) => linux?.namespaces?.some((namespace) => namespace.type === type);
  if (needed === undefined || has(needed)) return [];
  // in a user namespace the kernel mounts these only for who owns the namespace that is shown
  if (!always.has(needed) && !has("user")) return [];
  const refused = has("user") ? ", and a container with a user namespace may not mount it" : "";
  return [
    {
      rule: "host-view",
      pointer: `${pointer}/type`,
      message: `without a ${needed} namespace ${mount.type} shows ${what}${refused}`,
      mend: `add { "type": "${needed}" } to linux.namespaces, or take the mount out`,
    },
  ];
}

/** What no table knows goes to the file system, which seldom knows it either. */
function optionAdvice({ options = [] }: Mount, pointer: string): readonly Advice[] {
  const known = [...Object.keys(mountOptions), ...Object.keys(crunOptions)];
  return options.flatMap((option, i): readonly Advice[] => {
    if (known.includes(option) || mount8Options[option]) return [];
    if (option.includes("=") || option.length < 4) return [];
    const meant = closest(option, known);
    if (meant === undefined) return [];
    return [
      {
        rule: "misspelt-option",
        pointer: `${pointer}/options/${i}`,
        message: `"${option}" is no mount option: it is left to the file system`,
        mend: `write "${meant}" if that was meant`,
      },
    ];
  });
}

/** Less than a page is no room for anything; who writes size=64 means mebibytes. */
function sizeAdvice({ type, options = [] }: Mount, pointer: string): readonly Advice[] {
  if (type !== "tmpfs") return [];
  return options.flatMap((option, i): readonly Advice[] => {
    const size = Number(/^size=(\d+)$/.exec(option)?.[1] ?? 0);
    if (size === 0 || size >= 4096) return [];
    return [
      {
        rule: "tiny-tmpfs",
        pointer: `${pointer}/options/${i}`,
        message: `a tmpfs of ${size} bytes`,
        mend: `write the unit: "size=${size}m" for mebibytes`,
        spec: "config.md#linux-mount-options",
      },
    ];
  });
}

function destinationAdvice({ destination }: Mount, pointer: string): readonly Advice[] {
  if (destination.startsWith("/")) return [];
  return [
    {
      rule: "relative-destination",
      pointer: `${pointer}/destination`,
      message: "a destination that is not absolute is deprecated",
      mend: `write ${JSON.stringify(`/${destination}`)}`,
    },
  ];
}

export function mountAdvice(config: Config): readonly Advice[] {
  return (config.mounts ?? []).flatMap((mount, i) => {
    const pointer = `/mounts/${i}`;
    return [
      ...destinationAdvice(mount, pointer),
      ...namespaceAdvice(config, mount, pointer),
      ...optionAdvice(mount, pointer),
      ...sizeAdvice(mount, pointer),
    ];
  });
}
