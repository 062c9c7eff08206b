// SPDX-License-Identifier: Apache-2.0

import type { Device } from "../config/types.ts";
import { absolutePath } from "../path.ts";
import { attachDeviceNodes, fileTypes, listedDevices, runtimeMakesNodes } from "./device-nodes.ts";
import { type Facts, hasNamespace } from "./facts.ts";
import { parseMountOptions } from "./mount-options.ts";
import type { Step } from "./step.ts";

/** config-linux.md#default-devices */
const defaultDevices: readonly Device[] = [
  { type: "c", path: "/dev/null", major: 1, minor: 3, fileMode: 0o666 },
  { type: "c", path: "/dev/zero", major: 1, minor: 5, fileMode: 0o666 },
  { type: "c", path: "/dev/full", major: 1, minor: 7, fileMode: 0o666 },
  { type: "c", path: "/dev/random", major: 1, minor: 8, fileMode: 0o666 },
  { type: "c", path: "/dev/urandom", major: 1, minor: 9, fileMode: 0o666 },
  { type: "c", path: "/dev/tty", major: 5, minor: 0, fileMode: 0o666 },
];

/** runtime-linux.md#dev-symbolic-links, and /dev/core, which runc and crun make */
const links: readonly (readonly [path: string, target: string])[] = [
  ["/dev/fd", "/proc/self/fd"],
  ["/dev/stdin", "/proc/self/fd/0"],
  ["/dev/stdout", "/proc/self/fd/1"],
  ["/dev/stderr", "/proc/self/fd/2"],
  ["/dev/core", "/proc/kcore"],
];

function deviceStep(facts: Facts, device: Device, path: string, from: string): Step {
  // mknod(2) is for the initial user namespace; elsewhere the host's node is bound
  if ((!facts.privileged || hasNamespace(facts.config, "user")) && device.type !== "p")
    return {
      op: "bindDevice",
      from,
      source: path,
      path,
      type: fileTypes[device.type],
      major: device.major ?? 0,
      minor: device.minor ?? 0,
      listed: from === "" ? 0 : 1,
    };
  return {
    op: "mknod",
    from,
    path,
    type: fileTypes[device.type],
    major: device.major ?? 0,
    minor: device.minor ?? 0,
    // Podman sends the type's bits as well
    mode: (device.fileMode ?? 0o666) & 0o7777,
    uid: device.uid ?? 0,
    gid: device.gid ?? 0,
  };
}

/** With /dev bound from elsewhere, its nodes are not ours to make. */
function bindsDev(facts: Facts): boolean {
  return (facts.config.mounts ?? []).some(
    ({ destination, options }) =>
      absolutePath("/", destination) === "/dev" && parseMountOptions(options ?? []).bind,
  );
}

export function deviceSteps(facts: Facts): readonly Step[] {
  if (bindsDev(facts)) return [];
  const listed = facts.config.linux?.devices ?? [];
  const paths = new Set(listed.map(({ path }) => absolutePath("/", path)));
  return [
    // a listed device of the same path replaces the default one
    ...defaultDevices
      .filter(({ path }) => !paths.has(path))
      .map((device) => deviceStep(facts, device, device.path, "")),
    ...attachDeviceNodes(facts),
    ...listedDevices(facts)
      .filter(({ device }) => device.type === "p" || !runtimeMakesNodes(facts))
      .map(({ device, i }) =>
        deviceStep(facts, device, absolutePath("/", device.path), `/linux/devices/${i}`),
      ),
    ...links.map(([path, target]): Step => ({ op: "symlink", from: "", target, path, replace: 0 })),
    { op: "symlink", from: "", target: "pts/ptmx", path: "/dev/ptmx", replace: 1 },
  ];
}
