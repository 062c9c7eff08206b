// SPDX-License-Identifier: Apache-2.0

/** What look.sh and try.sh saw, outside and inside, as tables. */

import { bold, dim, green, heading, line, red, shorten, wrap } from "./page.js";

const columns = [24, 27, 27];

/** The lines of look.sh by their names. */
export function parseView(text) {
  return new Map(
    text
      .split("\n")
      .filter((row) => row.includes("\t"))
      .map((row) => [row.slice(0, row.indexOf("\t")), row.slice(row.indexOf("\t") + 1)]),
  );
}

function row(name, outside, inside) {
  const [first, second, third] = columns;
  line(`  ${name.padEnd(first)}${dim(shorten(outside, second - 2).padEnd(second))}${shorten(inside, third)}`);
}

function few(text, most = 3) {
  const words = text.split(" ");
  return words.length <= most ? text : `${words.slice(0, most).join(" ")} and ${words.length - most} more`;
}

/** How many capabilities a mask of /proc/PID/status has. */
function count(mask) {
  return BigInt(`0x${mask}`).toString(2).replaceAll("0", "").length;
}

/** Their names; `known` is in the order of their numbers. */
function names(mask, known) {
  const bits = BigInt(`0x${mask}`);
  return known.filter((_, number) => (bits >> BigInt(number)) & 1n);
}

function list(name, words) {
  const [first = "none", ...rest] = wrap(words.join(" "), columns[1] + columns[2]);
  line(`  ${name.padEnd(columns[0])}${first}`);
  for (const more of rest) line(`  ${"".padEnd(columns[0])}${more}`);
}

const roots = { ro: "read-only", rw: "writable" };

export function showSurroundings(outside, inside, hostPid, known) {
  const both = (name) => [outside.get(name) ?? "", inside.get(name) ?? ""];
  heading("What the process sees");
  line(bold(`  ${"".padEnd(columns[0])}${"this machine".padEnd(columns[1])}in the container`));
  row("its process id", hostPid, inside.get("pid"));
  row("process 1", ...both("first"));
  row("processes", ...both("processes"));
  row("user id", ...both("uid"));
  row("host name", ...both("hostname"));
  row("network interfaces", ...both("interfaces").map((text) => few(text)));
  row("mounts", ...both("mounts"));
  row("root file system", ...both("root").map((mode) => roots[mode] ?? mode));
  const [more, fewer] = both("capabilities");
  row("capabilities", `${count(more)}`, `${count(fewer)}`);
  line();
  list("the mounts inside", few(inside.get("mountpoints"), 14).split(" "));
  list("the capabilities", names(fewer, known));
}

const megabytes = (bytes) => `${Number(bytes) / 2 ** 20} MiB`;
const cpus = (text) => {
  const [quota, period] = text.split(" ");
  return quota === "max" ? quota : `${(100 * Number(quota)) / Number(period)} % of one CPU`;
};

const limitRows = [
  ["memory", "memory", "memory.max", megabytes],
  ["processes", "pids", "pids.max", String],
  ["CPU time", "cpu", "cpu.max", cpus],
];

/** `refusals` says for each limit that could not be set what the runtime said. */
export function showLimits(outside, inside, refusals) {
  heading("Its limits");
  row("open files", outside.get("files"), inside.get("files"));
  // in blocks of 512 bytes
  const size = (blocks) => (/^\d+$/.test(blocks) ? megabytes(Number(blocks) * 512) : blocks);
  row("size of a file", size(outside.get("filesize")), size(inside.get("filesize")));
  const set = limitRows.filter(([, name]) => !refusals.has(name));
  for (const [name, , file, text] of set) {
    const value = inside.get(file);
    row(name, "", value === undefined ? "set (the cgroup is not mounted inside)" : `${text(value)}, ${file}`);
  }
  const missing = new Map();
  for (const [name, controller] of limitRows) {
    const why = refusals.get(controller);
    if (why !== undefined) missing.set(why, [...(missing.get(why) ?? []), name]);
  }
  for (const [why, limits] of missing) {
    line(`  ${limits.join(", ")}: no limit can be set here:`);
    line(`    ${why}`);
  }
}

const seccompModes = { 0: "none", 1: "strict", 2: "a filter is loaded" };

export function showRefusals(outside, inside) {
  heading("What it may not do");
  row(
    "new privileges by exec",
    ...[outside, inside].map((view) => (view.get("no_new_privs") === "1" ? "never" : "possible")),
  );
  row("seccomp", ...[outside, inside].map((view) => seccompModes[view.get("seccomp")] ?? "unknown"));
  for (const [name, refusal] of inside) {
    if (!name.startsWith("try ")) continue;
    const refused = !refusal.startsWith("done");
    const mark = refused ? green("refused") : red("DONE   ");
    line(`  ${name.slice(4).padEnd(33)}${mark}  ${dim(shorten(refusal.replace(/^.*: /, ""), 36))}`);
  }
}
