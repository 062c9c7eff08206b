// SPDX-License-Identifier: Apache-2.0

/** A trace as one page that needs nothing else: a timeline to zoom and to search, made by the script in lib/trace/page. */

import type { Config } from "../config/types.ts";
import { writeJson } from "../json.ts";
import { pageEnd, pageStart } from "./generated/page.ts";
import { maskedConfig } from "./mask.ts";
import { eventLines, type Recording } from "./recording.ts";

/** All of it but the system calls of the filter, which are most of an engine's configuration. */
function shownConfig(config: Config): object {
  const masked = maskedConfig(config);
  const { linux } = masked;
  if (!linux?.seccomp?.syscalls) return masked;
  const { syscalls, ...seccomp } = linux.seccomp;
  return { ...masked, linux: { ...linux, seccomp: { ...seccomp, syscalls: `${syscalls.length} rules` } } };
}

/** JSON.stringify is many times faster, and only does not know the integers that need a bigint. */
function configText(config: Config | undefined): string {
  if (config === undefined) return "null";
  const shown = shownConfig(config);
  try {
    return JSON.stringify(shown);
  } catch {
    return writeJson(shown);
  }
}

export function tracePage(recording: Recording): string {
  const { head, end, config } = recording;
  const about = `"head":${JSON.stringify(head)},"end":${JSON.stringify(end)},"config":${configText(config)}`;
  const events = eventLines(recording).trimEnd().replaceAll("\n", ",\n");
  // so that no string in it ends the element that it lies in, or begins a comment
  const data = `{${about},"events":[\n${events}\n]}`.replaceAll("<", "\\u003c");
  return `${pageStart}${data}${pageEnd}`;
}
