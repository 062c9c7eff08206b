// SPDX-License-Identifier: Apache-2.0

/** From an error to its cause and what would mend it. Loaded when something has failed, never before. */

import { loadConfig } from "../../config/load.ts";
import { locate } from "../../config/locate.ts";
import { checkProcess } from "../../config/process.ts";
import type { Config, Process } from "../../config/types.ts";
import { type ErrorFacts, type Fault, leavesOpen, RuntsError, type Scene } from "../../errors.ts";
import type { Host } from "../../host.ts";
import { absolutePath } from "../../path.ts";
import { isSystemFailure, wording } from "../../wording.ts";
import { advise, ownCause } from "./advice.ts";
import { type Case, type Finding, finding, obstacle } from "./case.ts";
import { explainStep } from "./causes.ts";
import { View } from "./view.ts";

/** A place in a document that is to be shown. */
export interface Place {
  readonly file: string;
  readonly pointer: string;
  /** 1-based; absent where the document is not at hand */
  readonly line?: number;
  readonly column?: number;
  /** that line of the document */
  readonly text?: string;
}

export interface Diagnosis {
  /** process, step and system call: "init: mountBind: open_tree: ENOENT"'s parts, as far as there are any */
  readonly step?: { readonly name: string; readonly syscall: string; readonly errno: number };
  readonly places: readonly Place[];
  /** undefined when nothing is found that the error does not say itself */
  readonly why?: string;
  readonly remedies: readonly string[];
  /** what of config.json it comes from, where that is more than the failed step knows */
  readonly pointer?: string;
}

const configLimit = 16 << 20;

/** The configuration as far as it can still be had. */
async function configAt(
  host: Host,
  { bundle, config, copy = config }: Scene,
): Promise<{ config?: Config; text: string }> {
  let text = "";
  try {
    text = host.decode(host.readFile(copy, configLimit));
    return { config: (await loadConfig(host, bundle, copy)).config, text };
  } catch {
    return { text }; // gone, or at fault itself: then that is what has failed
  }
}

async function processAt({ process }: Scene, config: Config | undefined): Promise<Process | undefined> {
  if (process === undefined) return config?.process;
  try {
    return (await checkProcess(process, "", "the process")).process;
  } catch {
    return config?.process;
  }
}

function opOf({ step = "" }: ErrorFacts): string {
  return step.split(": ")[1] ?? "";
}

async function caseOf(
  host: Host,
  facts: ErrorFacts,
  scene: Scene,
  config: Config | undefined,
): Promise<Case> {
  const { syscall = "", errno = 0, detail = "", pointer = "" } = facts;
  const rootfs = absolutePath(scene.bundle, config?.root?.path ?? "rootfs");
  const inside =
    scene.root === undefined ? View.planned(host, rootfs, config, scene.bundle) : new View(host, scene.root);
  return {
    host,
    op: opOf(facts),
    syscall,
    errno,
    detail,
    pointer,
    bundle: scene.bundle,
    config,
    process: await processAt(scene, config),
    live: scene.root !== undefined,
    inside,
    outside: new View(host, "/"),
  };
}

const longestExcerpt = 400;

