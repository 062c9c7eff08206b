// SPDX-License-Identifier: Apache-2.0

import { readFileSync } from "node:fs";
import { act, type Case, type Cases, type Change, refuse } from "../../case.ts";
import type { ClauseId } from "../../catalogue/index.ts";
import { equal, holds, outcomeIs } from "../../expect.ts";
import { mountAt, mountsAt } from "../../instruments/mounts.ts";
import { mountHere, mountPoint, mountTmpfs } from "../../instruments/sources.ts";
import { root } from "../../needs.ts";
import { mount, mounts } from "../../questions.ts";
import type { Place } from "../../stage/place.ts";
import type { Stage } from "../../stage/stage.ts";

const administrator = ["CAP_SYS_ADMIN"];
const change = (propagation: string): Change => ({
  "/linux/rootfsPropagation": propagation,
  "/process/capabilities": {
    bounding: administrator,
    effective: administrator,
    permitted: administrator,
  },
});

/** On the host the rootfs is a mount that shares what happens to it. */
function shareRootfs(place: Place): void {
  mountPoint(place, "/from-host");
  mountPoint(place, "/from-inside");
  mountHere("--bind", place.rootfs, place.rootfs);
  mountHere("--make-shared", place.rootfs);
}

const hostMounts = () => readFileSync("/proc/self/mountinfo", "utf8").split("\n").filter(Boolean);

/** Mounts something on either side; what the container and the host then have. */
async function mountOnBothSides(stage: Stage) {
  const { container, place } = stage;
  const asked = { made: mount("tmpfs", "/from-inside"), mounts } as const;
  stage.ask(asked);
  container.change({ "/process/args": ["/probe", asked.made.ask, asked.mounts.ask, "pause"] });
  await container.create();
  mountTmpfs(`${place.rootfs}/from-host`);
  stage.ownMounts();
  await container.start();
  const inside = await stage.answers(asked);
  outcomeIs("mount in the container", inside.made, "ok");
  return {
    inside: inside.mounts,
    arrived: mountsAt(inside.mounts, "/from-host").length > 0,
    escaped: mountsAt(hostMounts(), `${place.rootfs}/from-inside`).length > 0,
  };
}

const between = (clause: ClauseId, propagation: string, arrives: boolean): Case =>
  act({
    clauses: [clause],
    needs: [root],
    prepare: shareRootfs,
    change: change(propagation),
    run: async (stage) => {
      const { arrived, escaped } = await mountOnBothSides(stage);
      equal("whether a mount of the host is in the container", arrived, arrives);
      equal("whether a mount of the container is on the host", escaped, false);
    },
  });

export default {
  shared: act({
    clauses: ["kernel.propagation-shared"],
    needs: [root],
    prepare: shareRootfs,
    change: change("shared"),
    run: async (stage) => {
      const { inside, escaped } = await mountOnBothSides(stage);
      const group = mountAt(inside, "/").propagation.find((word) => word.startsWith("shared:"));
      holds("propagation of the root mount", mountAt(inside, "/").propagation, "shared", group !== undefined);
      const below = mountAt(inside, "/from-inside").propagation;
      holds(
        "propagation of a mount below",
        below,
        "shared",
        below.some((word) => word.startsWith("shared:")),
      );
      const ofHost = hostMounts().filter((line) => line.split(" ").includes(group));
      equal("mounts of the host in its peer group", ofHost, []);
      equal("whether a mount of the container is on the host", escaped, false);
    },
  }),
  slave: between("kernel.propagation-slave", "slave", true),
  private: between("kernel.propagation-private", "private", false),
  unbindable: act({
    clauses: ["kernel.propagation-unbindable"],
    needs: [root],
    prepare: shareRootfs,
    change: change("unbindable"),
    run: async (stage) => {
      const { inside, arrived, escaped } = await mountOnBothSides(stage);
      equal("propagation of the root mount", mountAt(inside, "/").propagation, ["unbindable"]);
      equal("whether a mount of the host is in the container", arrived, false);
      equal("whether a mount of the container is on the host", escaped, false);
    },
  }),
  unknown: refuse({
    clauses: ["kernel.propagation-invalid"],
    change: { "/linux/rootfsPropagation": "sideways" },
  }),
} satisfies Cases;
