// SPDX-License-Identifier: Apache-2.0

/** The names that a cgroupsPath of systemd's driver gives, and where systemd makes what is called so. */

import { RuntsError } from "../errors.ts";

function refuse(detail: string): never {
  throw new RuntsError("system", { pointer: "/linux/cgroupsPath", detail });
}

/** Of the names of units, systemd.unit(5); what it escapes otherwise is escaped already. */
const letters = /^[\w:.\\@-]+$/;
const longest = 255;

/** "a-b.slice" lies in "a.slice"; systemd.slice(5). */
function slicePath(slice: string): string {
  if (slice === "-.slice") return "";
  const parts = slice.slice(0, -".slice".length).split("-");
  if (!slice.endsWith(".slice") || parts.includes("") || !letters.test(slice) || slice.length > longest)
    refuse(`${JSON.stringify(slice)} is no name of a slice, such as "machine.slice"`);
  return parts.map((_, i) => `/${parts.slice(0, i + 1).join("-")}.slice`).join("");
}

export interface ScopeName {
  /** "machine.slice" */
  readonly slice: string;
  /** "libpod-abc.scope" */
  readonly unit: string;
  /** the slice's cgroup, below the manager's own; without a slash at its end */
  readonly folder: string;
}

/** slice:prefix:name. A name is a scope's, also when it ends in .slice, as with crun: no process can be in a slice. */
export function nameScope(asked: string | undefined, id: string, usualSlice: string): ScopeName {
  const parts = asked ? asked.split(":") : ["", "runts", id];
  const [slice = "", prefix = "", name = ""] = parts;
  if (parts.length !== 3 || name === "")
    refuse(`expected "slice:prefix:name" with --systemd-cgroup, found ${JSON.stringify(asked)}`);
  // without a prefix the hyphen stays, as with runc and crun: engines look for the unit by the same rule
  const unit = `${prefix}-${name}.scope`;
  if (!letters.test(unit) || unit.length > longest)
    refuse(
      `${JSON.stringify(unit)} is no name of a unit: letters, digits and any of ":-_.\\@", at most ${longest}`,
    );
  const chosen = slice === "" ? usualSlice : slice;
  return { slice: chosen, unit, folder: slicePath(chosen) };
}
