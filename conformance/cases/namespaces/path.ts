// SPDX-License-Identifier: Apache-2.0

import { relative } from "node:path";
import { act, type Case, type Cases, refuse } from "../../case.ts";
import { equal } from "../../expect.ts";
import {
  held,
  holdMountNamespace,
  holdNamespace,
  type NamespaceType,
  namespaceAt,
  namespaceFiles,
  namespaceTypes,
  needSupport,
  withNamespaces,
  withUserNamespace,
} from "../../instruments/namespaces.ts";
import { namespace, root } from "../../needs.ts";
import { namespaces } from "../../questions.ts";

const fileTypes = ["network", "ipc", "uts", "cgroup", "time"] as const;

/** The file is one that the container's root file system does not have. */
const joined = (type: (typeof fileTypes)[number]): Case =>
  act({
    clauses: ["namespaces.path", "namespaces.path-resolves"],
    needs: [root, namespace(namespaceFiles[type])],
    prepare: (place) => void holdNamespace(place, type),
    change: (place) => ({ ...withNamespaces(held(place, type)), "/hostname": undefined }),
    run: async (stage) => {
      if (type === "time") await needSupport(stage, type); // the youngest type
      const { namespaces: seen } = await stage.observe({ namespaces });
      const { path } = held(stage.place, type);
      equal(`the ${type} namespace`, seen[namespaceFiles[type]], namespaceAt(path));
    },
  });

/** Another container's: no PID namespace lives without a process, no user namespace is of use without mappings. */
const shared = (type: "pid" | "user"): Case =>
  act({
    clauses: ["namespaces.path"],
    needs: [root],
    run: async (stage) => {
      const other = stage.another(type === "user" ? withUserNamespace : {});
      const first = await stage.begin({ namespaces }, other);
      stage.container.change(withNamespaces({ type, path: `/proc/${other.pid}/ns/${type}` }));
      const { namespaces: seen } = await stage.observe({ namespaces });
      equal(`the ${type} namespace`, seen[type], first.namespaces[type]);
    },
  });

/** Of a process: nothing else is certain to keep one. */
const mount: Case = act({
  clauses: ["namespaces.path"],
  needs: [root],
  run: async (stage) => {
    const path = await holdMountNamespace(stage);
    stage.container.change(withNamespaces({ type: "mount", path }));
    const { namespaces: seen } = await stage.observe({ namespaces });
    equal("the mount namespace", seen.mnt, namespaceAt(path));
  },
});

/** All at once, the mount namespace first: the others' paths are still those of the runtime's. */
const several: Case = act({
  clauses: ["namespaces.path", "namespaces.path-resolves"],
  needs: [root],
  run: async (stage) => {
    const path = await holdMountNamespace(stage);
    const types = ["network", "ipc", "uts"] as const;
    for (const type of types) holdNamespace(stage.place, type);
    stage.ownMounts();
    const entries = types.map((type) => held(stage.place, type));
    stage.container.change(withNamespaces({ type: "mount", path }, ...entries), { "/hostname": undefined });
    const { namespaces: seen } = await stage.observe({ namespaces });
    equal("the mount namespace", seen.mnt, namespaceAt(path));
    for (const entry of entries) {
      equal(`the ${entry.type} namespace`, seen[namespaceFiles[entry.type]], namespaceAt(entry.path));
    }
  },
});

/** Relative to a folder that a runtime may be in; found there, it would be a namespace of the right type. */
const notAbsolute = (from: "bundle" | "cwd"): Case =>
  act({
    clauses: ["namespaces.path-absolute"],
    needs: [root],
    prepare: (place) => void holdNamespace(place, "uts"),
    change: { "/hostname": undefined },
    run: async (stage) => {
      const { path } = held(stage.place, "uts");
      // Commands run in the folder above that of the bundle's.
      const folder = from === "bundle" ? stage.place.bundle : `${stage.place.bundle}/../..`;
      stage.container.change(withNamespaces({ type: "uts", path: relative(folder, path) }));
      await stage.expectRefusal("create");
    },
  });

const wrongType = (type: NamespaceType): Case =>
  refuse({
    clauses: ["namespaces.path-type"],
    change: {
      ...withNamespaces({ type, path: `/proc/1/ns/${type === "ipc" ? "uts" : "ipc"}` }),
      "/hostname": undefined,
    },
  });

const noNamespace = (path: string): Case =>
  refuse({
    clauses: ["namespaces.path-type"],
    change: withNamespaces({ type: "network", path }),
  });

export default {
  ...Object.fromEntries(fileTypes.map((type) => [type, joined(type)])),
  pid: shared("pid"),
  user: shared("user"),
  mount,
  several,
  "relative-to-cwd": notAbsolute("cwd"),
  "relative-to-bundle": notAbsolute("bundle"),
  ...Object.fromEntries(namespaceTypes.map((type) => [`wrong-type-${type}`, wrongType(type)])),
  "not-a-namespace": noNamespace("/proc/1/mountinfo"),
  missing: noNamespace("/proc/1/ns/none"),
} satisfies Cases;
