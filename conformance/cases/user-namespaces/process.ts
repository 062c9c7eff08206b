// SPDX-License-Identifier: Apache-2.0

import { readFileSync } from "node:fs";
import { act, type Cases } from "../../case.ts";
import { equal, sameMembers } from "../../expect.ts";
import { withNamespaces } from "../../instruments/namespaces.ts";
import { root } from "../../needs.ts";
import { identity } from "../../questions.ts";

const four = (id: number) => [id, id, id, id];

/** Numbers of a line of /proc/PID/status. */
const statusOf = (pid: number, name: string) =>
  (readFileSync(`/proc/${pid}/status`, "utf8").match(new RegExp(`^${name}:(.*)$`, "m"))?.[1] ?? "")
    .trim()
    .split(/\s+/)
    .map(Number);

export default {
  ids: act({
    clauses: ["user-namespaces.process-ids", "user-namespaces.uid-mappings", "user-namespaces.gid-mappings"],
    needs: [root],
    change: {
      ...withNamespaces({ type: "user" }),
      "/linux/uidMappings": [
        { containerID: 0, hostID: 100_000, size: 1000 },
        { containerID: 1000, hostID: 300_000, size: 1000 },
      ],
      "/linux/gidMappings": [
        { containerID: 0, hostID: 500_000, size: 1000 },
        { containerID: 2000, hostID: 700_000, size: 2000 },
      ],
      "/process/user": { uid: 1001, gid: 2002, additionalGids: [5, 3003] },
    },
    run: async (stage) => {
      const seen = (await stage.begin({ identity })).identity;
      equal("user ids in the container", seen.uid, four(1001));
      equal("group ids in the container", seen.gid, four(2002));
      sameMembers("additional groups in the container", seen.groups, [5, 3003]);
      const { pid } = stage.container;
      equal("user ids on the host", statusOf(pid, "Uid"), four(300_001));
      equal("group ids on the host", statusOf(pid, "Gid"), four(700_002));
      sameMembers("additional groups on the host", statusOf(pid, "Groups"), [500_005, 701_003]);
    },
  }),
} satisfies Cases;
