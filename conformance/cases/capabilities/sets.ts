// SPDX-License-Identifier: Apache-2.0

import { type Answers, type Case, type Cases, type Change, type Need, observe } from "../../case.ts";
import type { ClauseId } from "../../catalogue/index.ts";
import { outcomeIs, sameMembers } from "../../expect.ts";
import { root } from "../../needs.ts";
import { capabilities, chown } from "../../questions.ts";

type Sets = Partial<Answers<{ capabilities: typeof capabilities }>["capabilities"]>;

const user = { "/process/user": { uid: 1000, gid: 1000 } };

const seenAs = (
  clauses: readonly [ClauseId, ...ClauseId[]],
  given: Sets,
  expected: Sets,
  change: Change = {},
  needs: readonly Need[] = [],
): Case =>
  observe({
    clauses,
    needs,
    change: { "/process/capabilities": given, ...change },
    ask: { capabilities },
    expect: (seen) => {
      for (const [name, members] of Object.entries(seen.capabilities)) {
        const wanted = Object.entries(expected).find(([set]) => set === name)?.[1];
        if (wanted) sameMembers(`the ${name} set`, members, wanted);
      }
    },
  });

const three = ["CAP_CHOWN", "CAP_KILL", "CAP_NET_BIND_SERVICE"];
const [one = "", two = ""] = three;
const empty = { bounding: [], effective: [], inheritable: [], permitted: [], ambient: [] };

/** chown(2) of a file of root's, for which it takes CAP_CHOWN even to be root. */
const changesOwner = (given: readonly string[], expected: "ok" | "EPERM"): Case =>
  observe({
    clauses: ["capabilities.effective"],
    needs: [root],
    change: { "/process/capabilities": { bounding: given, effective: given, permitted: given } },
    ask: { owned: chown("/tmp", 1, 1) },
    expect: (seen) => outcomeIs("chown", seen.owned, expected),
  });

export default {
  bounding: seenAs(["capabilities.bounding"], { ...empty, bounding: three }, { bounding: three }),
  "bounding-of-user": seenAs(
    ["capabilities.bounding"],
    { ...empty, bounding: three },
    { ...empty, bounding: three },
    user,
    [root],
  ),
  // execve gives root what is in the bounding set, too; but with no_new_privs nothing that it did not have before.
  permitted: seenAs(
    ["capabilities.permitted"],
    { ...empty, bounding: three, permitted: [one] },
    { bounding: three, permitted: [one] },
  ),
  effective: seenAs(
    ["capabilities.effective", "capabilities.permitted"],
    { ...empty, bounding: three, permitted: [one, two], effective: [one, two] },
    { permitted: [one, two], effective: [one, two] },
  ),
  inheritable: seenAs(
    ["capabilities.inheritable"],
    { ...empty, bounding: three, permitted: three, inheritable: [two] },
    { inheritable: [two], ambient: [] },
  ),
  ambient: seenAs(
    ["capabilities.ambient", "capabilities.effective", "capabilities.permitted", "capabilities.inheritable"],
    { bounding: three, effective: three, permitted: three, inheritable: [one, two], ambient: [one] },
    { bounding: three, effective: [one], permitted: [one], inheritable: [one, two], ambient: [one] },
    user,
    [root],
  ),
  "ambient-of-root": seenAs(
    ["capabilities.ambient"],
    { bounding: three, effective: three, permitted: three, inheritable: [one, two], ambient: [two] },
    { bounding: three, effective: three, permitted: three, inheritable: [one, two], ambient: [two] },
  ),
  "none-of-user": seenAs(
    ["capabilities.effective", "capabilities.permitted"],
    { bounding: three, effective: three, permitted: three, inheritable: [], ambient: [] },
    { ...empty, bounding: three },
    user,
    [root],
  ),
  empty: seenAs(
    [
      "capabilities.bounding",
      "capabilities.effective",
      "capabilities.inheritable",
      "capabilities.permitted",
      "capabilities.ambient",
    ],
    empty,
    empty,
    // Otherwise the sets could be empty only for what the kernel does at execve.
    { "/process/noNewPrivileges": false },
  ),
  used: changesOwner(["CAP_CHOWN"], "ok"),
  lacking: changesOwner(["CAP_KILL"], "EPERM"),
} satisfies Cases;
