// SPDX-License-Identifier: Apache-2.0

/** Turns samples into figures, and figures into a table or JSON. */

import { cpus, release, totalmem } from "node:os";
import { BUNDLES, LIMITS } from "./bundles.js";
import { COMMANDS, NO_BUNDLE } from "./contestant.js";

const KIB = 1024;
const MB = 1e6;

export function quantile(values, q) {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) * q;
  const low = sorted[Math.floor(at)];
  return low + (sorted[Math.ceil(at)] - low) * (at - Math.floor(at));
}

export const median = (values) => quantile(values, 0.5);

/** For user and system time: the kernel splits the time of one process by its ticks, so only the mean tells. */
export const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

const round = (value, digits = 3) => Number(value.toFixed(digits));

function figures({ bundle, command, label, samples }) {
  const times = samples.map(({ ms }) => ms);
  return {
    bundle,
    command,
    label,
    runs: samples.length,
    ms: round(median(times)),
    p10: round(quantile(times, 0.1)),
    p90: round(quantile(times, 0.9)),
    userMs: round(mean(samples.map(({ userMs }) => userMs))),
    systemMs: round(mean(samples.map(({ systemMs }) => systemMs))),
    peakMb: round((Math.max(...samples.map(({ peakKib }) => peakKib)) * KIB) / MB),
    samples: times.map((ms) => round(ms)),
  };
}

/** Everything that was found, as data; the tables are made from it. */
export function report(contest, rounds) {
  const results = [...contest.results.values()].map(figures);
  const runtimes = contest.contestants.map(({ runtime }) => runtime);
  const base = runtimes.find(({ subject }) => subject) ?? runtimes[0];
  const at = (bundle, command, label) =>
    results.find((r) => r.bundle === bundle && r.command === command && r.label === label);
  const ratios = [];
  for (const result of results) {
    const own = base && at(result.bundle, result.command, base.label);
    if (own === undefined || result.label === base.label || result.label === contest.floor.label) continue;
    const { bundle, command, label } = result;
    ratios.push({ bundle, command, of: base.label, to: label, time: round(own.ms / result.ms) });
  }
  const machine = {
    cpu: cpus()[0]?.model ?? "unknown",
    cores: cpus().length,
    kernel: release(),
    memoryGb: round(totalmem() / 1e9, 1),
  };
  return { machine, rounds, notes: contest.notes, runtimes, base: base?.label, results, ratios };
}

function table(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const pad = (cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column]));
  return rows.map((row) => row.map(pad).join("  ").trimEnd()).join("\n");
}

function rowsOf(data, cell) {
  const rows = [];
  for (const bundle of [NO_BUNDLE, ...BUNDLES, LIMITS]) {
    const commands = COMMANDS.filter((command) =>
      data.results.some((r) => r.bundle === bundle && r.command === command),
    );
    for (const command of commands) rows.push([`${bundle} ${command}`.trim(), ...cell(bundle, command)]);
  }
  return rows;
}

function timeTable(data) {
  const labels = data.runtimes.map(({ label }) => label);
  const others = labels.filter((label) => label !== data.base);
  const find = (list, test) => list.find(test);
  const head = ["median ms", ...labels, ...others.map((label) => `${data.base} / ${label}`)];
  const rows = rowsOf(data, (bundle, command) => {
    const here = (r) => r.bundle === bundle && r.command === command;
    const times = labels.map((label) =>
      find(data.results, (r) => here(r) && r.label === label)?.ms.toFixed(2),
    );
    const ratios = others.map((label) =>
      find(data.ratios, (r) => here(r) && r.to === label)?.time.toFixed(2),
    );
    return [...times, ...ratios].map((text) => text ?? "-");
  });
  return table([head, ...rows]);
}

function memoryTable(data) {
  const labels = data.runtimes.map(({ label }) => label);
  const cell = (bundle, command) =>
    labels.map((label) => {
      const result = data.results.find(
        (r) => r.bundle === bundle && r.command === command && r.label === label,
      );
      return result?.peakMb.toFixed(1) ?? "-";
    });
  const sizes = data.runtimes.map(({ bytes }) => (bytes / MB).toFixed(1));
  return table([["peak MB", ...labels], ...rowsOf(data, cell), ["executable", ...sizes]]);
}

function floorTable(data, floorLabel) {
  const labels = data.runtimes.map(({ label }) => label);
  const head = ["run, ms", "floor", ...labels.map((label) => `${label} over it`)];
  const rows = BUNDLES.flatMap((bundle) => {
    const run = (label) =>
      data.results.find((r) => r.bundle === bundle && r.command === "run" && r.label === label)?.ms;
    const floor = run(floorLabel);
    if (floor === undefined) return [];
    const over = labels
      .map((label) => run(label))
      .map((ms) => (ms === undefined ? "-" : (ms - floor).toFixed(2)));
    return [[bundle, floor.toFixed(2), ...over]];
  });
  return rows.length === 0 ? "" : table([head, ...rows]);
}

export function text(data, floorLabel) {
  const { machine } = data;
  const parts = [
    `${data.rounds} rounds in turn · ${machine.cpu}, ${machine.cores} cores, ${machine.memoryGb} GB · Linux ${machine.kernel}`,
    ...data.notes.map((note) => `note: ${note}`),
    "",
    timeTable(data),
    "",
    floorTable(data, floorLabel),
    "",
    memoryTable(data),
  ];
  return parts.join("\n").replace(/\n{3,}/g, "\n\n");
}
