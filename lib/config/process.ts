// SPDX-License-Identifier: Apache-2.0

/** A process on its own, as exec gets it: checked as the one of a config.json is. */

import { type Fault, RuntsError } from "../errors.ts";
import type { Json } from "../host.ts";
import { type ConfigHost, parseDocument } from "./load.ts";
import type { Process } from "./types.ts";
import { accept, validate } from "./validate.ts";

export interface CheckedProcess {
  readonly process: Process;
  /** what the spec wants said, but not refused */
  readonly warnings: readonly Fault[];
}

const at = "/process";

/** The smallest config around it. */
const around = (process: Json): Json => ({ ociVersion: "1.0.0", root: { path: "/" }, process });

/** Places are those of the process's own document; pointers begin as they do in a config.json. */
async function placed(faults: readonly Fault[], text: string): Promise<readonly Fault[]> {
  const { locate } = await import("./locate.ts");
  const bare = faults.map((fault) => ({ ...fault, pointer: fault.pointer.slice(at.length) }));
  return locate(text, bare).map((fault) => ({ ...fault, pointer: `${at}${fault.pointer}` }));
}

/** The text of a process's document and its value. */
export async function parseProcess(
  host: ConfigHost,
  bytes: Uint8Array,
  file: string,
): Promise<{ text: string; value: Json }> {
  try {
    return await parseDocument(host, bytes, file);
  } catch (error) {
    if (!(error instanceof RuntsError) || !error.facts.faults) throw error;
    const faults = error.facts.faults.map((fault) => ({
      ...fault,
      ...(fault.pointer !== "" && { pointer: `${at}${fault.pointer}` }),
    }));
    throw new RuntsError("invalid", { ...error.facts, faults }, error);
  }
}

/**
 * Throws one RuntsError "invalid" with every fault.
 * @param text the document the value was read from, "" for a value that was not read
 * @param file what the error calls it
 */
export async function checkProcess(value: Json, text: string, file: string): Promise<CheckedProcess> {
  const config = around(value);
  // a value that was not read may still hold the character that ends a C string
  const accepted = accept(config, text === "" ? JSON.stringify(value, exact) : text);
  const process = accepted?.config.process;
  if (accepted && process) return { process, warnings: accepted.warnings };
  const { faults } = await validate(config);
  throw new RuntsError("invalid", { file, faults: text === "" ? faults : await placed(faults, text) });
}

const exact = (_: string, value: unknown): unknown => (typeof value === "bigint" ? `${value}` : value);
