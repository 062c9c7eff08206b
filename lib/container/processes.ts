// SPDX-License-Identifier: Apache-2.0

import { RuntsError } from "../errors.ts";
import { cgroupFolder, cgroupProcesses } from "./cgroup-folder.ts";
import { readRecord } from "./record.ts";
import type { Runtime } from "./runtime.ts";

/** The host's pids of all processes of a container, smallest first; none when it has ended. */
export function processes(runtime: Runtime, id: string): readonly number[] {
  return cgroupProcesses(runtime.host, cgroupFolder(readRecord(runtime, id), "to find its processes by"));
}

const outputLimit = 64 << 20;

/** What ps(1) prints with these arguments ("-ef" when there are none): the heading, and the container's lines. */
export function processTable(runtime: Runtime, id: string, args: readonly string[]): string {
  const pids = new Set(processes(runtime, id));
  const { host } = runtime;
  const { status, output } = host.output(["ps", ...(args.length === 0 ? ["-ef"] : args)], outputLimit);
  const text = readable(host.decode, output);
  if (status !== 0) throw psError(`exit status ${status}: ${text.trimEnd()}`);
  return `${rowsOf(text, pids).join("\n")}\n`;
}

const psError = (detail: string): RuntsError => new RuntsError("system", { syscall: "ps", errno: 0, detail });

/** A program's name may be any bytes. */
function readable(decode: (bytes: Uint8Array) => string, bytes: Uint8Array): string {
  try {
    return decode(bytes);
  } catch {
    return decode(bytes.map((byte) => (byte > 0 && byte < 0x80 ? byte : 0x3f)));
  }
}

/** The heading and the lines of these pids. What comes before the heading are warnings of ps. */
export function rowsOf(text: string, pids: ReadonlySet<number>): readonly string[] {
  const lines = text.split("\n");
  const at = lines.findIndex((line) => /(^|\s)PID(\s|$)/.test(line));
  const heading = lines[at];
  if (heading === undefined) throw psError("its output has no column PID");
  const column = heading.trim().split(/\s+/).indexOf("PID");
  const end = heading.search(/(^|\s)PID(\s|$)/) + (heading.startsWith("PID") ? 3 : 4);
  const pidOf = (line: string): string | undefined => {
    // ps puts numbers to the right of their column, unless a longer one before it has moved the line; and what
    // stands before it may have blanks in it
    const aligned = /^(\s|$)/.test(line.slice(end)) ? /(?:^|\s)(\d+)$/.exec(line.slice(0, end)) : null;
    return aligned?.[1] ?? line.trim().split(/\s+/)[column];
  };
  const rows = lines.slice(at + 1).filter((line) => pids.has(Number(pidOf(line) ?? Number.NaN)));
  return [heading, ...rows];
}
