// SPDX-License-Identifier: Apache-2.0

/** One thing that was looked at, and what follows from it. */

export interface Check {
  readonly group: string;
  readonly name: string;
  /** "limited": containers run, but not all that can be asked for; "refused": runts would refuse */
  readonly state: "ok" | "limited" | "refused";
  readonly detail: string;
  readonly mend?: string;
  /** into the bundle's config.json */
  readonly pointer?: string;
  /** 1-based, of that pointer */
  readonly line?: number;
  readonly column?: number;
}

export type State = Check["state"];

export function check(group: string, name: string, state: State, detail: string, mend = ""): Check {
  return { group, name, state, detail, ...(mend !== "" && state !== "ok" && { mend }) };
}
