// SPDX-License-Identifier: Apache-2.0

import { act, type Case, type Cases, observe, refuse } from "../../case.ts";
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
import { observeOrSkip } from "../../instruments/optional.ts";
import { mounts } from "../../questions.ts";

type Option = "idmap" | "ridmap";

const own = (option: Option): Case =>
  observe({
    clauses: [`mount-options.${option}`, `mount-options.${option}-mappings`],
    needs: idmapNeeds,
    prepare: prepareOwned(5),
    change: (place) => ownedMount("rbind", option)(place, { uidMappings, gidMappings }),
    ask: { above: owned(5), nested: owned(5, "/m/nested") },
    expect: (seen) => {
      equal("owners at the mount of 5:5 in the source", ownersOf(seen.above), [100_005, 200_005]);
      const below = option === "ridmap" ? [100_005, 200_005] : [5, 5];
      equal("owners in the mount below it of 5:5 in the source", ownersOf(seen.nested), below);
    },
  });

/** With another mapping at hand, that of a user namespace, the mount's own counts. */
const ownInUserNamespace = (option: Option): Case =>
  observe({
    clauses: [`mount-options.${option}-mappings`],
    needs: userNamespaceNeeds,
    prepare: (place) => {
      prepareOwned(5)(place);
      giveAway(place);
    },
    change: (place) => {
      const mappings = [{ containerID: 0, hostID: 100_300, size: 1000 }];
      return {
        ...withUserNamespace,
        ...ownedMount("rbind", option)(place, { uidMappings: mappings, gidMappings: mappings }),
      };
    },
    ask: { file: owned(5) },
    expect: (seen) => equal("owners at the mount of 5:5 in the source", ownersOf(seen.file), [305, 305]),
  });

const asIdmapped = (option: Option): Case =>
  observe({
    clauses: [`mount-options.${option}-mount-setattr`],
    needs: idmapNeeds,
    prepare: prepareOwned(5),
    change: (place) => ownedMount("rbind", option)(place, { uidMappings, gidMappings }),
    ask: { mounts },
    expect: (seen) => contains("options of the mount", mountAt(seen.mounts, "/m").options, "idmapped"),
  });

const ofUserNamespace = (option: Option): Case =>
  act({
    clauses: [`mount-options.${option}-user-namespace`],
    needs: userNamespaceNeeds,
    prepare: (place) => {
      prepareOwned(5)(place);
      giveAway(place);
    },
    change: (place) => ({ ...withUserNamespace, ...ownedMount("rbind", option)(place) }),
    run: async (stage) => {
      const seen = await observeOrSkip(stage, `${option} without mappings`, { file: owned(5) });
      equal("owners at the mount of 5:5 in the source", ownersOf(seen.file), [5, 5]);
    },
  });

const ofNothing = (option: Option): Case =>
  refuse({
    clauses: [`mount-options.${option}-nothing`],
    needs: idmapNeeds,
    prepare: prepareOwned(5),
    change: (place) => ownedMount("rbind", option)(place),
  });

export default Object.fromEntries(
  (["idmap", "ridmap"] as const).flatMap((option) => [
    [option, own(option)] as const,
    [`${option}-in-user-namespace`, ownInUserNamespace(option)] as const,
    [`${option}-by-mount-setattr`, asIdmapped(option)] as const,
    [`${option}-of-user-namespace`, ofUserNamespace(option)] as const,
    [`${option}-of-nothing`, ofNothing(option)] as const,
  ]),
) satisfies Cases;
