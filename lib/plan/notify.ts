// SPDX-License-Identifier: Apache-2.0

import type { Mount } from "../config/types.ts";
import type { Facts } from "./facts.ts";
import { type Step, when } from "./step.ts";

/**
 * sd_notify(3): where the caller has a NOTIFY_SOCKET, the container's program gets one of its own, and that it is
 * ready is handed on to the caller's. As with runc, the socket is there from start on, and one READY is waited for.
 */

/** The folder that create makes in the container's own, for the socket. */
export const notifyFolder = "notify";

const destination = "/run/notify";

/** How the program finds it. */
export const notifyVariable = `NOTIFY_SOCKET=${destination}/notify.sock`;

/** Read-only, which is no matter to a socket: the program needs to connect, not to make anything. */
export function notifyMount({ notify, root, id }: Facts): Mount | undefined {
  if (notify === undefined) return undefined;
  const options = ["bind", "nosuid", "nodev", "noexec", "ro"];
  return { destination, source: `${root}/${id}/${notifyFolder}`, options };
}

export function makeNotify({ notify }: Facts): readonly Step[] {
  return when(notify !== undefined, { op: "makeNotify", from: "" });
}

/** Bound before the program runs, so that nothing it says is lost. */
export function listenNotify(socket: string | undefined): readonly Step[] {
  return socket === undefined ? [] : [{ op: "listenNotify", from: "", socket }];
}

/**
 * Waits for the program without the container's lock, which others may need meanwhile.
 * @param process undefined for the one that this plan makes
 */
export function awaitReady(
  socket: string | undefined,
  process?: { readonly pid: number; readonly startTime: number },
): readonly Step[] {
  if (socket === undefined) return [];
  const { pid, startTime } = process ?? { pid: 0, startTime: 0 };
  return [
    { op: "unlockState", from: "" },
    { op: "awaitReady", from: "", pid, startTime },
  ];
}
