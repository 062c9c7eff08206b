// SPDX-License-Identifier: Apache-2.0

import { type Fault, RuntsError } from "../errors.ts";
import type { Host, Json, SystemFailure } from "../host.ts";
import { isObject, parseJson } from "../json.ts";
import type { Config } from "./types.ts";
import { accept, validate } from "./validate.ts";

/** What loading a config needs of a host. */
export type ConfigHost = Pick<Host, "readFile" | "decode" | "scanJson" | "kind">;

export interface LoadedConfig {
  readonly config: Config;
  /** the file as it was read, for the copy that later operations use */
  readonly bytes: Uint8Array;
  readonly path: string;
  /** what the spec wants said, but not refused */
  readonly warnings: readonly Fault[];
}

const limit = 16 * 1024 * 1024;
const [noEntry, tooBig, noDirectory] = [2, 7, 20]; // ENOENT, E2BIG, ENOTDIR

const isSystemFailure = (error: unknown): error is SystemFailure =>
  isObject(error) && typeof error.syscall === "string" && typeof error.errno === "number";

function readConfig(host: ConfigHost, bundle: string, path: string): Uint8Array {
  try {
    return host.readFile(path, limit);
  } catch (cause) {
    if (!isSystemFailure(cause)) throw cause;
    const { syscall, errno } = cause;
    if (errno === tooBig) {
      const fault: Fault = { code: "range", pointer: "", expected: `at most ${limit} bytes` };
      throw new RuntsError("invalid", { file: path, faults: [fault] }, cause);
    }
    const kind = errno === noEntry || errno === noDirectory ? host.kind(bundle) : "directory";
    if (kind === "directory") throw new RuntsError("system", { file: path, syscall, errno }, cause);
    const detail = kind === "missing" ? "no such bundle" : "the bundle is not a directory";
    throw new RuntsError("system", { file: bundle, syscall, errno, detail }, cause);
  }
}

/** The text of a document and its value; a syntax error with its place. */
export async function parseDocument(
  host: ConfigHost,
  bytes: Uint8Array,
  path: string,
): Promise<{ text: string; value: Json }> {
  try {
    return parseJson(host, bytes);
  } catch (cause) {
    if (!(cause instanceof RuntsError) || !cause.facts.faults) throw cause;
    const { locate } = await import("./locate.ts");
    const readable = cause.facts.faults[0]?.expected !== "UTF-8";
    const faults = readable ? locate(host.decode(bytes), cause.facts.faults) : cause.facts.faults;
    throw new RuntsError("invalid", { file: path, faults }, cause);
  }
}

/** The configuration of a bundle that names no other. */
export const configIn = (bundle: string): string => `${bundle}/config.json`;

/** Reads and checks a bundle's configuration. Throws one RuntsError with every fault of it. */
export async function loadConfig(
  host: ConfigHost,
  bundle: string,
  path: string = configIn(bundle),
): Promise<LoadedConfig> {
  const bytes = readConfig(host, bundle, path);
  const { text, value } = await parseDocument(host, bytes, path);
  const accepted = accept(value, text);
  // warnings come without line and column: to find these costs more than the rest of create
  if (accepted) return { ...accepted, bytes, path };
  const { faults } = await validate(value, { text });
  throw new RuntsError("invalid", { file: path, faults });
}
