// SPDX-License-Identifier: Apache-2.0

/** A trace as Perfetto and Chrome's about:tracing read it: a JSON object of the "Trace Event Format". */

import { conversation, type Said, type TraceEvent } from "./conversation.ts";
import { eventLines, type Recording } from "./recording.ts";

/** Names of the rows, and their order; rows without an event are not shown. */
const rowNames = ["command", "runtime", "stage", "init", "hooks"].flatMap((name, i) => {
  const row = `"ph":"M","pid":1,"tid":${i + 1}`;
  return [
    `{"name":"thread_name",${row},"args":{"name":"${name}"}}`,
    `{"name":"thread_sort_index",${row},"args":{"sort_index":${i + 1}}}`,
  ];
});

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
const talk = new Set(["signal", "wait", "openConsole", "cloneInit", "loadSeccomp", "execve"]);
const first = '{"name":"'.length;

/** Compared as a word: an expression takes as long for a line as reading it does. */
const talks = (line: string): boolean => talk.has(line.slice(first, line.indexOf('"', first)));

export function perfettoTrace(recording: Recording): string {
  // what was not reached has no place in time, and none in this format
  const lines = eventLines(recording)
    .split("\n")
    .filter((line) => line.includes('"ph":'));
  const said = lines.filter(talks).map((line): TraceEvent => JSON.parse(line));
  const arrows = conversation(said).flatMap(arrow);
  const { head, end } = recording;
  const name = JSON.stringify(`runts ${head.command} ${head.id}`);
  const title = `{"name":"process_name","ph":"M","pid":1,"tid":1,"args":{"name":${name}}}`;
  const all = [title, ...rowNames, ...arrows.map((event) => JSON.stringify(event)), ...lines];
  const more = JSON.stringify({ ...head, ...end });
  return `{"displayTimeUnit":"ms","otherData":${more},"traceEvents":[\n${all.join(",\n")}\n]}\n`;
}
