// SPDX-License-Identifier: Apache-2.0

import type { Host } from "../lib/host.ts";
import { specVersion } from "../lib/version.ts";
import { version } from "../package.json";

export { version };

/** In the lines that engines know from runc. */
export function showVersion(host: Host): number {
  host.write(
    1,
    `runts version ${version}\nspec: ${specVersion}\nlibseccomp: ${host.version.seccomp}\nengine: ${host.name} ${host.version.engine}\n`,
  );
  return 0;
}
