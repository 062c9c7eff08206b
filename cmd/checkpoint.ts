// SPDX-License-Identifier: Apache-2.0

import { commonFlags, criuFlags, criuFolders } from "./criu-flags.ts";
import { command, usageError } from "./flags.ts";

function pageServerOf(text: string | undefined): { address: string; port: number } | undefined {
  if (text === undefined) return undefined;
  const [, address = "", port = ""] = /^(.+):(\d{1,5})$/.exec(text) ?? [];
  if (address === "" || Number(port) > 65535 || Number(port) === 0)
    throw usageError(`--page-server: expected ADDRESS:PORT, found ${JSON.stringify(text)}`);
  return { address, port: Number(port) };
}

export default command({
  name: "checkpoint",
  about: "write the processes of a container to files, by criu(8)",
  description: [
    "The container is then ended and deleted; restore makes it again from its bundle and these files. With --leave-running or --pre-dump it goes on.",
  ],
  arguments: [{ name: "id", about: "the container's name" }],
  flags: {
    ...criuFlags,
    "leave-running": { kind: "boolean", about: "let the container go on" },
    "pre-dump": {
      kind: "boolean",
      about: "write only the memory and let the container go on, so that the checkpoint after it is quick",
    },
    "parent-path": {
      kind: "string",
      value: "DIR",
      about:
        "images of an earlier --pre-dump, relative to --image-path; what has not changed since is left out",
    },
    "tcp-skip-in-flight": { kind: "boolean", about: "leave out TCP connections that are being made" },
    "link-remap": { kind: "boolean", about: "give open files that have been deleted a name again" },
    "page-server": { kind: "string", value: "ADDRESS:PORT", about: "criu page-server that gets the memory" },
    "status-fd": { kind: "string", value: "FD", hidden: true, about: "not supported" },
  },
  async run(call) {
    if (call.given("status-fd")) throw usageError("--status-fd is not supported, as --lazy-pages is not");
    const flags = {
      ...commonFlags(call),
      leaveRunning: call.has("leave-running"),
      preDump: call.has("pre-dump"),
      parentPath: call.text("parent-path"),
      tcpSkipInFlight: call.has("tcp-skip-in-flight"),
      linkRemap: call.has("link-remap"),
      pageServer: pageServerOf(call.text("page-server")),
    };
    const { checkpoint } = await import("../lib/container/criu/checkpoint.ts");
    checkpoint(call.runtime, { id: call.words[0] ?? "", ...criuFolders(call), flags });
    return 0;
  },
});
