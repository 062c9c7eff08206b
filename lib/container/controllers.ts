// SPDX-License-Identifier: Apache-2.0

/** The controllers of cgroup v2: which there are, and where one that is missing went. */

import { RuntsError } from "../errors.ts";
import type { Host } from "../host.ts";
import type { CgroupPlace } from "../plan/facts.ts";
import { findMountWith } from "./mountinfo.ts";

const limit = 1 << 20;

/** What looking at cgroups takes of the host. */
export type FileHost = Pick<Host, "readFile" | "decode" | "kind">;

export function readText(host: FileHost, path: string): string | undefined {
  try {
    return host.decode(host.readFile(path, limit));
  } catch {
    return undefined; // not there, or not for us to read: the callers know what follows
  }
}

export function words(text: string | undefined): readonly string[] {
  return (text ?? "").split(/\s+/).filter((word) => word !== "");
}

/** cgroup v1 has another name for one of them. */
const formerName = (controller: string): string => (controller === "io" ? "blkio" : controller);

/** Of the hierarchy of cgroup v1 that has it, mounted or not; undefined when none has. */
function heldByVersion1(host: FileHost, name: string): string | undefined {
  const hierarchy = (readText(host, "/proc/self/cgroup") ?? "")
    .split("\n")
    .find((line) => line.split(":")[1]?.split(",").includes(name));
  if (hierarchy === undefined) return undefined;
  const mount = findMountWith(readText(host, "/proc/self/mountinfo") ?? "", "cgroup", name);
  return mount === undefined
    ? "cgroup v1 holds it, in a hierarchy that is not mounted here"
    : `cgroup v1 holds it, mounted at ${mount}`;
}

/** Whether the kernel's command line has `cgroup_disable=` with one of its names. */
function isDisabled(host: FileHost, names: readonly string[]): boolean {
  return words(readText(host, "/proc/cmdline")).some(
    (word) =>
      word.startsWith("cgroup_disable=") &&
      word
        .slice(15)
        .split(",")
        .some((name) => names.includes(name)),
  );
}

/** Why the mount's topmost cgroup does not have a controller. */
function whyMissing(host: FileHost, mount: string, controller: string): string {
  const name = formerName(controller);
  const [, , , enabled] =
    (readText(host, "/proc/cgroups") ?? "")
      .split("\n")
      .find((row) => row.startsWith(`${name}\t`))
      ?.split("\t") ?? [];
  if (enabled === "0" || isDisabled(host, [controller, name])) return "the kernel's command line disables it";
  const held = heldByVersion1(host, name);
  if (held !== undefined) return held;
  // the root of all has no type: this is a part of a tree, as containers see it
  if (host.kind(`${mount}/cgroup.type`) === "file")
    return `the cgroup above ${mount} does not hand it down (its cgroup.subtree_control), and is out of reach from here`;
  return "this kernel does not have it";
}

/**
 * Which controllers must and which can be handed down.
 * @param needed each with the pointer of what asks for it
 * @throws RuntsError for one that this tree does not have
 */
export function findControllers(
  host: FileHost,
  mount: string,
  needed: ReadonlyMap<string, string>,
): Pick<CgroupPlace, "needed" | "offered"> {
  const available = words(readText(host, `${mount}/cgroup.controllers`));
  for (const [controller, pointer] of needed)
    if (!available.includes(controller))
      throw new RuntsError("system", {
        pointer,
        detail: `cgroup controller ${controller} is not available: ${whyMissing(host, mount, controller)}`,
      });
  return { needed: [...needed.keys()], offered: available.filter((name) => !needed.has(name)) };
}
