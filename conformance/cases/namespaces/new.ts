// SPDX-License-Identifier: Apache-2.0

import { act, type Case, type Cases } from "../../case.ts";
import { holds } from "../../expect.ts";
import {
  type NamespaceType,
  namespaceFiles,
  namespaceTypes,
  ownNamespace,
  withNamespaces,
  withUserNamespace,
} from "../../instruments/namespaces.ts";
import { observeOrSkip } from "../../instruments/optional.ts";
import { namespace, root } from "../../needs.ts";
import { namespaces } from "../../questions.ts";

/** That it cannot make some type at all is what isolation.ts judges: types are a SHOULD. */
const made = (type: NamespaceType): Case =>
  act({
    clauses: ["namespaces.new"],
    needs: [namespace(namespaceFiles[type]), ...(type === "user" ? [root] : [])],
    change: type === "user" ? withUserNamespace : withNamespaces({ type }),
    run: async (stage) => {
      const seen = (await observeOrSkip(stage, `${type} namespaces`, { namespaces })).namespaces;
      const own = ownNamespace(type);
      const inside = seen[namespaceFiles[type]];
      holds(`the ${type} namespace`, inside, `another one than ${own}, the runtime's`, inside !== own);
    },
  });

export default {
  ...Object.fromEntries(namespaceTypes.map((type) => [type, made(type)])),
} satisfies Cases;
