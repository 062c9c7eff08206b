// SPDX-License-Identifier: Apache-2.0

import type { Usage } from "../lib/container/stats/usage.ts";
import { writeJson } from "../lib/json.ts";
import { duration } from "./duration.ts";
import { type Call, command } from "./flags.ts";
import { isOrder, type Order, ordered, orders } from "./stats-order.ts";

export default command({
  name: "stats",
  about: "show what containers use, again and again",
  description: [
    "At a terminal the table is redrawn in place until q or Ctrl-C; other keys, which its last line names, sort it, and arrows move it. CPU is in percent of one processor, with the quota where there is one; a bar shows the share of that, or of all processors. MEMORY is without what was read from files and not needed lately; STALL is the share of the last ten seconds in which a process had to wait for the processor, for memory, or for block devices. NO_COLOR is respected.",
  ],
  arguments: [
    {
      name: "id",
      optional: true,
      many: true,
      about: "containers to show; all that have not ended when missing",
    },
  ],
  flags: {
    "no-stream": { kind: "boolean", about: "show it once; rates are those of one interval" },
    sort: {
      kind: "string",
      value: "ORDER",
      choices: orders,
      about: "what to list first: the names, or those that use most",
      otherwise: "name",
    },
    json: { kind: "boolean", about: "a JSON object on a line for each container" },
    interval: {
      kind: "string",
      value: "TIME",
      about: "time between two looks, such as 500ms or 1m",
      otherwise: "1s",
    },
  },
  async run(call) {
    const interval = duration("interval", call.text("interval") ?? "1s");
    const sort = call.text("sort");
    const order = isOrder(sort) ? sort : "name";
    const { checkAllLive } = await import("../lib/container/sample.ts");
    checkAllLive(call.runtime, call.words);
    const { hasHungUp } = await import("./hung-up.ts");
    const redrawn = call.host.isTerminal(1) && call.host.env("TERM") !== "dumb";
    try {
      if (redrawn && !call.has("json") && !call.has("no-stream"))
        (await import("./stats-screen.ts")).showStats(call, interval, order);
      else await printStats(call, interval, order);
    } catch (error) {
      if (!hasHungUp(error)) throw error;
    }
    return 0;
  },
});

async function printStats(call: Call, interval: number, order: Order): Promise<void> {
  const { host, runtime, words } = call;
  const { sample } = await import("../lib/container/sample.ts");
  const { usages } = await import("../lib/container/stats/usage.ts");
  const { hasUnicode, statsTable, wantsColour } = await import("./stats-table.ts");
  const { machineOf } = await import("../lib/container/stats/machine.ts");
  const terminal = host.isTerminal(1);
  const width = terminal ? host.screenSize(1).columns : 0;
  const look = { width, colour: wantsColour(host), unicode: hasUnicode(host), bars: terminal };
  const { processors } = machineOf(host);
  const asTable = (rows: readonly Usage[]) => statsTable(rows, { ...look, processors });
  const asJson = (rows: readonly Usage[]) => rows.map(writeJson);
  const lines = call.has("json") ? asJson : asTable;
  let before = sample(runtime, words);
  let next = host.now() + interval * 1e6;
  do {
    for (let left = interval; left > 0; left = (next - host.now()) / 1e6) host.wait([], Math.ceil(left));
    next += interval * 1e6;
    const now = sample(runtime, words);
    host.write(
      1,
      lines(ordered(usages(before, now), order))
        .map((line) => `${line}\n`)
        .join(""),
    );
    before = now;
  } while (!call.has("no-stream") && (words.length === 0 || before.length > 0));
}
