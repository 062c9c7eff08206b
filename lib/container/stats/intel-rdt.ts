// SPDX-License-Identifier: Apache-2.0

/** The class and the bandwidth of a container's caches and memory, in runc's form; the kernel's resctrl.rst. */

import { type Figure, figure } from "./figures.ts";

/** Only what this processor has; of a container without intelRdt nothing. */
export interface IntelRdt {
  readonly l3_cache_info?: Readonly<Record<string, Figure | string>>;
  readonly l3_cache_schema_root?: string;
  readonly l3_cache_schema?: string;
  readonly mem_bw_info?: Readonly<Record<string, Figure>>;
  readonly mem_bw_schema_root?: string;
  readonly mem_bw_schema?: string;
  readonly schemata?: readonly string[];
  /** bytes, of each cache */
  readonly mbm_stats?: readonly { readonly mbm_total_bytes: Figure; readonly mbm_local_bytes: Figure }[];
  readonly cmt_stats?: readonly { readonly llc_occupancy: Figure }[];
}

/** What is to be seen of the resctrl file system, by paths below its mount. */
export interface ResctrlView {
  /** a file's text; undefined when there is none */
  read(path: string): string | undefined;
  /** the names in a folder; none when there is none */
  list(path: string): readonly string[];
}

const lines = (text = ""): readonly string[] =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");

/** Those of these files that have a value other than 0. */
function values(
  view: ResctrlView,
  folder: string,
  names: readonly string[],
): Readonly<Record<string, Figure>> {
  const found = names.map((name) => [name, figure(view.read(`${folder}/${name}`))] as const);
  return Object.fromEntries(found.filter(([, value]) => value !== 0));
}

const schemaOf = (resource: string, from: readonly string[]): string | undefined =>
  from.find((line) => line.startsWith(resource));

function caches(view: ResctrlView, root: readonly string[], own: readonly string[]): IntelRdt {
  if (view.list("info/L3").length === 0) return {};
  const [mask] = lines(view.read("info/L3/cbm_mask"));
  const [rootSchema, schema] = [schemaOf("L3", root), schemaOf("L3", own)];
  return {
    l3_cache_info: {
      ...(mask === undefined ? {} : { cbm_mask: mask }),
      ...values(view, "info/L3", ["min_cbm_bits", "num_closids"]),
    },
    ...(rootSchema === undefined ? {} : { l3_cache_schema_root: rootSchema }),
    ...(schema === undefined ? {} : { l3_cache_schema: schema }),
  };
}

function bandwidth(view: ResctrlView, root: readonly string[], own: readonly string[]): IntelRdt {
  if (view.list("info/MB").length === 0) return {};
  const names = ["bandwidth_gran", "delay_linear", "min_bandwidth", "num_closids"];
  const [rootSchema, schema] = [schemaOf("MB", root), schemaOf("MB", own)];
  return {
    mem_bw_info: values(view, "info/MB", names),
    ...(rootSchema === undefined ? {} : { mem_bw_schema_root: rootSchema }),
    ...(schema === undefined ? {} : { mem_bw_schema: schema }),
  };
}

function monitoring(view: ResctrlView, group: string): IntelRdt {
  const features = lines(view.read("info/L3_MON/mon_features"));
  const folders = view.list(`${group}mon_data`).map((name) => `${group}mon_data/${name}`);
  const count = (folder: string, name: string): Figure =>
    features.includes(name) ? figure(view.read(`${folder}/${name}`)) : 0;
  const mbm = folders.map((folder) => ({
    mbm_total_bytes: count(folder, "mbm_total_bytes"),
    mbm_local_bytes: count(folder, "mbm_local_bytes"),
  }));
  const cmt = folders.map((folder) => ({ llc_occupancy: count(folder, "llc_occupancy") }));
  return {
    ...(features.some((name) => name.startsWith("mbm_")) ? { mbm_stats: mbm } : {}),
    ...(features.includes("llc_occupancy") ? { cmt_stats: cmt } : {}),
  };
}

/** A folder's path with a slash behind it, from the words of cpu_resctrl_groups: empty, "/" or "gold". */
const folderOf = (word: string): string => (word === "" || word === "/" ? "" : `${word}/`);

/**
 * `groups` is /proc/PID/cpu_resctrl_groups of init: its class, and its monitoring group if it has one. Without
 * that group the figures are those of all in the class, as runc has them.
 */
export function intelRdt(view: ResctrlView, groups: string | undefined): IntelRdt {
  const [, group] = /^res:(.+)$/m.exec(groups ?? "") ?? [];
  if (group === undefined) return {};
  const [, monitor = ""] = /^mon:(.*)$/m.exec(groups ?? "") ?? [];
  const own = folderOf(group);
  const [root, schemata] = [lines(view.read("schemata")), lines(view.read(`${own}schemata`))];
  return {
    ...caches(view, root, schemata),
    ...bandwidth(view, root, schemata),
    ...(schemata.length === 0 ? {} : { schemata }),
    ...monitoring(view, monitor === "" ? own : `${own}mon_groups/${folderOf(monitor)}`),
  };
}
