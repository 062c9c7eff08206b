// SPDX-License-Identifier: Apache-2.0

/** The process: ids, capabilities, and what else it has made of itself. Read from proc_pid_status(5) and its like. */

import type { Capabilities, Config, Process } from "../../config/types.ts";
import { capabilityNumbers } from "../../tables/capabilities.ts";
import { rlimitRows } from "../../tables/rlimits.ts";
import { type Row, type Seen, verdictOf } from "./row.ts";

const later = "init does this when it is started";

/** One line of /proc/PID/status. */
export function statusField(status: string | undefined, name: string): string | undefined {
  return new RegExp(`^${name}:[ \\t]*(.*)$`, "m").exec(status ?? "")?.[1]?.trim();
}

function row(
  seen: Seen,
  [what, from]: readonly [string, string],
  asked: string,
  found: string | undefined,
  more: { readonly note?: string; readonly atOnce?: boolean } = {},
): Row {
  const { note, atOnce = false } = more;
  const base = { part: "process", what, from, asked, found: found ?? "?" };
  if (!seen.started && !atOnce) return { ...base, found: "not yet", verdict: "unknown", note: later };
  if (found === undefined) return { ...base, verdict: "unknown" };
  const verdict = verdictOf(asked === found);
  return { ...base, verdict, ...(verdict === "differs" && note !== undefined && { note }) };
}

/** An id of ours as the container's user namespace has it. */
function inside(id: number, map: string | undefined): number {
  for (const line of (map ?? "").trim().split("\n")) {
    const [first = 0, outside = 0, count = 0] = line.trim().split(/\s+/).map(Number);
    if (id >= outside && id < outside + count) return first + id - outside;
  }
  return id;
}

/** The effective one of the four that status has. */
function idOf(seen: Seen, field: "Uid" | "Gid", map: string): string | undefined {
  const text = statusField(seen.proc("status"), field)?.split(/\s+/)[1];
  return text === undefined ? undefined : String(inside(Number(text), seen.proc(map)));
}

const sorted = (ids: Iterable<number>): string => [...new Set(ids)].sort((a, b) => a - b).join(" ") || "none";

function userRows(seen: Seen, { user }: Process): Row[] {
  const { uid = 0, gid = 0, additionalGids = [] } = user ?? {};
  const groups = statusField(seen.proc("status"), "Groups");
  const found = groups?.split(/\s+/).filter((text) => text !== "");
  const ids = found?.map((text) => inside(Number(text), seen.proc("gid_map")));
  const umask = statusField(seen.proc("status"), "Umask");
  return [
    row(seen, ["uid", "/process/user/uid"], String(uid), idOf(seen, "Uid", "uid_map")),
    row(seen, ["gid", "/process/user/gid"], String(gid), idOf(seen, "Gid", "gid_map")),
    row(seen, ["groups", "/process/user/additionalGids"], sorted(additionalGids), ids && sorted(ids)),
    ...(user?.umask === undefined
      ? []
      : [
          row(
            seen,
            ["umask", "/process/user/umask"],
            `0${user.umask.toString(8)}`,
            umask && `0${Number.parseInt(umask, 8).toString(8)}`,
          ),
        ]),
  ];
}

/** Names without CAP_, in the order of their numbers. */
function capabilityNames(bits: bigint): string {
  const names = Object.entries(capabilityNumbers)
    .filter(([, bit]) => (bits & (1n << BigInt(bit))) !== 0n)
    .map(([name]) => name.slice("CAP_".length));
  return names.join(" ").toLowerCase() || "none";
}

function askedCapabilities(names: readonly string[] = []): string {
  const known = names.flatMap((name) => capabilityNumbers[name] ?? []);
  return capabilityNames(known.reduce((bits, bit) => bits | (1n << BigInt(bit)), 0n));
}

const sets: readonly (readonly [keyof Capabilities, field: string])[] = [
  ["bounding", "CapBnd"],
  ["effective", "CapEff"],
  ["permitted", "CapPrm"],
  ["inheritable", "CapInh"],
  ["ambient", "CapAmb"],
];

/** capabilities(7), "Transformation of capabilities during execve": the most common surprise. */
function capabilityNote(name: keyof Capabilities, { user }: Process): string | undefined {
  if (name !== "effective" && name !== "permitted") return undefined;
  return (user?.uid ?? 0) === 0
    ? "execve gives root all that is bounding or inheritable"
    : "execve leaves a user other than root its ambient capabilities only";
}

function capabilityRows(seen: Seen, process: Process): Row[] {
  return sets.map(([name, field]) => {
    const text = statusField(seen.proc("status"), field);
    const found = text === undefined ? undefined : capabilityNames(BigInt(`0x${text}`));
    const note = capabilityNote(name, process);
    return row(
      seen,
      [`${name} capabilities`, `/process/capabilities/${name}`],
      askedCapabilities(process.capabilities?.[name]),
      found,
      { atOnce: name === "bounding", ...(note !== undefined && { note }) },
    );
  });
}

const infinity = 18446744073709551615n;
const limitText = (value: number | bigint): string => (value === infinity ? "unlimited" : String(value));

function limitRows(seen: Seen, { rlimits = [] }: Process): Row[] {
  const text = seen.proc("limits");
  return rlimits.map(({ type, soft, hard }, i) => {
    const found = new RegExp(`^${rlimitRows[type]}\\s+(\\S+)\\s+(\\S+)`, "m").exec(text ?? "");
    const asked = `${limitText(soft)} ${limitText(hard)}`;
    return row(seen, [type, `/process/rlimits/${i}`], asked, found ? `${found[1]} ${found[2]}` : undefined);
  });
}

const modes = ["off", "strict", "filter"];

function confinementRows(seen: Seen, process: Process, hasFilter: boolean): Row[] {
  const status = seen.proc("status");
  const noNew = statusField(status, "NoNewPrivs");
  const mode = statusField(status, "Seccomp");
  const label = seen.proc("attr/current")?.replace(/[\0\n]+$/, "");
  const { apparmorProfile, selinuxLabel, oomScoreAdj } = process;
  const asked = apparmorProfile || selinuxLabel;
  const from = apparmorProfile ? "/process/apparmorProfile" : "/process/selinuxLabel";
  return [
    row(seen, ["no_new_privs", "/process/noNewPrivileges"], process.noNewPrivileges ? "1" : "0", noNew),
    row(
      seen,
      ["seccomp", "/linux/seccomp"],
      hasFilter ? "filter" : "off",
      mode && (modes[Number(mode)] ?? mode),
      {
        note: "filters of who called the runtime are inherited",
      },
    ),
    // AppArmor adds its mode: "name (enforce)"
    ...(asked ? [row(seen, ["label", from], asked, label?.replace(/ \(\w+\)$/, ""))] : []),
    ...(oomScoreAdj === undefined
      ? []
      : [
          row(
            seen,
            ["oom_score_adj", "/process/oomScoreAdj"],
            String(oomScoreAdj),
            seen.proc("oom_score_adj")?.trim(),
            {
              atOnce: true,
            },
          ),
        ]),
  ];
}

export function processRows({ process, linux }: Config, seen: Seen): readonly Row[] {
  if (!process) return [];
  return [
    ...userRows(seen, process),
    ...capabilityRows(seen, process),
    ...confinementRows(seen, process, linux?.seccomp !== undefined),
    ...limitRows(seen, process),
  ];
}
