// SPDX-License-Identifier: Apache-2.0

import { type Case, type Cases, observe } from "../../case.ts";
import { equal } from "../../expect.ts";
import {
  type NamespaceType,
  namespaceFiles,
  namespaceTypes,
  ownNamespace,
  withoutNamespace,
} from "../../instruments/namespaces.ts";
import { mountHere, perform } from "../../instruments/sources.ts";
import { namespace, root } from "../../needs.ts";
import { namespaces } from "../../questions.ts";

const inherited = (type: NamespaceType): Case =>
  observe({
    clauses: ["namespaces.inherit"],
    needs: [namespace(namespaceFiles[type])],
    change: withoutNamespace(type),
    ask: { namespaces },
    expect: ({ namespaces: seen }) =>
      equal(`the ${type} namespace`, seen[namespaceFiles[type]], ownNamespace(type)),
  });

/** Without mounts, which would then be the runtime's as well: it may refuse those. */
const inheritedMounts: Case = observe({
  clauses: ["namespaces.inherit"],
  needs: [root],
  prepare: ({ rootfs }) => {
    mountHere("--bind", "/proc", `${rootfs}/proc`);
    perform("mknod", "-m", "666", `${rootfs}/dev/null`, "c", "1", "3"); // crun expects it there
  },
  change: { ...withoutNamespace("mount"), "/mounts": [] },
  ask: { namespaces },
  expect: ({ namespaces: seen }) => equal("the mount namespace", seen.mnt, ownNamespace("mount")),
});

export default {
  ...Object.fromEntries(
    namespaceTypes.filter((type) => type !== "mount").map((type) => [type, inherited(type)]),
  ),
  mount: inheritedMounts,
} satisfies Cases;
