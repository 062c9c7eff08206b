// SPDX-License-Identifier: Apache-2.0

import { type ErrorFacts, type Fault, RuntsError } from "./errors.ts";
import type { SystemFailure } from "./host.ts";
import { printable } from "./printable.ts";
import { errnoName, errnoText } from "./tables/errno.ts";

/** Engines read 8191 bytes of a failed runtime's standard error; this leaves room for what goes around. */
const limit = 6000;

/** The one place that makes sentences of errors: small letters, no full stop. */
export function wording(error: unknown): string {
  if (error instanceof RuntsError) return withReason(runtsWording(error), error.facts);
  if (isSystemFailure(error)) return call(error.syscall, error.path, error.errno);
  if (error instanceof Error) return `internal error: ${error.name}: ${error.message}`;
  return `internal error: ${String(error)}`;
}

/** What engines match comes first, as it was. */
function withReason(line: string, { why = "" }: ErrorFacts): string {
  return why === "" || line.includes(why) ? line : `${line}: ${why}`;
}

function runtsWording({ code, facts, cause }: RuntsError): string {
  const { id = "", file = "", detail = "" } = facts;
  switch (code) {
    case "usage":
      return isMisuse(facts) ? `Incorrect Usage: ${detail}` : detail;
    case "invalid":
      return invalid(file, facts.faults ?? []);
    case "bad-id":
      return `invalid container id ${quote(id)}: ${detail || 'expected letters, digits and any of "_+-.", not a "." first'}`;
    case "exists":
      return file === ""
        ? `container ${quote(id)} already exists`
        : `${file} already exists: remove it first`;
    case "not-found":
      return `container ${quote(id)} does not exist`;
    case "status":
      return statusWording(facts);
    case "step":
    case "system":
      return stepWording(facts, cause);
    case "executable":
      return executable(facts);
    case "state":
      return `the record of container${id && ` ${quote(id)}`} is damaged: ${detail || file}`;
  }
}

/** Whether the command line itself is wrong, so that help is of use; not what it says about a config or a host. */
export function isMisuse({ step, pointer }: ErrorFacts): boolean {
  return step === undefined && pointer === undefined;
}

/** `step` is the operation, `detail` the status that does not go with it. */
function statusWording({ id = "", step, detail = "" }: ErrorFacts): string {
  switch (step) {
    case "kill": // containerd and CRI-O look for these three words
    case "update":
      return `container not running: ${quote(id)} is ${detail}`;
    case "exec":
      return `cannot exec in a ${detail} container${detail === "paused" ? " (use --ignore-paused to override)" : ""}`;
    case "start":
      return `cannot start container ${quote(id)}: it is ${detail}, not created`;
    case "delete":
      return `cannot delete container ${quote(id)}: it is ${detail}, not stopped`;
    default:
      return `cannot ${step ?? "do that to"} container ${quote(id)}: it is ${detail}`;
  }
}

function stepWording(
  { syscall = "", errno = 0, step, pointer = "", file, detail = "", document = "config.json" }: ErrorFacts,
  cause: unknown,
): string {
  const path = file ?? (isSystemFailure(cause) ? cause.path : "");
  const where = [step ?? "", pointer === "" ? "" : `${document} ${printable(pointer)}`].filter(
    (part) => part !== "",
  );
  const happened = path === "" ? call(syscall, detail, errno) : join(call(syscall, path, errno), detail);
  // a hook may have said more than one line
  const said = happened.split("\n").map(printable).join("\n");
  return `${hookWording(step, pointer)}${said}${where.length === 0 ? "" : ` (${where.join(", ")})`}`;
}

/** As runc has it, and whoever searches for what it says. */
function hookWording(step: string | undefined, pointer: string): string {
  const [, kind, index] = /^\/hooks\/(\w+)\/(\d+)$/.exec(pointer) ?? [];
  return kind !== undefined && step?.endsWith("runHook") ? `error running ${kind} hook #${index}: ` : "";
}

/** As strace shows a failed call; what is no list of arguments comes after it. */
function call(syscall: string, about: string, errno: number): string {
  if (errno === 0) return join(syscall, about);
  const text = `${errnoName(errno)}: ${errnoText(errno)}`;
  if (syscall === "") return join(about, text);
  if (about.startsWith("/") && !/[\n: ]/.test(about)) return `${syscall}(${quote(about)}): ${text}`;
  if (/^"[^\n]*"$/.test(about)) return `${syscall}(${about}): ${text}`;
  return join(`${syscall}: ${text}`, about);
}

function join(...parts: readonly string[]): string {
  return parts.filter((part) => part !== "").join(": ");
}

const [noEntry, noAccess, noDirectory, isDirectory] = [2, 13, 20, 21]; // ENOENT, EACCES, ENOTDIR, EISDIR

/** The texts by which Docker and Podman tell exit status 126 and 127. */
function executable({ detail: name = "", errno = 0 }: ErrorFacts): string {
  const exec = `exec: ${quote(name)}`;
  if (!name.includes("/") && errno === noEntry) return `${exec}: executable file not found in $PATH`;
  if (errno === noEntry || errno === noDirectory) return `${exec}: stat ${name}: ${errnoText(errno)}`;
  if (errno === isDirectory) return `${exec}: is a directory: ${errnoText(noAccess)}`;
  return `${exec}: ${errnoText(errno)}`;
}

function invalid(file: string, faults: readonly Fault[]): string {
  const name = file.slice(file.lastIndexOf("/") + 1) || "config.json";
  const count = `${faults.length} ${faults.length === 1 ? "fault" : "faults"}`;
  const lines = [`invalid ${name}: ${count}${file === "" || file === name ? "" : ` in ${file}`}`];
  let length = 0;
  for (const [index, fault] of faults.entries()) {
    const line = faultLine(fault, name);
    length += line.length;
    if (length > limit) return [...lines, `and ${faults.length - index} more`].join("\n");
    lines.push(line);
  }
  return lines.join("\n");
}

/** `config.json:12:7: /process/cwd: found "x", expected an absolute path (config.md#process)` */
export function faultLine(fault: Fault, file = "config.json"): string {
  const place = fault.line === undefined ? file : `${file}:${fault.line}:${fault.column ?? 1}`;
  const pointer = fault.pointer === "" ? "" : `: ${fault.pointer}`;
  const spec = fault.spec === undefined ? "" : ` (${fault.spec})`;
  return printable(`${place}${pointer}: ${faultText(fault)}${spec}`);
}

function faultText({ code, found, expected }: Fault): string {
  if (code === "required") return `missing ${expected}`;
  return found === undefined ? `expected ${expected}` : `found ${found}, expected ${expected}`;
}

function quote(text: string): string {
  return JSON.stringify(text);
}

export function isSystemFailure(error: unknown): error is SystemFailure {
  return (
    typeof error === "object" &&
    error !== null &&
    "syscall" in error &&
    typeof error.syscall === "string" &&
    "errno" in error &&
    typeof error.errno === "number" &&
    "path" in error &&
    typeof error.path === "string"
  );
}
