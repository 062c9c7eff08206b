// SPDX-License-Identifier: Apache-2.0

import type { Host } from "../host.ts";

/**
 * How many sockets the caller hands on, sd_listen_fds(3). Those with another process's LISTEN_PID are not meant for us:
 * the variables of a service reach whatever it starts. Without any they are taken, as crun does.
 * Node.js keeps descriptors of its own where the sockets would be.
 */
export function countSockets(host: Host): number {
  const count = host.env("LISTEN_FDS");
  if (count === undefined || host.name === "node") return 0;
  const pid = host.env("LISTEN_PID");
  if (pid !== undefined && host.realPath("/proc/self") !== `/proc/${pid}`) return 0;
  return Math.max(0, Math.trunc(Number(count)) || 0);
}

/** The caller's NOTIFY_SOCKET, sd_notify(3). A program that uses the library is a service of its own, and tells for itself. */
export function notifySocket(host: Host): string | undefined {
  return host.name === "node" ? undefined : host.env("NOTIFY_SOCKET") || undefined;
}
