// SPDX-License-Identifier: Apache-2.0

import type { Host } from "../lib/host.ts";
import { findCommand } from "./commands.ts";
import { command, usageError } from "./flags.ts";

export async function showHelp(host: Host, name: string | undefined): Promise<number> {
  const found = name === undefined ? undefined : await findCommand(name);
  if (name !== undefined && found === undefined) throw usageError(`no such command: ${name}`);
  const { usage } = await import("./usage.ts");
  host.write(1, await usage(found));
  return 0;
}

export default command({
  name: "help",
  about: "show help",
  arguments: [{ name: "command", optional: true, about: "the command to tell about" }],
  flags: {},
  run: ({ host, words }) => showHelp(host, words[0]),
});
