// SPDX-License-Identifier: Apache-2.0

import { RuntsError } from "../errors.ts";
import { escapeToken } from "../json.ts";
import type { Facts } from "./facts.ts";
import type { Step } from "./step.ts";

/**
 * Moves network devices of the host into the container's network namespace, which exists once init does; before the
 * hooks, which may configure them. A create that fails later gives them back.
 */
export function moveNetDevices({ config: { linux }, privileged }: Facts): readonly Step[] {
  const devices = Object.entries(linux?.netDevices ?? {});
  if (devices.length === 0) return [];
  const moves = devices.map(([name, { name: inside }]): Step => {
    const from = `/linux/netDevices/${escapeToken(name)}`;
    if (!privileged)
      throw new RuntsError("system", {
        pointer: from,
        detail: "only root of the host may move its network devices",
      });
    return { op: "moveNetDevice", from, name, inside: inside || name };
  });
  return [...moves, { op: "signal", from: "/linux/netDevices", to: "init", event: "networked" }];
}

/** Before hooks and sysctls of init, which may be about them. */
export function awaitNetDevices({ config: { linux } }: Facts): readonly Step[] {
  if (Object.keys(linux?.netDevices ?? {}).length === 0) return [];
  return [{ op: "wait", from: "/linux/netDevices", of: "runtime", event: "networked" }];
}
