// SPDX-License-Identifier: Apache-2.0

import { type Case, type Cases, observe, refuse } from "../../case.ts";
import { equal } from "../../expect.ts";
import { withNamespaces } from "../../instruments/namespaces.ts";
import { root } from "../../needs.ts";
import { read } from "../../questions.ts";

/** containerID, hostID, size */
type Entry = readonly [number, number, number];

const listed = (entries: readonly Entry[]) =>
  entries.map(([containerID, hostID, size]) => ({ containerID, hostID, size }));

const user = (uid: readonly Entry[], gid: readonly Entry[]) => ({
  ...withNamespaces({ type: "user" }),
  "/linux/uidMappings": listed(uid),
  "/linux/gidMappings": listed(gid),
});

/** The kernel's list, in the order of the ids in the container: it may sort. */
const entriesOf = (text: string | null) =>
  (text ?? "")
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => line.trim().split(/\s+/).map(Number))
    .toSorted(([a = 0], [b = 0]) => a - b);

const mapped = (
  clauses: Parameters<typeof observe>[0]["clauses"],
  uid: readonly Entry[],
  gid: readonly Entry[],
): Case =>
  observe({
    clauses,
    needs: [root],
    change: user(uid, gid),
    ask: { uidMap: read("/proc/self/uid_map"), gidMap: read("/proc/self/gid_map") },
    expect: ({ uidMap, gidMap }) => {
      equal("/proc/self/uid_map", entriesOf(uidMap), uid);
      equal("/proc/self/gid_map", entriesOf(gidMap), gid);
    },
  });

/** Short numbers: no more than a page can be written to a map. */
const single = (entries: number): readonly Entry[] =>
  Array.from({ length: entries }, (_, at) => [at, 600 + at, 1] as const);

const whole: readonly Entry[] = [[0, 100_000, 65_536]];

const inapplicable = (
  uid: readonly Entry[],
  gid: readonly Entry[] = whole,
  clauses: Parameters<typeof refuse>[0]["clauses"] = ["user-namespaces.inapplicable"],
): Case => refuse({ clauses, needs: [root], change: user(uid, gid) });

export default {
  // Other numbers for groups, so that a list taken for the other one is seen.
  one: mapped(
    ["user-namespaces.uid-mappings", "user-namespaces.gid-mappings"],
    [[0, 100_000, 65_536]],
    [[0, 300_000, 1000]],
  ),
  several: mapped(
    ["user-namespaces.several-entries"],
    [
      [0, 100_000, 1],
      [1, 0, 1],
      [1000, 500_000, 5000],
    ],
    [
      [0, 70_000, 10],
      [10, 60_000, 1],
      [65_534, 65_534, 1],
      [4_000_000_000, 3_000_000_000, 1_000_000],
    ],
  ),
  "as-many-as-possible": mapped(["user-namespaces.several-entries"], single(340), single(340)),
  "too-many-uids": inapplicable(single(341), whole, [
    "user-namespaces.inapplicable",
    "user-namespaces.entries-limited",
  ]),
  "too-many-gids": inapplicable(whole, single(341), [
    "user-namespaces.inapplicable",
    "user-namespaces.entries-limited",
  ]),
  "overlap-in-container": inapplicable([
    [0, 100_000, 100],
    [50, 200_000, 100],
  ]),
  "overlap-on-host": inapplicable([
    [0, 100_000, 100],
    [1000, 100_050, 100],
  ]),
  "no-size": inapplicable([
    [0, 100_000, 1000],
    [1000, 200_000, 0],
  ]),
  "no-user-namespace": refuse({
    clauses: ["user-namespaces.inapplicable"],
    needs: [root],
    change: { "/linux/uidMappings": listed(whole), "/linux/gidMappings": listed(whole) },
  }),
} satisfies Cases;
