// SPDX-License-Identifier: Apache-2.0

import { RuntsError } from "../lib/errors.ts";
import { absolutePath } from "../lib/path.ts";
import { command } from "./flags.ts";

export default command({
  name: "spec",
  about: "write a config.json to begin with",
  description: ["The container that it describes runs sh in the folder rootfs of the bundle, on a terminal."],
  arguments: [],
  flags: {
    bundle: {
      kind: "string",
      alias: "b",
      value: "DIR",
      about: "folder to write it to",
      otherwise: "the current folder",
    },
    rootless: { kind: "boolean", about: "write one that works without root" },
  },
  async run(call) {
    const { host } = call;
    const { exampleConfig } = await import("../lib/spec.ts");
    const file = absolutePath(host.cwd(), `${call.text("bundle") ?? "."}/config.json`);
    if (host.kind(file) !== "missing") throw new RuntsError("exists", { file });
    const config = exampleConfig(call.has("rootless") ? { uid: host.uid, gid: host.gid } : undefined);
    host.append(file, `${JSON.stringify(config, null, 2)}\n`);
    return 0;
  },
});
