// SPDX-License-Identifier: Apache-2.0

/** What the processes of a trace said to each other, as pairs of events. */

/** An event of `eventLines`, as JSON has it; steps that were not taken have no time. */
export interface TraceEvent {
  readonly name: string;
  readonly cat: string;
  readonly pid: number;
  readonly tid: number;
  readonly ph?: string;
  /** microseconds since the program began */
  readonly ts?: number;
  readonly dur?: number;
  readonly args: { readonly result: string; readonly [name: string]: unknown };
}

export interface Said {
  readonly event: string;
  readonly by: TraceEvent;
  readonly to: TraceEvent;
}

/** What stage and init say to the runtime without a signal. */
const implied: Readonly<Record<string, string>> = {
  console: "openConsole",
  cloned: "cloneInit",
  listening: "loadSeccomp",
  executed: "execve",
};

function says(said: TraceEvent, { cat, args }: TraceEvent): boolean {
  if (said.cat !== args.of || said.ts === undefined) return false;
  if (said.name === "signal") return said.args.to === cat && said.args.event === args.event;
  return cat === "runtime" && implied[String(args.event)] === said.name;
}

/** Each wait that came to its end, with what ended it: the last of its kind that had begun by then. */
export function conversation(events: readonly TraceEvent[]): readonly Said[] {
  return events.flatMap((to) => {
    const { name, ts, dur, args } = to;
    if (name !== "wait" || ts === undefined || dur === undefined || args.result !== "ok") return [];
    const by = events.findLast((said) => says(said, to) && (said.ts ?? 0) <= ts + dur);
    return by === undefined ? [] : [{ event: String(args.event), by, to }];
  });
}
