// SPDX-License-Identifier: Apache-2.0

import type { CgroupManager, Reporting } from "../lib/container/runtime.ts";
import { leavesOpen, RuntsError } from "../lib/errors.ts";
import type { Host } from "../lib/host.ts";
import { type Log, openLog, standardError } from "../lib/log.ts";
import { findCommand } from "./commands.ts";
import { type Command, checkWords, flagsOf, parse, usageError } from "./flags.ts";
import { globalFlags, makeRuntime, managerOf, reportingOf } from "./globals.ts";

/** What a failure needs to know about how far the command line was understood. */
interface Progress {
  log: Log;
  debug: boolean;
  command?: Command;
  /** where a report is wanted */
  reporting?: Reporting | undefined;
  cgroupManager: CgroupManager;
  id: string;
}

/** Runs the command line that the host was called with; the exit status. */
export async function main(host: Host): Promise<number> {
  const progress: Progress = { log: standardError(host), debug: false, cgroupManager: "cgroupfs", id: "" };
  try {
    const status = await dispatch(host, progress);
    progress.log.close();
    return status;
  } catch (error) {
    return report(host, progress, error);
  }
}

async function dispatch(host: Host, progress: Progress): Promise<number> {
  const globals = parse(globalFlags, host.args, true);
  progress.debug = globals.has("debug");
  progress.log = openLog(host, globals.text("log"), globals.text("log-format") ?? "text");
  if (globals.has("version")) return (await import("./version.ts")).showVersion(host);
  const [name, ...rest] = globals.words;
  if (name === undefined || globals.has("help")) return (await import("./help.ts")).showHelp(host, name);
  const command = await findCommand(name);
  if (command === undefined) throw usageError(`no such command: ${name}`);
  progress.command = command;
  const call = parse(flagsOf(command), rest, command.wordsLast === true);
  if (call.has("help")) return (await import("./help.ts")).showHelp(host, name);
  if (command.reports) {
    progress.reporting = reportingOf(host, globals, call);
    progress.cgroupManager = managerOf(globals);
    progress.id = call.words[0] ?? "";
  }
  checkWords(command, call.words);
  const runtime = makeRuntime(host, globals, progress.log, progress.reporting);
  return command.run({ ...call, host, runtime });
}

/**
 * What is to be said: a line for engines, and for a person (at a terminal, or with --debug) the story below it. Looking
 * around must not hide what has failed.
 */
async function look(
  host: Host,
  progress: Progress,
  error: unknown,
): Promise<{ message: string; story: string }> {
  const { wording } = await import("../lib/wording.ts");
  try {
    const inFull = progress.debug || host.isTerminal(2);
    if (!inFull && !leavesOpen(error)) return { message: wording(error), story: "" };
    const { diagnose, explained } = await import("../lib/container/diagnosis/diagnose.ts");
    const diagnosis = await diagnose(host, error);
    const message = wording(explained(error, diagnosis));
    const { story } = await import("../lib/story.ts");
    const { why = "", ...others } = diagnosis;
    // an error that is its own cause is not told twice
    const told = !leavesOpen(error) && message.endsWith(why) ? others : diagnosis;
    return { message, story: inFull ? story(told) : "" };
  } catch {
    return { message: wording(error), story: "" };
  }
}

/** After the error is told: whatever becomes of the report, it is there to be read. */
async function leaveReport(host: Host, progress: Progress, error: unknown): Promise<void> {
  const { reporting, cgroupManager, id, command } = progress;
  if (reporting === undefined) return;
  try {
    const { leaveReport: leave } = await import("../lib/container/report/report.ts");
    const { build: version } = await import("./version.ts");
    const file = await leave(host, {
      ...reporting,
      ...{ error, id, version, cgroupManager },
      command: command?.name ?? "",
    });
    host.write(2, `runts: report: ${file}\n`);
  } catch (failure) {
    const { wording } = await import("../lib/wording.ts");
    standardError(host).warn(`no report in ${reporting.folder}: ${wording(failure)}`);
  }
}

/** The one place that tells of an error, once; the exit status. */
async function report(host: Host, progress: Progress, error: unknown): Promise<number> {
  const { isMisuse, wording } = await import("../lib/wording.ts");
  const { message, story } = await look(host, progress, error);
  try {
    progress.log.error(message);
  } catch (failure) {
    standardError(host).error(`${message} (and the log cannot be written: ${wording(failure)})`);
  }
  const misused = error instanceof RuntsError && error.code === "usage" && isMisuse(error.facts);
  try {
    if (misused) host.write(2, `\n${await (await import("./usage.ts")).usage(progress.command)}`);
    else {
      host.write(2, story);
      if (progress.debug && error instanceof Error) host.write(2, `${error.stack ?? ""}\n`);
    }
  } catch {
    // Nobody reads standard error any more.
  }
  await leaveReport(host, progress, error);
  return (misused ? progress.command?.misuse : progress.command?.failure) ?? 1;
}
