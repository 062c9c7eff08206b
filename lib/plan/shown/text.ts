// SPDX-License-Identifier: Apache-2.0

/** A plan to be read: each process with its steps, where each comes from, and what they say to each other. */

import { printable } from "../../printable.ts";
import { processNames } from "../generated/steps.ts";
import type { ProcessName } from "../step.ts";
import { argumentsText } from "./arguments.ts";
import type { ShownPlan, ShownStep } from "./shown.ts";

type Processes = ShownPlan["processes"];

const about: Readonly<Record<ProcessName, string>> = {
  runtime: "the process that is called",
  stage: "does what must be done before init is cloned, and ends",
  init: "becomes the container's program",
};

/** What a step says without being a signal. */
export function impliedEvent({ op, listener }: ShownStep): string | undefined {
  if (op === "openConsole") return "console";
  if (op === "cloneInit") return "cloned";
  if (op === "execve") return "executed";
  return op === "loadSeccomp" && listener === 1 ? "listening" : undefined;
}

/** The number of the step, from 1, that says an event to a process; undefined where none does. */
function saidAt(steps: readonly ShownStep[], to: ProcessName, event: string): number | undefined {
  const at = steps.findIndex((step) =>
    step.op === "signal"
      ? step.to === to && step.event === event
      : to === "runtime" && impliedEvent(step) === event,
  );
  return at < 0 ? undefined : at + 1;
}

function heardAt(steps: readonly ShownStep[], of: ProcessName, event: string): number | undefined {
  const at = steps.findIndex((step) => step.op === "wait" && step.of === of && step.event === event);
  return at < 0 ? undefined : at + 1;
}

const isProcess = (name: unknown): name is ProcessName => processNames.some((one) => one === name);
const numbered = (name: ProcessName, at: number | undefined): string =>
  at === undefined ? name : `${name} ${at}`;

/** "<- prepared (init 40)" of a wait, "-> recorded (init 41)" of what is heard elsewhere. */
function conversation(step: ShownStep, by: ProcessName, processes: Processes): string | undefined {
  const { op, of, to, event } = step;
  if (op === "wait" && isProcess(of))
    return `<- ${event} (${numbered(of, saidAt(processes[of], by, String(event)))})`;
  if (op === "signal" && isProcess(to))
    return `-> ${event} (${numbered(to, heardAt(processes[to], by, String(event)))})`;
  const implied = by === "runtime" ? undefined : impliedEvent(step);
  const heard = implied && heardAt(processes.runtime, by, implied);
  return heard ? `-> ${implied} (${numbered("runtime", heard)})` : undefined;
}

const isTalk = ({ op }: ShownStep): boolean => op === "wait" || op === "signal";

/** What of a step stands behind its name and its origin. */
export function detail(step: ShownStep, by: ProcessName, processes: Processes): string {
  const talk = conversation(step, by, processes);
  if (isTalk(step)) return talk ?? argumentsText(step);
  return [argumentsText(step), talk ?? ""].filter((part) => part !== "").join("  ");
}

function processText(name: ProcessName, processes: Processes): string {
  const steps = processes[name];
  const widest = (values: readonly string[]) => Math.max(0, ...values.map((value) => value.length));
  const [ops, origins] = [widest(steps.map(({ op }) => op)), widest(steps.map(({ from }) => from))];
  const rows = steps.map((step, i) => {
    const row = `${String(i + 1).padStart(4)}  ${step.op.padEnd(ops)}  ${step.from.padEnd(origins)}`;
    return `${row}  ${detail(step, name, processes)}`.trimEnd();
  });
  return [`${name}: ${about[name]}`, ...rows].map((row) => `${printable(row)}\n`).join("");
}

function missingText({ missing }: ShownPlan): readonly string[] {
  if (missing.length === 0) return [];
  const rows = missing.map(({ pointer, detail: why }) => `  ${pointer === "" ? "" : `${pointer}: `}${why}`);
  return [`not possible here:\n${rows.map((row) => `${printable(row)}\n`).join("")}`];
}

export function planText(plan: ShownPlan): string {
  const { id, bundle, processes } = plan;
  const parts = processNames
    .filter((name) => processes[name].length > 0)
    .map((name) => processText(name, processes));
  return [
    `plan of ${JSON.stringify(id)}, bundle ${printable(bundle)}\n`,
    ...missingText(plan),
    ...parts,
  ].join("\n");
}
