// SPDX-License-Identifier: Apache-2.0

import { writeJson } from "../lib/json.ts";
import { duration } from "./duration.ts";
import { command, usageError } from "./flags.ts";

export default command({
  name: "events",
  about: "tell what a container uses, and when it runs out of memory, until it ends",
  description: [
    "Each line is a JSON object in the form of runc's events: stats with the figures of its cgroup, oom when a process was killed because its memory had come to its limit.",
  ],
  arguments: [{ name: "id", about: "the container's name" }],
  flags: {
    interval: {
      kind: "string",
      value: "TIME",
      about: "time between two stats, such as 500ms or 1m",
      otherwise: "5s",
    },
    stats: { kind: "boolean", about: "show the stats once, and end" },
    "memory-pressure": {
      kind: "string",
      value: "TIME",
      about:
        "also tell, as memory-pressure, when processes waited for memory so long within two seconds, such as 100ms",
    },
  },
  async run(call) {
    const { host, runtime, words } = call;
    const [id = ""] = words;
    const interval = duration("interval", call.text("interval") ?? "5s");
    const pressure = call.text("memory-pressure");
    const stall = pressure === undefined ? undefined : duration("memory-pressure", pressure) * 1000;
    const { hasHungUp } = await import("./hung-up.ts");
    const { pressureWindow, watchEvents } = await import("../lib/container/events.ts");
    const { stats } = await import("../lib/container/stats/of-container.ts");
    if (stall !== undefined && (stall > pressureWindow || stall < 1))
      throw usageError("--memory-pressure: expected from 1us to 2s, the time in which it is looked for");
    const tell = (event: unknown) => host.write(1, `${writeJson(event)}\n`);
    try {
      if (call.has("stats")) tell({ type: "stats", id, data: stats(runtime, id) });
      else watchEvents(runtime, id, { interval, stall: stall && Math.floor(stall) }, tell);
    } catch (error) {
      if (!hasHungUp(error)) throw error;
    }
    return 0;
  },
});
