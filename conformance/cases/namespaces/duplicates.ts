// SPDX-License-Identifier: Apache-2.0

import { type Case, type Cases, refuse } from "../../case.ts";
import {
  held,
  holdNamespace,
  type NamespaceType,
  namespaceTypes,
  withMappings,
  withNamespaces,
} from "../../instruments/namespaces.ts";
import { root } from "../../needs.ts";

const twice = (type: NamespaceType): Case =>
  refuse({
    clauses: ["namespaces.duplicates"],
    change: { ...withNamespaces({ type }, { type }), ...(type === "user" ? withMappings : {}) },
  });

export default {
  ...Object.fromEntries(namespaceTypes.map((type) => [type, twice(type)])),
  "new-and-joined": refuse({
    clauses: ["namespaces.duplicates"],
    needs: [root],
    prepare: (place) => void holdNamespace(place, "network"),
    change: (place) => withNamespaces({ type: "network" }, held(place, "network")),
  }),
} satisfies Cases;
