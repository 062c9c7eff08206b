// SPDX-License-Identifier: Apache-2.0

/** `runts stats` at a terminal: redrawn in place, ended by a key. */

import { sample } from "../lib/container/sample.ts";
import { type Usage, usages } from "../lib/container/stats/usage.ts";
import type { Call } from "./flags.ts";
import { statsTable, wantsColour } from "./stats-table.ts";

// xterm's control sequences: the other screen, without cursor; a line's rest and the rest of all erased
const enter = "\x1b[?1049h\x1b[?25l";
const leave = "\x1b[?25h\x1b[?1049l";
const home = "\x1b[H";
const eraseLine = "\x1b[K\n";
const eraseBelow = "\x1b[J";

/** q, Ctrl-C, and the end of the input */
const quit = /[qQ\x03\x04]/;

/** Milliseconds in which a change of the terminal's size is seen. */
const glance = 200;

/** What fits on the screen, the last line left free. */
function frame(rows: readonly Usage[], columns: number, height: number, colour: boolean): string {
  const lines = [...statsTable(rows, { width: columns, colour })];
  if (rows.length === 0) lines.push("no container is running");
  const room = Math.max(2, height - 2);
  if (lines.length > room) lines.splice(room - 1, lines.length, `… and ${lines.length - room + 1} more`);
  const title = `${rows.length} ${rows.length === 1 ? "container" : "containers"}, q quits`.slice(0, columns);
  const shown = [colour ? `\x1b[2m${title}\x1b[0m` : title, ...lines];
  return `${home}${shown.map((line) => `${line}${eraseLine}`).join("")}${eraseBelow}`;
}

/** Until a key ends it, or all of the containers asked for have ended. */
export function showStats({ host, runtime, words }: Call, interval: number): void {
  const colour = wantsColour(host);
  const hasKeys = host.isTerminal(0);
  let samples = sample(runtime, words);
  let rows = usages([], samples);
  host.holdTerminal(leave);
  try {
    host.write(1, enter);
    for (let next = host.now() + interval * 1e6; ; ) {
      const { columns, rows: height } = host.screenSize(1);
      host.write(1, frame(rows, columns, height, colour));
      let left = next - host.now();
      for (; left > 0; left = next - host.now()) {
        const milliseconds = Math.min(glance, Math.ceil(left / 1e6));
        if (!hasKeys) host.wait([], milliseconds);
        else if (quit.test(host.readKeys(milliseconds))) return;
        const now = host.screenSize(1);
        if (now.columns !== columns || now.rows !== height) break;
      }
      if (left > 0) continue;
      next = Math.max(next + interval * 1e6, host.now());
      const before = samples;
      samples = sample(runtime, words);
      if (words.length > 0 && samples.length === 0) return;
      rows = usages(before, samples);
    }
  } finally {
    host.releaseTerminal();
    // what was last to be seen stays
    const { columns } = host.screenSize(1);
    host.write(
      1,
      statsTable(rows, { width: columns, colour })
        .map((line) => `${line}\n`)
        .join(""),
    );
  }
}
