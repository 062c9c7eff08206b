// SPDX-License-Identifier: Apache-2.0

import { containerFlags, containerId, createOptions } from "./container-flags.ts";
import { commonFlags, criuFlags, criuFolders } from "./criu-flags.ts";
import { command, usageError } from "./flags.ts";

export default command({
  name: "restore",
  about: "make a container of what checkpoint wrote, and wait for it",
  description: [
    "Its bundle must be that of the container that was written, or a copy. Its namespaces, memory and open files come from the images; its limits, device rules and mounts of the host from config.json.",
    "Standard input, output and error become those of the container where they were pipes or files of the host.",
  ],
  reports: true,
  arguments: [containerId],
  flags: {
    ...containerFlags,
    "preserve-fds": { kind: "string", hidden: true, value: "N", about: "not supported" },
    ...criuFlags,
    "file-locks": { kind: "boolean", about: "as always: locks of files that are in the images come back" },
    detach: { kind: "boolean", alias: "d", about: "do not wait: leave the container running" },
    "tcp-close": { kind: "boolean", about: "close TCP connections that were established" },
    "lsm-profile": {
      kind: "string",
      value: "KIND:NAME",
      about: "AppArmor profile or SELinux label to run under",
    },
    "lsm-mount-context": { kind: "string", value: "LABEL", about: "SELinux label of its file systems" },
    "parent-path": { kind: "string", hidden: true, value: "DIR", about: "ignored: images name their parent" },
  },
  async run(call) {
    if (call.given("preserve-fds")) throw usageError("--preserve-fds is not for restore");
    const flags = {
      ...commonFlags(call),
      tcpClose: call.has("tcp-close"),
      lsmProfile: call.text("lsm-profile"),
      lsmMountContext: call.text("lsm-mount-context"),
    };
    const { restore } = await import("../lib/container/criu/restore.ts");
    return restore(call.runtime, {
      ...createOptions(call),
      ...criuFolders(call),
      detach: call.has("detach"),
      flags,
    });
  },
});
