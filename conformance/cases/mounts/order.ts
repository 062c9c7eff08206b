// SPDX-License-Identifier: Apache-2.0

import { type Case, type Cases, observe } from "../../case.ts";
import { equal } from "../../expect.ts";
import { markedFolder, mountPoint } from "../../instruments/sources.ts";
import { read } from "../../questions.ts";
import { baseMounts } from "../../stage/base.ts";
import type { Place } from "../../stage/place.ts";

/** Two folders to bind, marked outer and inner; both have a place for the other to be mounted on. */
function prepare(place: Place): void {
  mountPoint(place, "/m/inner");
  markedFolder(`${place.scratch}/outer/inner`, "covered");
  markedFolder(`${place.scratch}/outer`, "outer");
  markedFolder(`${place.scratch}/inner`, "inner");
}

const bind = (place: Place, name: string, destination: string) => ({
  destination,
  type: "none",
  source: `${place.scratch}/${name}`,
  options: ["bind"],
});

/** `outer`, `inner`: what the marks at /m and /m/inner say after these two mounts. */
const mounted = (
  entries: readonly (readonly [name: string, destination: string])[],
  outer: string | null,
  inner: string | null,
): Case =>
  observe({
    clauses: ["mounts.order"],
    prepare,
    change: (place) => ({ "/mounts": [...baseMounts, ...entries.map((entry) => bind(place, ...entry))] }),
    ask: { outer: read("/m/mark"), inner: read("/m/inner/mark") },
    expect: (seen) => equal("the marks at /m and /m/inner", [seen.outer, seen.inner], [outer, inner]),
  });

export default {
  "into-another": mounted(
    [
      ["outer", "/m"],
      ["inner", "/m/inner"],
    ],
    "outer",
    "inner",
  ),
  // A runtime that sorts by depth would show what the outer mount must cover.
  "outer-last": mounted(
    [
      ["inner", "/m/inner"],
      ["outer", "/m"],
    ],
    "outer",
    "covered",
  ),
  "same-destination": mounted(
    [
      ["outer", "/m"],
      ["inner", "/m"],
    ],
    "inner",
    null,
  ),
} satisfies Cases;
