// SPDX-License-Identifier: Apache-2.0
// Where the repository's files are.

import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");

/** Paths, relative to the root, of the files under `folders` whose path matches; sorted. */
export function findFiles(folders, pattern) {
  return folders
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true }).map((name) => join(folder, name)),
    )
    .filter((path) => pattern.test(path) && !/(^|\/)(node_modules|build)\//.test(path))
    .sort();
}
