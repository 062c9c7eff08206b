// SPDX-License-Identifier: Apache-2.0

/** A trace as Perfetto and Chrome's about:tracing read it: a JSON object of the "Trace Event Format". */

import { conversation, type Said, type TraceEvent } from "./conversation.ts";
import { eventLines, type Recording } from "./recording.ts";

const rows = ["command", "runtime", "stage", "init", "hooks"];

/** Names of the rows, and their order; rows without an event are not shown. */
function metadata({ head }: Recording): readonly object[] {
  const of = (tid: number, name: string, args: object) => ({ name, ph: "M", pid: 1, tid, args });
  const names = rows.flatMap((name, i) => [
    of(i + 1, "thread_name", { name }),
    of(i + 1, "thread_sort_index", { sort_index: i + 1 }),
  ]);
  return [of(1, "process_name", { name: `runts ${head.command} ${head.id}` }), ...names];
}

/** An arrow from what was said to the wait that it ended: each end lies within its event, which is how it is found. */
function arrow({ event, by, to }: Said, id: number): readonly object[] {
  const heard = (to.ts ?? 0) + (to.dur ?? 0) * 0.999;
  const said = Math.min((by.ts ?? 0) + (by.dur ?? 0) / 2, heard);
  const head = { name: event, cat: "conversation", id, pid: 1 };
  return [
    { ...head, ph: "s", tid: by.tid, ts: said },
    { ...head, ph: "f", bp: "e", tid: to.tid, ts: heard },
  ];
}

/** Events that may be either end of an arrow; the others need not be read. */
const talk = /^\{"name":"(signal|wait|openConsole|cloneInit|loadSeccomp|execve)"/;

export function perfettoTrace(recording: Recording): string {
  // what was not reached has no place in time, and none in this format
  const lines = eventLines(recording)
    .split("\n")
    .filter((line) => line.includes('"ph":'));
  const said = lines.filter((line) => talk.test(line)).map((line): TraceEvent => JSON.parse(line));
  const arrows = conversation(said).flatMap(arrow);
  const all = [...[...metadata(recording), ...arrows].map((event) => JSON.stringify(event)), ...lines];
  const more = JSON.stringify({ ...recording.head, ...recording.end });
  return `{"displayTimeUnit":"ms","otherData":${more},"traceEvents":[\n${all.join(",\n")}\n]}\n`;
}
