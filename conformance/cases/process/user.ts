// SPDX-License-Identifier: Apache-2.0

import { type Answers, act, type Case, type Cases, observe, refuse } from "../../case.ts";
import { equal, sameMembers } from "../../expect.ts";
import { observeOrSkip } from "../../instruments/optional.ts";
import { root } from "../../needs.ts";
import { identity } from "../../questions.ts";

const four = (id: number) => [id, id, id, id];
/** Whether getgroups has the process's own group in it is left to the system (getgroups(2)). */
const others = (groups: readonly number[], gid: number) => groups.filter((group) => group !== gid);

const isFour = (seen: Answers<{ identity: typeof identity }>, uid: number, gid: number) => {
  equal("real, effective, saved and file system user", seen.identity.uid, four(uid));
  equal("real, effective, saved and file system group", seen.identity.gid, four(gid));
};

const ids = (uid: number, gid: number): Case =>
  observe({
    clauses: ["process.uid", "process.gid"],
    needs: [root],
    change: { "/process/user": { uid, gid } },
    ask: { identity },
    expect: (seen) => isFour(seen, uid, gid),
  });

const refused = (user: object | undefined) =>
  refuse({
    clauses: ["process.user-invalid"],
    needs: [root],
    at: "either",
    change: { "/process/user": user },
  });

const additional = (gid: number, additionalGids: readonly number[] | undefined): Case =>
  act({
    clauses: additionalGids?.length
      ? ["process.additional-gids", "process.additional-gids-only"]
      : ["process.additional-gids-only"],
    needs: [root],
    change: { "/process/user": { uid: 1000, gid, additionalGids } },
    run: async (stage) => {
      const before = process.getgroups?.() ?? [];
      let seen: readonly number[];
      try {
        process.setgroups?.([4321, 8765]);
        seen = (await stage.observe({ identity })).identity.groups;
      } finally {
        process.setgroups?.(before);
      }
      sameMembers("groups besides its own", others(seen, gid), others(additionalGids ?? [], gid));
    },
  });

export default {
  root: ids(0, 0),
  other: ids(1234, 5678),
  "root-with-other-group": ids(0, 5678),
  // 2^32 - 2 is the highest id; 2^32 - 1 means "no change" to setresuid(2). A runtime may support fewer (valid values).
  highest: act({
    clauses: ["process.uid", "process.gid"],
    needs: [root],
    change: { "/process/user": { uid: 4294967294, gid: 4294967294 } },
    run: async (stage) =>
      isFour(await observeOrSkip(stage, "support for ids that high", { identity }), 4294967294, 4294967294),
  }),
  "no-uid": refused({ gid: 0 }),
  "no-gid": refused({ uid: 0 }),
  "negative-uid": refused({ uid: -1, gid: 0 }),
  "negative-gid": refused({ uid: 0, gid: -1 }),
  "uid-that-is-none": refused({ uid: 4294967295, gid: 0 }),
  "gid-that-is-none": refused({ uid: 0, gid: 4294967295 }),
  "uid-too-high": refused({ uid: 4294967296, gid: 0 }),
  "additional-gids": additional(1000, [20, 200000, 30]),
  "additional-gids-many": additional(
    1000,
    Array.from({ length: 300 }, (_, at) => 10000 + at),
  ),
  "additional-gids-empty": additional(1000, []),
  "additional-gids-absent": additional(1000, undefined),
} satisfies Cases;
