// SPDX-License-Identifier: Apache-2.0
// The Debian with Python that scripts/vm/debian.sh has made, as an image.

import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { promisify } from "node:util";
import { Skip } from "../podman/tap.js";
import { pythonImage } from "./docker.js";

/** Imports it, which takes a while; throws a Skip where nobody has made it. */
export async function importPython({ env }) {
  const archive = process.env.RUNTS_DEBIAN;
  if (!archive)
    throw new Skip("no image with Python: RUNTS_DEBIAN names none (scripts/vm/debian.sh makes it)");
  if (!existsSync(archive)) throw new Error(`RUNTS_DEBIAN: ${archive} is not there`);
  await promisify(execFile)("docker", ["import", archive, pythonImage], { env, timeout: 600_000 });
}
