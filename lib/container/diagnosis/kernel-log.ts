// SPDX-License-Identifier: Apache-2.0

/** What the kernel has said while something failed; of nothing where the user may not read its log. */

import type { Host } from "../../host.ts";

const limit = 16 << 20;

/** Lines of the last seconds, without their times, oldest first. */
export function recentLines(host: Host, seconds: number): readonly string[] {
  let text: string;
  try {
    const { status, output } = host.output(["dmesg"], limit);
    if (status !== 0) return [];
    text = host.decode(output);
  } catch {
    return []; // no dmesg(1), or a message that is not UTF-8
  }
  const since = host.now() / 1e9 - seconds;
  return text
    .split("\n")
    .slice(-200)
    .flatMap((line) => {
      const [, time = "", said = ""] = /^\[\s*(\d+\.\d+)\] (.*)$/.exec(line) ?? [];
      return time !== "" && Number(time) >= since ? [said] : [];
    });
}

/** The number of the call for which the kernel's audit has just said that a filter ended a process; like "pid=7 ". */
export function auditedCall(host: Host, who: string): number | undefined {
  const audited = new RegExp(`type=1326 .*\\b${who}.*sig=31 .*syscall=(\\d+)`);
  // a thread of the kernel's writes it, soon
  for (let i = 0; i < 10; i++) {
    const found = recentLines(host, 10)
      .map((line) => audited.exec(line)?.[1])
      .findLast((number) => number !== undefined);
    if (found !== undefined) return Number(found);
    host.wait([], 20);
  }
  return undefined;
}

/** File systems that the kernel calls otherwise there. */
const names: Readonly<Record<string, string>> = { vfat: "fat-fs", msdos: "fat-fs", iso9660: "isofs" };

/** What a file system has just said about a mount that it refuses; " (the kernel: …)", or nothing. */
export function saidBy(host: Host, type: string): string {
  const name = names[type] ?? type.toLowerCase();
  const line = recentLines(host, 2).findLast((said) => said.toLowerCase().startsWith(name));
  return line === undefined ? "" : ` (the kernel: ${line})`;
}
