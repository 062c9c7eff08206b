// SPDX-License-Identifier: Apache-2.0

/** `runts stats` at a terminal: redrawn in place, ended by a key. */

import { sample } from "../lib/container/sample.ts";
import { machineOf } from "../lib/container/stats/machine.ts";
import { usages } from "../lib/container/stats/usage.ts";
import type { Call } from "./flags.ts";
import { type Order, ordered } from "./stats-order.ts";
import { hasUnicode, statsTable, wantsColour } from "./stats-table.ts";
import { pressed, screenLines, type View } from "./stats-view.ts";

// xterm's control sequences: the other screen, without cursor; a line's rest and the rest of all erased
const enter = "\x1b[?1049h\x1b[?25l";
const leave = "\x1b[?25h\x1b[?1049l";
const home = "\x1b[H";
const eraseLine = "\x1b[K";
const eraseBelow = "\x1b[J";

/** Milliseconds in which a change of the terminal's size is seen. */
const glance = 200;

/** Rates need two looks; nobody should have to wait long for the first ones. */
const firstInterval = 300;

/** Until a key ends it, or all of the containers asked for have ended. */
export function showStats({ host, runtime, words }: Call, interval: number, order: Order): void {
  const look = { colour: wantsColour(host), unicode: hasUnicode(host) };
  const hasKeys = host.isTerminal(0);
  const machine = machineOf(host);
  let view: View = { order, reversed: false, first: 0 };
  let samples = sample(runtime, words);
  let rows = usages([], samples);
  host.holdTerminal(leave);
  try {
    host.write(1, enter);
    let next = host.now() + Math.min(interval, firstInterval) * 1e6;
    for (;;) {
      const screen = host.screenSize(1);
      const lines = screenLines(rows, view, machine, screen, look);
      host.write(1, `${home}${lines.join(`${eraseLine}\n`)}${eraseLine}${eraseBelow}`);
      let drawn = true;
      for (let left = next - host.now(); drawn && left > 0; left = next - host.now()) {
        const milliseconds = Math.min(glance, Math.ceil(left / 1e6));
        const keys = hasKeys ? host.readKeys(milliseconds) : "";
        if (!hasKeys) host.wait([], milliseconds);
        const seen = pressed(view, keys, screen, rows.length);
        if (seen === undefined) return;
        const now = host.screenSize(1);
        drawn = keys === "" && now.columns === screen.columns && now.rows === screen.rows;
        view = seen;
      }
      if (next > host.now()) continue;
      next = Math.max(next + interval * 1e6, host.now());
      const before = samples;
      samples = sample(runtime, words);
      if (words.length > 0 && samples.length === 0) return;
      rows = usages(before, samples);
    }
  } finally {
    host.releaseTerminal();
    // what was last to be seen stays
    const { columns: width } = host.screenSize(1);
    const last = ordered(rows, view.order, view.reversed);
    const table = statsTable(last, { ...look, width, bars: true, processors: machine.processors });
    host.write(1, table.map((line) => `${line}\n`).join(""));
  }
}