/** A line of the document; where a value only begins on it, all of that value on one line. */
function excerpt(text: string, line: number): string {
  const rest = text.split("\n").slice(line - 1);
  const [first = ""] = rest;
  if (!/[[{]\s*$/.test(first)) return first;
  const whole = rest
    .slice(0, 50)
    .map((one) => one.trim())
    .join(" ")
    .slice(0, longestExcerpt);
  let depth = 0;
  for (const { 0: token, index } of whole.matchAll(/"(?:\\.|[^"\\])*"|[[\]{}]/g)) {
    if (token.length === 1) depth += token === "[" || token === "{" ? 1 : -1;
    if (depth === 0 && !token.startsWith('"')) return whole.slice(0, index + 1);
  }
  return whole;
}

function placeOf(file: string, text: string, fault: Fault): Place {
  const { pointer } = fault;
  if (text === "") return { file, pointer };
  try {
    const [{ line, column } = {}] = fault.line === undefined ? locate(text, [fault]) : [fault];
    const shown = line === undefined ? undefined : excerpt(text, line);
    return {
      file,
      pointer,
      ...(line !== undefined && { line }),
      ...(column !== undefined && { column }),
      ...(shown !== undefined && { text: shown }),
    };
  } catch {
    return { file, pointer };
  }
}

const mostPlaces = 5;

function placesOf({ facts }: RuntsError, text: string, found: Finding | undefined): readonly Place[] {
  const { scene, faults, file } = facts;
  const pointer = found?.pointer ?? facts.pointer ?? "";
  const config = scene ? scene.config : file;
  if (faults)
    return faults.slice(0, mostPlaces).map((fault) => placeOf(config ?? "config.json", text, fault));
  if (pointer === "" || config === undefined) return [];
  if (scene?.process !== undefined && pointer.startsWith("/process/")) {
    const { processText = "" } = scene;
    // the document is the process itself
    const within = pointer.slice("/process".length);
    const place = placeOf(facts.document ?? "the process", processText, fault(within));
    return [{ ...place, pointer }];
  }
  return [placeOf(config, text, fault(pointer))];
}

const fault = (pointer: string): Fault => ({ code: "conflict", pointer, expected: "" });

/** A path of the host in the error itself. */
function explainFile(host: Host, path: string): Finding | undefined {
  if (!path.startsWith("/")) return undefined;
  const found = new View(host, "/").walk(path);
  const why = obstacle(found);
  if (why === undefined) return undefined;
  if (path.endsWith("/config.json") && found.state === "missing" && found.path.endsWith("/config.json"))
    return finding(
      why,
      `write one: runts spec --bundle ${path.slice(0, -"/config.json".length)}`,
      "correct --bundle",
    );
  return finding(why, "correct the path");
}

function findingOf(error: RuntsError, failure: Case | undefined, host: Host): Finding | undefined {
  const { facts } = error;
  if (error.code === "executable" || error.code === "step") {
    const found = failure && explainStep(failure);
    if (found) return found;
  }
  const advised = ownCause(
    error,
    wording(error)
      .split("\n")
      .slice(facts.faults ? 1 : 0)
      .join("\n"),
  );
  if (advised) return advised;
  return facts.file === undefined ? undefined : explainFile(host, facts.file);
}

/** What became of looking around. Never throws: the error that is to be explained must be told in any case. */
export async function diagnose(host: Host, error: unknown): Promise<Diagnosis> {
  if (!(error instanceof RuntsError)) {
    const found = isSystemFailure(error) ? explainFile(host, error.path) : undefined;
    return { places: [], remedies: found?.remedies ?? [], ...(found && { why: found.why }) };
  }
  const { facts } = error;
  const { scene, step, syscall = "", errno = 0 } = facts;
  const { config, text = "" } = scene ? await configAt(host, scene) : {};
  const failure = scene && (await caseOf(host, facts, scene, config));
  let found: Finding | undefined;
  try {
    found = findingOf(error, failure, host);
  } catch {
    found = undefined; // the scene has changed meanwhile, or is not for us to see
  }
  return {
    ...(step !== undefined && { step: { name: step, syscall, errno } }),
    places: placesOf(error, text, found),
    remedies: found?.remedies ?? advise(error),
    ...(found && { why: found.why }),
    ...(found?.pointer !== undefined && { pointer: found.pointer }),
  };
}

/** The error with its cause, for those who see one line of it. */
export function explained(error: unknown, { why, pointer }: Diagnosis): unknown {
  if (!(error instanceof RuntsError) || !leavesOpen(error) || why === undefined) return error;
  const facts = { ...error.facts, why, ...(pointer !== undefined && { pointer }) };
  return new RuntsError(error.code, facts, error.cause);
}
