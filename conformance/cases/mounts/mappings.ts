// SPDX-License-Identifier: Apache-2.0

import { statSync } from "node:fs";
import { type Cases, observe, refuse } from "../../case.ts";
import { contains, equal } from "../../expect.ts";
import {
  gidMappings,
  giveAway,
  idmapNeeds,
  owned,
  ownedMount,
  ownersOf,
  prepareOwned,
  uidMappings,
  userNamespaceNeeds,
} from "../../instruments/idmaps.ts";
import { mountAt } from "../../instruments/mounts.ts";
import { withUserNamespace } from "../../instruments/namespaces.ts";
import { root } from "../../needs.ts";
import { create, lstat, mounts } from "../../questions.ts";

export default {
  ranges: observe({
    clauses: ["mounts.mappings"],
    needs: idmapNeeds,
    prepare: prepareOwned(3, 1004, 2000),
    change: (place) =>
      ownedMount("bind", "idmap")(place, {
        uidMappings: [
          { containerID: 0, hostID: 100_000, size: 10 },
          { containerID: 1000, hostID: 300_000, size: 10 },
        ],
        gidMappings: [
          { containerID: 1000, hostID: 200_000, size: 10 },
          { containerID: 0, hostID: 400_000, size: 10 },
        ],
      }),
    ask: { first: owned(3), second: owned(1004), none: owned(2000) },
    expect: (seen) => {
      equal("owners at the mount of 3:3 in the source", ownersOf(seen.first), [100_003, 400_003]);
      equal("owners at the mount of 1004:1004 in the source", ownersOf(seen.second), [300_004, 200_004]);
      equal("owners at the mount of an id in no range", ownersOf(seen.none), [65_534, 65_534]);
    },
  }),
  "user-namespace": observe({
    clauses: ["mounts.mappings-user-namespace"],
    needs: userNamespaceNeeds,
    prepare: (place) => {
      prepareOwned(0, 5)(place);
      giveAway(place);
    },
    change: (place) => {
      const mappings = [{ containerID: 0, hostID: 100_000, size: 1000 }];
      // The kernel lets a user namespace bind no tree without what is mounted below.
      const mount = ownedMount("rbind", "idmap")(place, { uidMappings: mappings, gidMappings: mappings });
      return { ...withUserNamespace, ...mount };
    },
    ask: { zero: owned(0), five: owned(5), created: create("/m/new"), made: lstat("/m/new") },
    expect: (seen, { place }) => {
      equal("owners at the mount of 0:0 in the source", ownersOf(seen.zero), [0, 0]);
      equal("owners at the mount of 5:5 in the source", ownersOf(seen.five), [5, 5]);
      equal("creating a file there", seen.created, { ok: true });
      equal("owner of the new file in the source", statSync(`${place.scratch}/tree/new`).uid, 0);
    },
  }),
  idmapped: observe({
    clauses: ["mounts.mappings-idmapped"],
    needs: idmapNeeds,
    prepare: prepareOwned(5),
    change: (place) => ownedMount("bind", "idmap")(place, { uidMappings, gidMappings }),
    ask: { mounts },
    expect: (seen, { place }) => {
      contains("options of the mount", mountAt(seen.mounts, "/m").options, "idmapped");
      equal("owner of the file in the source", statSync(`${place.scratch}/tree/5`).uid, 5);
    },
  }),
  "without-option": observe({
    clauses: ["mounts.mappings-without-option"],
    needs: idmapNeeds,
    prepare: prepareOwned(5),
    change: (place) => ownedMount("bind")(place, { uidMappings, gidMappings }),
    ask: { file: owned(5) },
    expect: (seen) =>
      equal("owners at the mount of 5:5 in the source", ownersOf(seen.file), [100_005, 200_005]),
  }),
  "uid-only": refuse({
    clauses: ["mounts.mappings-together"],
    needs: idmapNeeds,
    prepare: prepareOwned(5),
    change: (place) => ownedMount("bind", "idmap")(place, { uidMappings }),
  }),
  "gid-only": refuse({
    clauses: ["mounts.mappings-together"],
    needs: idmapNeeds,
    prepare: prepareOwned(5),
    change: (place) => ownedMount("bind", "idmap")(place, { gidMappings }),
  }),
  empty: observe({
    clauses: ["mounts.mappings-empty"],
    needs: [root],
    prepare: prepareOwned(5),
    change: (place) => ownedMount("bind")(place, { uidMappings: [], gidMappings: [] }),
    ask: { file: owned(5) },
    expect: (seen) => equal("owners at the mount of 5:5 in the source", ownersOf(seen.file), [5, 5]),
  }),
} satisfies Cases;
