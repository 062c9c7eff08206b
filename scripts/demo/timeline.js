// SPDX-License-Identifier: Apache-2.0

/** The lines of `runts run --trace` as a picture: steps of one purpose together, on one axis of time. */

import { bold, dim, heading, line } from "./page.js";

const width = 36;

/** What a step is for. Signals and waits are not work, and are left out. */
const purposes = {
  "put on record, make the cgroup": [
    "makeState",
    "makeCgroup",
    "enableControllers",
    "writeCgroup",
    "ownCgroup",
  ],
  "clone, execute runts-init": ["openTree", "openNamespace", "cloneStage", "cloneInit", "reapStage"],
  "user namespace and its ids": ["unshare", "writeProc", "runIdMapHelper", "becomeRoot", "setDumpable"],
  "device rules (BPF)": ["attachDeviceFilter"],
  "session, network, root mount": [
    "setsid",
    "setKeyLabel",
    "joinSessionKeyring",
    "openProc",
    "setLoopbackUp",
  ],
  "file systems": ["mountFilesystem", "mountBind", "remount"],
  "devices and links in /dev": ["mknod", "bindDevice", "symlink"],
  "masked and read-only paths": ["readonlyPath", "maskPath", "readonlyRoot"],
  "pivot_root, names, settings": ["pivotRoot", "moveRoot", "sethostname", "setdomainname", "writeSysctl"],
  "created: pid on record": ["recordProcess", "writePidFile"],
  "limits, user, capabilities": [
    "setRlimit",
    "setScheduler",
    "setIoPriority",
    "setMemoryPolicy",
    "setPersonality",
    "dropBoundingSet",
    "keepCapabilities",
    "setUser",
  ],
  "seccomp filter": ["loadSeccomp"],
  "execute the program": ["execve"],
};

const purposeOf = new Map(
  Object.entries(purposes).flatMap(([purpose, steps]) => steps.map((step) => [step, purpose])),
);

/** { at, took, process, step } in µs; `took` is undefined for execve, which does not return. */
export function parseTrace(text) {
  return text.split("\n").flatMap((row) => {
    const found = /^ *(\d+) µs +(?:(\d+) µs +)?(runtime|stage|init) +(\S+)(?: (\S+))?/.exec(row);
    if (!found) return [];
    const [, at, took, process, step, subject] = found;
    return [{ at: Number(at), took: took && Number(took), process, step, subject }];
  });
}

/** Steps of one process and purpose, and how many; those without a purpose of their own go with the last. */
function group(rows) {
  const groups = new Map();
  const last = {};
  for (const { at, took = 0, process, step } of rows) {
    if (["wait", "signal", "superviseInit", "cloned", "program"].includes(step)) continue;
    // cgroup and user namespaces are unshared by different processes for different ends
    const own = step === "unshare" && process === "init" ? undefined : purposeOf.get(step);
    const purpose = own ?? last[process] ?? (process === "init" ? "session, network, root mount" : undefined);
    if (purpose === undefined) continue; // stage's first, which is to end with the runtime
    last[process] = purpose;
    const key = `${process} ${purpose}`;
    const found = groups.get(key) ?? { process, purpose, from: at, to: at, took: 0, steps: 0 };
    groups.set(key, found);
    found.to = Math.max(found.to, at + took);
    found.took += took;
    found.steps++;
  }
  return [...groups.values()].sort((a, b) => a.from - b.from);
}

function milliseconds(microseconds) {
  return `${(microseconds / 1000).toFixed(2)} ms`;
}

/** Blocks of an eighth of a column, so that short steps keep their place. */
function bar(from, to, end) {
  const scale = (width - 1) / end;
  const left = Math.floor(from * scale);
  const length = Math.max(1, Math.round((to - from) * scale));
  return `${" ".repeat(left)}${"█".repeat(Math.min(length, width - left))}`.padEnd(width);
}

export function showTimeline(text) {
  const rows = parseTrace(text);
  const executed = rows.find(({ step, subject }) => step === "wait" && subject === "executed");
  const lastRow = rows.at(-1);
  if (executed === undefined || lastRow === undefined) throw new Error("the trace has no end");
  const end = executed.at + executed.took;
  const groups = group(rows);
  for (const one of groups) {
    if (one.purpose !== "execute the program") continue;
    one.to = end;
    one.took = end - one.from;
  }
  heading(
    "What runts did, and when",
    `${rows.length} steps; from the first to the program: ${milliseconds(end)}`,
  );
  let process = "";
  for (const { process: whose, purpose, from, to, took, steps } of groups) {
    const label = whose === process ? "" : whose;
    process = whose;
    const times = `${milliseconds(took).padStart(8)} ${dim(`${steps}`.padStart(3))}`;
    line(`  ${bold(label.padEnd(8))}${purpose.padEnd(32)}${bar(from, to, end)}${times}`);
  }
  line(dim(`  ${"".padEnd(40)}0${milliseconds(end).padStart(width - 1)}    time  steps`));
}
