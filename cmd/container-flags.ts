// SPDX-License-Identifier: Apache-2.0

import type { CreateOptions } from "../lib/container/create.ts";
import { absolutePath } from "../lib/path.ts";
import type { Argument, Call, Flags } from "./flags.ts";

type Name =
  | "bundle"
  | "config"
  | "console-socket"
  | "pidfd-socket"
  | "pid-file"
  | "no-pivot"
  | "no-new-keyring"
  | "preserve-fds"
  | "no-subreaper";

/** What create and run have in common. */
export const containerFlags: Flags<Name> = {
  bundle: {
    kind: "string",
    alias: "b",
    value: "DIR",
    about: "folder with config.json and, as a rule, the rootfs",
    otherwise: "the current folder",
  },
  config: {
    kind: "string",
    alias: "f",
    value: "FILE",
    about: "the configuration",
    otherwise: "config.json in the bundle",
  },
  "console-socket": {
    kind: "string",
    value: "SOCKET",
    about: "AF_UNIX socket that gets the terminal's master",
  },
  "pidfd-socket": {
    kind: "string",
    value: "SOCKET",
    about: "AF_UNIX socket that gets a pidfd of the container's process",
  },
  "pid-file": { kind: "string", value: "FILE", about: "file that gets the pid of the container's process" },
  "no-pivot": { kind: "boolean", about: "move the root mount instead of pivot_root(2), for an initramfs" },
  "no-new-keyring": { kind: "boolean", about: "keep the caller's session keyring" },
  "preserve-fds": {
    kind: "number",
    value: "N",
    about: "hand N descriptors to the process after 0, 1 and 2 (and $LISTEN_FDS)",
    otherwise: "0",
  },
  "no-subreaper": { kind: "boolean", hidden: true, about: "ignored: runts is never a subreaper" },
};

export const containerId: Argument = { name: "id", about: "the container's name, unique under --root" };

export function createOptions(call: Call<Name>): CreateOptions {
  const { host } = call;
  const config = call.text("config");
  const pidFile = call.text("pid-file");
  const consoleSocket = call.text("console-socket");
  const pidfdSocket = call.text("pidfd-socket");
  return {
    id: call.words[0] ?? "",
    bundle: absolutePath(host.cwd(), call.text("bundle") ?? "."),
    noPivot: call.has("no-pivot"),
    noNewKeyring: call.has("no-new-keyring"),
    preserveFds: call.number("preserve-fds") ?? 0,
    ...(config === undefined ? {} : { config: absolutePath(host.cwd(), config) }),
    ...(pidFile === undefined ? {} : { pidFile: absolutePath(host.cwd(), pidFile) }),
    ...(pidfdSocket === undefined ? {} : { pidfdSocket: absolutePath(host.cwd(), pidfdSocket) }),
    ...(consoleSocket === undefined ? {} : { consoleSocket: absolutePath(host.cwd(), consoleSocket) }),
  };
}
