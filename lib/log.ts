// SPDX-License-Identifier: Apache-2.0

import type { Host } from "./host.ts";

export interface Log {
  warn(message: string): void;
  /** The error that ends the command: said once. */
  error(message: string): void;
  /** Writes what was held back. */
  close(): void;
}

/** conmon reads once, this many bytes at most, from the standard error of a runtime that failed. */
const room = 8191;

/**
 * Podman reads the whole of a JSON log as one object, so a failure must be one line: warnings are held
 * back until it is known whether the command fails, and then go with the error.
 */
export function openLog(host: Host, file: string | undefined, format: string): Log {
  if (file === undefined) return standardError(host);
  host.append(file, ""); // containerd wants the file even when nothing is logged
  const held: string[] = [];
  const json = format === "json";
  const write = (level: string, msg: string, more: object) => {
    const time = new Date().toISOString();
    host.append(
      file,
      json
        ? `${JSON.stringify({ level, msg, time, ...more })}\n`
        : `time=${JSON.stringify(time)} level=${level} msg=${JSON.stringify(msg)}\n`,
    );
  };
  return {
    warn(message) {
      if (json) held.push(message);
      else write("warning", message, {});
    },
    error(message) {
      const warnings = held.splice(0);
      try {
        write("error", message, warnings.length === 0 ? {} : { warnings });
      } finally {
        say(host, message); // without a name before it: engines put one there themselves
      }
    },
    close() {
      for (const message of held.splice(0)) write("warning", message, {});
    },
  };
}

/** The log of a person at a terminal. */
export function standardError(host: Host): Log {
  return {
    warn: (message) => say(host, `runts: warning: ${message}`),
    error: (message) => say(host, `runts: ${message}`),
    close() {},
  };
}

function say(host: Host, message: string): void {
  try {
    host.write(2, `${shorten(message, room - 1)}\n`);
  } catch {
    // Podman closes its end before it has read everything; there is nobody left to tell.
  }
}

/** At most `limit` bytes of UTF-8, with a mark where something is missing. */
export function shorten(text: string, limit: number): string {
  // Three bytes for each UTF-16 unit are the most there can be.
  if (text.length * 3 <= limit) return text;
  let bytes = 0;
  let end = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    if (bytes <= limit - 3) end += character.length;
    if (bytes > limit) return `${text.slice(0, end)}…`;
  }
  return text;
}
