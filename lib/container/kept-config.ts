// SPDX-License-Identifier: Apache-2.0

import type { Config } from "../config/types.ts";
import { RuntsError } from "../errors.ts";
import { isObject, parseJson } from "../json.ts";
import { folderOf } from "./record.ts";
import type { Runtime } from "./runtime.ts";

const configLimit = 16 * 1024 * 1024;

/** The copy is ours, and what create has accepted needs no second look: of a Podman's, that is half of its reading. */
function isAccepted(value: unknown): value is Config {
  return isObject(value) && typeof value.ociVersion === "string";
}

/** Where that is. */
export const keptPath = (runtime: Runtime, id: string): string => `${folderOf(runtime, id)}/config.json`;

/** The config.json that create read and accepted. */
export function keptConfig(runtime: Runtime, id: string): Config {
  const { host } = runtime;
  const file = keptPath(runtime, id);
  const { value } = parseJson(host, host.readFile(file, configLimit));
  if (!isAccepted(value)) throw new RuntsError("state", { id, file });
  return value;
}
