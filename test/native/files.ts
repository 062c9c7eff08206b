// SPDX-License-Identifier: Apache-2.0

import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { newPath } from "./scratch.ts";

/** A new folder, with files of these contents in it. */
export function newFolder(files: Readonly<Record<string, string>> = {}): string {
  const folder = newPath("folder");
  mkdirSync(folder);
  for (const [name, text] of Object.entries(files)) writeFileSync(`${folder}/${name}`, text);
  return folder;
}

/** A file on the host, executable. */
export function newScript(text: string): string {
  const path = newPath("script");
  writeFileSync(path, text);
  chmodSync(path, 0o755);
  return path;
}
