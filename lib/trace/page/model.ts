// SPDX-License-Identifier: Apache-2.0

/** What the page shows: the events of the trace, each with what is asked of it again and again. */

import type { Json } from "../../host.ts";
import { isObject, toJson, valueAt } from "../../json.ts";
import { argumentsText, whole } from "../../plan/shown/arguments.ts";
import type { TraceEvent } from "../conversation.ts";
import type { End, Head } from "../recording.ts";

export interface TraceData {
  readonly head: Head;
  readonly end: End;
  readonly config: Json;
  readonly events: readonly TraceEvent[];
}

/** What a step is for, by which it is coloured. */
export type Kind = "files" | "process" | "rights" | "cgroup" | "hook" | "wait" | "other";

export interface Item {
  readonly event: TraceEvent;
  readonly kind: Kind;
  /** what the step is about, in a few words */
  readonly subject: string;
  /** in lower case, to be searched */
  readonly words: string;
  readonly start: number | undefined;
  /** undefined where it has no end */
  readonly end: number | undefined;
}

export const kinds: readonly (readonly [Kind, string, RegExp])[] = [
  ["wait", "waits and signals", /^(wait|signal|await|superviseInit|reapStage|catchSignals)/],
  ["hook", "hooks", /^runHook$/],
  [
    "cgroup",
    "cgroup, resources",
    /cgroup|scope|controllers|devicefilter|resctrl|rlimit|scheduler|priority|affinity|memorypolicy/i,
  ],
  [
    "process",
    "processes, namespaces",
    /^(clone|unshare|join|setsid|writeProc|runIdMap|becomeRoot|openNamespace|openProcess|execve|program|findExec|setLoop|moveNet|sethostname|setdomain|writeSysctl|setParent|raise)/,
  ],
  [
    "rights",
    "rights",
    /^(drop|keep|set(User|Cap|Amb|No|App|Sel|Key|Dump|Person)|umask|loadSeccomp|own|close|openLabel)/,
  ],
  [
    "files",
    "files, mounts",
    /mount|bind|path|root|symlink|mknod|device|tree|propagation|directory|openProc|console|mapping/i,
  ],
];

function kindOf({ name, cat }: TraceEvent): Kind {
  if (cat === "hooks") return "hook";
  if (cat === "command") return "other";
  return kinds.find(([, , pattern]) => pattern.test(name))?.[0] ?? "other";
}

const subjects = ["destination", "file", "path", "event", "name", "id"];

function subjectOf({ args }: TraceEvent): string {
  for (const name of subjects) {
    const value = args[name];
    if (typeof value === "string" && value !== "") return value;
  }
  return "";
}

/** What is said of a step by what made it, and not by its arguments. */
const told = new Set(["result", "errno", "syscall", "detail", "status", "step", "from"]);

/** The arguments, each as `runts plan` writes it. */
export function argumentsOf({ name, args }: TraceEvent): readonly (readonly [string, string])[] {
  return Object.entries(args)
    .filter(([argument]) => !told.has(argument))
    .map(([argument, value]): [string, string] => {
      if (isObject(value)) return [argument, `${value.bytes} bytes`];
      const text = argumentsText({ op: name, from: "", [argument]: toJson(value) }, whole);
      return [argument, text === "" ? JSON.stringify(value) : text.slice(argument.length + 1)];
    });
}

export function itemOf(event: TraceEvent): Item {
  const { name, cat, ts, dur, args } = event;
  const rest = argumentsOf(event).map(([argument, value]) => `${argument}=${value}`);
  const said = [name, cat, args.from, args.result, args.detail, args.syscall, ...rest].map((word) =>
    String(word ?? ""),
  );
  return {
    event,
    kind: kindOf(event),
    subject: cat === "hooks" ? "" : subjectOf(event),
    words: said.join(" ").toLowerCase(),
    start: ts,
    end: ts === undefined || dur === undefined ? undefined : ts + dur,
  };
}

/** Whether all words that were typed are in it. */
export function matches(item: Item, typed: string): boolean {
  return typed
    .toLowerCase()
    .split(/\s+/)
    .every((word) => item.words.includes(word));
}

/** What the configuration has at the place that asked for a step. */
export function origin({ config }: TraceData, from: string): Json | undefined {
  return config === null || from === "" ? undefined : valueAt(config, from);
}

/** As long as it takes to read: µs, ms, s. */
export function timeText(microseconds: number): string {
  if (microseconds >= 1e6) return `${(microseconds / 1e6).toFixed(2)} s`;
  if (microseconds >= 1000) return `${(microseconds / 1000).toFixed(microseconds < 1e4 ? 2 : 1)} ms`;
  return `${microseconds < 10 ? microseconds.toFixed(1) : microseconds.toFixed(0)} µs`;
}
