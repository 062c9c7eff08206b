// SPDX-License-Identifier: Apache-2.0

import type { Host } from "../lib/host.ts";
import { specVersion } from "../lib/version.ts";
import { version } from "../package.json";
import { commit } from "./generated/commit.ts";

/** What a report says it was. */
export const build: string = commit ? `${version}, commit ${commit}` : version;

/** In the lines that engines know from runc. Docker shows what follows `commit:` as the runtime's version. */
export function showVersion(host: Host): number {
  const lines = [
    `runts version ${version}`,
    ...(commit ? [`commit: ${commit}`] : []),
    `spec: ${specVersion}`,
    `libseccomp: ${host.version.seccomp}`,
    `engine: ${host.name} ${host.version.engine}`,
  ];
  host.write(1, `${lines.join("\n")}\n`);
  return 0;
}
