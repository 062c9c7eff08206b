// SPDX-License-Identifier: Apache-2.0

/**
 * Where the time of one runtime goes, in three views that do not mix: user, system and waiting time, untraced;
 * the system calls, counted with strace (which distorts time, but not counts); and the hottest functions, sampled
 * by perf, or as instructions counted by callgrind where there is no perf.
 */

import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { LIFECYCLE, NO_BUNDLE } from "./contestant.js";
import { mean } from "./report.js";

const BUNDLE = "podman";
const REPEAT = 30;
const TOP = 25;
const SAMPLES_PER_SECOND = 20000;
const TRACED = ["--version", "run", ...LIFECYCLE];
const SAMPLED = ["--version", "run", "state"];
/** Runs a command the given number of times. */
const LOOP = 'n=$1; shift; while [ "$n" -gt 0 ]; do "$@" >/dev/null || exit; n=$((n - 1)); done';

function tool(name) {
  const found = spawnSync("sh", ["-c", `command -v ${name}`], { encoding: "utf8" }).stdout.trim();
  return found === "" ? undefined : found;
}

function bundleOf(command) {
  return command === "--version" ? NO_BUNDLE : BUNDLE;
}

function times(contest, label) {
  const lines = ["mean ms        wall   user  system  waiting"];
  for (const { bundle, command, label: whose, samples } of contest.results.values()) {
    if (whose !== label) continue;
    const of = (pick) => mean(samples.map(pick)).toFixed(2).padStart(7);
    const columns = [(s) => s.ms, (s) => s.userMs, (s) => s.systemMs, (s) => s.ms - s.userMs - s.systemMs];
    lines.push(`${`${bundle} ${command}`.trim().padEnd(16)}${columns.map(of).join("")}`);
  }
  return lines;
}

async function traced(contest, contestant, strace, command) {
  const file = join(contest.folder, "strace");
  const { status, output } = await contest.run([
    strace,
    "-f",
    "-qq",
    "-c",
    "-U",
    "name,calls,errors",
    "-S",
    "calls",
    "-o",
    file,
    ...contestant.argv(command, bundleOf(command)),
  ]);
  if (status !== 0) return [`${command}: exited with ${status} under strace: ${output}`];
  const rows = readFileSync(file, "utf8").trim().split("\n").slice(2);
  const counts = rows.map((row) => row.trim().split(/\s+/)).filter(([name]) => !name.startsWith("-"));
  const total = counts.find(([name]) => name === "total")?.[1] ?? "?";
  const list = counts.filter(([name]) => name !== "total").map(([name, calls]) => `${name} ${calls}`);
  return [`${command} (${total}): ${list.slice(0, TOP).join(", ")}`];
}

/** create leaves its container to the next commands, so that a tracer may not wait for it: -f follows all. */
async function systemCalls(contest, contestant, wanted) {
  const strace = tool("strace");
  if (strace === undefined) return ["strace is not installed"];
  const lines = [];
  for (const command of TRACED.filter((name) => wanted.has(name) && !LIFECYCLE.includes(name)))
    lines.push(...(await traced(contest, contestant, strace, command)));
  if (!LIFECYCLE.some((name) => wanted.has(name))) return lines;
  await contestant.sample("create", BUNDLE);
  for (const command of LIFECYCLE.slice(1)) {
    if (wanted.has(command)) lines.push(...(await traced(contest, contestant, strace, command)));
    else await contestant.sample(command, BUNDLE);
    if (command === "kill") await contest.reap();
  }
  return lines;
}

async function withPerf(contest, perf, argv) {
  const data = join(contest.folder, "perf.data");
  const record = ["record", "-q", "-e", "cpu-clock", "-F", String(SAMPLES_PER_SECOND), "-o", data];
  const { status, output } = await contest.run([
    perf,
    ...record,
    "--",
    "/bin/sh",
    "-c",
    LOOP,
    "sh",
    String(REPEAT),
    ...argv,
  ]);
  if (status !== 0) throw new Error(`perf record: ${output}`);
  const view = ["report", "-i", data, "--stdio", "--sort", "comm,dso,symbol", "--percent-limit", "0.4"];
  const { stdout } = spawnSync(perf, view, { encoding: "utf8" });
  return stdout
    .split("\n")
    .filter((line) => /^\s+\d/.test(line))
    .map((line) => line.replace(/(\s+-)+\s*$/, ""));
}

async function withCallgrind(contest, valgrind, argv) {
  const out = join(contest.folder, "callgrind.out");
  const { status, output } = await contest.run([
    valgrind,
    "--tool=callgrind",
    `--callgrind-out-file=${out}`,
    ...argv,
  ]);
  if (status !== 0 || !existsSync(out)) throw new Error(`callgrind: ${output}`);
  const { stdout } = spawnSync("callgrind_annotate", [out], { encoding: "utf8" });
  return stdout.split("\n").filter((line) => /^\s*[\d,]+ \(/.test(line));
}

async function functions(contest, contestant, command) {
  const argv = contestant.argv(command, bundleOf(command));
  const perf = tool("perf");
  const valgrind = tool("valgrind");
  const failures = [];
  for (const [program, view] of [
    [perf, withPerf],
    [valgrind, withCallgrind],
  ]) {
    if (program === undefined) continue;
    try {
      return (await view(contest, program, argv)).slice(0, TOP);
    } catch (error) {
      failures.push(error.message);
    }
  }
  return failures.length > 0 ? failures : ["neither perf nor valgrind is installed"];
}

async function hotFunctions(contest, contestant, wanted) {
  const lines = [];
  const commands = SAMPLED.filter((name) => wanted.has(name));
  if (commands.includes("state")) await contestant.sample("create", BUNDLE);
  for (const command of commands)
    lines.push(`${command}:`, ...(await functions(contest, contestant, command)), "");
  if (!commands.includes("state")) return lines;
  await contestant.sample("kill", BUNDLE);
  await contest.reap();
  await contestant.sample("delete", BUNDLE);
  return lines;
}

/** A text about the first runtime of the contest; the comparison itself was measured before, untraced. */
export async function profile(contest, wanted) {
  const contestant = contest.contestants.find(({ able }) => able.has(BUNDLE));
  if (contestant === undefined) return "nothing to profile";
  const parts = [
    `${contestant.label}: time, untraced`,
    ...times(contest, contestant.label),
    "",
    `system calls by count (${BUNDLE} bundle, all processes)`,
    ...(await systemCalls(contest, contestant, wanted)),
    "",
    `functions by time (${BUNDLE} bundle, ${REPEAT} runs, the runtime's processes and the kernel for them)`,
    ...(await hotFunctions(contest, contestant, wanted)),
  ];
  return parts.join("\n");
}
