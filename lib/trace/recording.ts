// SPDX-License-Identifier: Apache-2.0

/** What a traced command has done, and two of the forms in which that is told: those that cost least. */

import { version } from "../../package.json";
import type { Config } from "../config/types.ts";
import type { Host } from "../host.ts";
import type { Tracing } from "./tracing.ts";

/** What a trace is of; the first line of its lines. */
export interface Head {
  readonly runts: "trace";
  readonly version: 1;
  /** the runts that has made it */
  readonly by: string;
  readonly command: string;
  readonly id: string;
  readonly bundle: string;
  /** when the program began, as the calendar has it */
  readonly time: string;
}

/** How the command ended; the last line. */
export interface End {
  /** microseconds */
  readonly took: number;
  /** the sentence that tells why it failed; "" when it did not */
  readonly error: string;
}

/** All that became known of one command, in forms that only need to be put together. */
export interface Recording {
  readonly head: Head;
  readonly end: End;
  readonly config: Config | undefined;
  /** what the runtime was busy with, in nanoseconds from the beginning */
  readonly phases: readonly { readonly name: string; readonly at: number; readonly took: number }[];
  /** of the plans that were executed: events or lines, as Outcome has them */
  readonly told: string;
}

export interface Recorder extends Tracing {
  /** `error` is the sentence that tells why the command failed. */
  finish(error: string): Recording;
}

/**
 * Listens to one command from here on, and tells of it from the program's beginning.
 * @param lines for traceText; all other forms need the events
 */
export function record(
  host: Pick<Host, "now" | "began">,
  command: string,
  id: string,
  lines = false,
): Recorder {
  const since = host.began();
  const at = () => host.now() - since;
  const phases = [{ name: "begin", at: 0 }];
  let [bundle, told] = ["", ""];
  let config: Config | undefined;
  return {
    since,
    lines,
    phase: (name) => void phases.push({ name, at: at() }),
    about(itsBundle, itsConfig) {
      bundle = itsBundle;
      config = itsConfig;
    },
    executed(outcome) {
      told += (lines ? outcome.lines : outcome.events) ?? "";
    },
    finish(error) {
      const took = at();
      const time = new Date(Date.now() - took / 1e6).toISOString();
      const head: Head = { runts: "trace", version: 1, by: version, command, id, bundle, time };
      const ended = phases.map(({ name, at }, i) => ({ name, at, took: (phases[i + 1]?.at ?? took) - at }));
      return { head, end: { took: took / 1000, error }, config, phases: ended, told };
    },
  };
}

/** The runtime's own phases as events, in the form of the others. */
function phaseEvents({ phases }: Recording): string {
  const head = ',"cat":"command","pid":1,"tid":1,"ph":"X"';
  return phases
    .map(
      ({ name, at, took }) =>
        `{"name":"${name}"${head},"ts":${at / 1000},"dur":${took / 1000},"args":{"result":"ok"}}\n`,
    )
    .join("");
}

/** Each a line: what the command did, and what each process did. */
export function eventLines(recording: Recording): string {
  return phaseEvents(recording) + recording.told;
}

/** A trace for programs, in lines of JSON: what it is of, the events, how it ended. */
export function traceLines(recording: Recording): string {
  const { head, end } = recording;
  return `${JSON.stringify(head)}\n${eventLines(recording)}${JSON.stringify(end)}\n`;
}

/** A trace to be read: what the command did, then what the processes did in it. */
export function traceText({ head, end, phases, told }: Recording): string {
  const micro = (nanoseconds: number) => `${Math.round(nanoseconds / 1000)} µs`.padStart(10);
  const own = phases.map(({ name, at, took }) => `${micro(at)} ${micro(took)}  command ${name}\n`);
  const title = `${"at".padStart(10)} ${"took".padStart(10)}  process step\n`;
  return `${title}${own.join("")}${told}${micro(end.took * 1000)}  ${head.command} ${head.id}: ${end.error === "" ? "done" : end.error}\n`;
}
