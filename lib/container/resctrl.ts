// SPDX-License-Identifier: Apache-2.0

/** The container's class in the resctrl file system: found and compared before anything is done. */

import type { Config, IntelRdt } from "../config/types.ts";
import { RuntsError } from "../errors.ts";
import type { Host } from "../host.ts";
import type { ResctrlGroup } from "../plan/resctrl.ts";
import { findMount } from "./mountinfo.ts";

type Files = Pick<Host, "kind" | "readFile" | "decode">;

const limit = 1 << 20;
const pointer = "/linux/intelRdt";

const read = (host: Files, path: string): string => host.decode(host.readFile(path, limit));

function refuse(place: string, detail: string): never {
  throw new RuntsError("system", { pointer: `${pointer}${place}`, detail });
}

/** "L3:0=7ff;1=0f" as resource and numbers by domain: the kernel writes "  L3:0=7ff;1=00f". */
function readLine(line: string): { readonly resource: string; readonly values: ReadonlyMap<string, string> } {
  const [resource = "", list = ""] = line.trim().split(":");
  const values = list.split(";").map((entry) => {
    const [domain = "", value = ""] = entry.trim().split("=");
    return [
      domain,
      value
        .trim()
        .toLowerCase()
        .replace(/^0+(?=.)/, ""),
    ] as const;
  });
  return { resource, values: new Map(values) };
}

/** Whether each number of the line is what the class has. */
function matches(line: string, schemata: string): boolean {
  const wanted = readLine(line);
  const found = schemata
    .split("\n")
    .map(readLine)
    .find(({ resource }) => resource === wanted.resource);
  return (
    found !== undefined && [...wanted.values].every(([domain, value]) => found.values.get(domain) === value)
  );
}

/** A class that is there must have what the config says of it; config-linux.md#intelrdt. */
function compare(host: Files, folder: string, rdt: IntelRdt): void {
  const lines = [
    ["l3CacheSchema", rdt.l3CacheSchema],
    ["memBwSchema", rdt.memBwSchema],
  ] as const;
  for (const [name, line] of lines) {
    if (!line) continue;
    const schemata = read(host, `${folder}/schemata`);
    if (!matches(line, schemata))
      refuse(
        `/${name}`,
        `the class ${folder} is there and has other values: ${schemata.trim().replace(/\s*\n\s*/g, ", ")}`,
      );
  }
}

function mountOf(host: Files): string {
  const mount = findMount(read(host, "/proc/self/mountinfo"), "resctrl", "/sys/fs/resctrl");
  return mount ?? refuse("", "no resctrl file system is mounted on this host");
}

/** The class and the monitoring group of a container. */
function groupsOf(rdt: IntelRdt, id: string): Pick<ResctrlGroup, "group" | "monitor"> {
  const group = rdt.closID === "/" ? "" : (rdt.closID ?? id);
  return {
    group,
    monitor: rdt.enableMonitoring ? `${group === "" ? "" : `${group}/`}mon_groups/${id}` : undefined,
  };
}

/** The class of a container that is there. */
export function resctrlOf(host: Files, { linux }: Config, id: string): Pick<ResctrlGroup, "mount" | "group"> {
  if (!linux?.intelRdt) refuse("", "the container was created without, so it has no class to update");
  return { mount: mountOf(host), group: groupsOf(linux.intelRdt, id).group };
}

/** What a class has now. */
export function readSchemata(
  host: Files,
  { mount, path }: { readonly mount: string; readonly path: string },
) {
  return read(host, `${mount}/${path}/schemata`);
}

/** Those that create has found or made, for a process that joins the container. */
export function presentResctrl(
  config: Config,
  id: string,
  mount: string | undefined,
): ResctrlGroup | undefined {
  const rdt = config.linux?.intelRdt;
  if (!rdt || mount === undefined) return undefined;
  return { mount, ...groupsOf(rdt, id), makes: false, lines: [], keeps: true };
}

/** Undefined when the config does not ask for a class. */
export function placeResctrl(host: Files, config: Config, id: string): ResctrlGroup | undefined {
  const rdt = config.linux?.intelRdt;
  if (!rdt) return undefined;
  const mount = mountOf(host);
  const { group, monitor } = groupsOf(rdt, id);
  const folder = group === "" ? mount : `${mount}/${group}`;
  const exists = host.kind(folder) === "directory";
  const lines = [rdt.l3CacheSchema, rdt.memBwSchema, ...(rdt.schemata ?? [])].filter(
    (line) => line !== undefined,
  );
  if (exists && rdt.closID === undefined)
    refuse("", `there is a class with the container's name already: ${folder}`);
  if (!exists && rdt.closID !== undefined && lines.length === 0)
    refuse("/closID", `there is no class ${folder}, and nothing says what is to be in it`);
  if (exists) compare(host, folder, rdt);
  return {
    mount,
    group,
    makes: !exists,
    // those that are compared have their values
    lines: exists ? (rdt.schemata ?? []) : lines,
    monitor,
    // a class with a name of its own stays for others
    keeps: rdt.closID !== undefined,
  };
}
