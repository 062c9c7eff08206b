// SPDX-License-Identifier: Apache-2.0

import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { act, type Case, type Cases, type Change } from "../../case.ts";
import type { ClauseId } from "../../catalogue/index.ts";
import { equal, Skip } from "../../expect.ts";
import { withMappings, withNamespaces } from "../../instruments/namespaces.ts";
import { mountHere } from "../../instruments/sources.ts";
import { cgroup, namespace, path, root } from "../../needs.ts";
import { pause } from "../../questions.ts";
import { words } from "../../stage/host.ts";
import type { Stage } from "../../stage/stage.ts";

const listFolder = "/sys/kernel/cgroup";
const listFile = `${listFolder}/delegate`;
const fallback = ["cgroup.procs", "cgroup.subtree_control", "cgroup.threads"];

const tree = "/sys/fs/cgroup";
const mount = { destination: tree, type: "cgroup", source: "cgroup", options: ["nosuid", "noexec", "nodev"] };

/** The program's user is 1000 of the container, and this one of the host. */
const owner = 101_000;
const asUser: Change = { "/process/user": { uid: 1000, gid: 1000 } };
const delegated: Change = {
  ...withNamespaces({ type: "user" }, { type: "cgroup" }),
  ...withMappings,
  ...asUser,
  "/mounts/-": mount,
};

const needs = [root, cgroup, namespace("cgroup"), path(listFile)];

const ownerOf = (name: string) => statSync(name).uid;

/** Who owns the container's cgroup once it has been created. */
async function created(stage: Stage, container = stage.container): Promise<string> {
  stage.ask({ pause }, container);
  await container.create();
  return container.place.cgroupFolder;
}

const prepare = ({ rootfs }: { readonly rootfs: string }) => {
  mkdirSync(`${rootfs}${tree}`, { recursive: true });
};

const changes = (clauses: readonly [ClauseId, ...ClauseId[]], change: Change, expected: number): Case =>
  act({
    clauses,
    needs,
    prepare,
    change,
    run: async (stage) => equal("owner of the container's cgroup", ownerOf(await created(stage)), expected),
  });

const stays = (clause: ClauseId, change: Change): Case => changes([clause], { ...delegated, ...change }, 0);

/** Of the files of the container's cgroup those whose owner has changed. */
async function changedFiles(stage: Stage, container = stage.container) {
  const folder = await created(stage, container);
  const entries = readdirSync(folder, { withFileTypes: true });
  const names = entries.flatMap((entry) => (entry.isFile() ? entry.name : [])).toSorted();
  return { names, changed: names.filter((name) => ownerOf(`${folder}/${name}`) !== 0) };
}

/** They must be those of the kernel's list that are there, if the runtime changes owners at all: it MAY. */
async function expectList(stage: Stage, look: (list: readonly string[], names: readonly string[]) => void) {
  const { names, changed } = await changedFiles(stage);
  if (ownerOf(stage.place.cgroupFolder) === 0)
    throw new Skip("the runtime does not change the owner of the cgroup");
  const list = words(readFileSync(listFile, "utf8"));
  look(list, names);
  equal(
    "files of the cgroup whose owner has changed",
    changed,
    names.filter((name) => list.includes(name)),
  );
}

export default {
  "user-namespace": changes(["cgroups.owner-writable", "cgroups.owner"], delegated, owner),
  // Without a user namespace the host's user is the container's.
  "same-ids": changes(
    ["cgroups.owner-writable", "cgroups.owner"],
    { ...withNamespaces({ type: "cgroup" }), ...asUser, "/mounts/-": mount },
    1000,
  ),
  "written-out-rw": changes(
    ["cgroups.owner-writable", "cgroups.owner"],
    { ...delegated, "/mounts/-": { ...mount, options: [...mount.options, "rw"] } },
    owner,
  ),

  "no-cgroup-namespace": stays("cgroups.owner-namespace", withNamespaces({ type: "user" })),
  "read-only": stays("cgroups.owner-unchanged", {
    "/mounts/-": { ...mount, options: [...mount.options, "ro"] },
  }),
  "other-source": stays("cgroups.owner-unchanged", { "/mounts/-": { ...mount, source: "cgroup2" } }),
  "other-destination": stays("cgroups.owner-unchanged", { "/mounts/-": { ...mount, destination: "/tmp" } }),
  "no-mount": changes(
    ["cgroups.owner-unchanged"],
    { ...withNamespaces({ type: "user" }, { type: "cgroup" }), ...withMappings, ...asUser },
    0,
  ),

  files: act({
    clauses: ["cgroups.owner-files", "cgroups.owner-others"],
    needs,
    prepare,
    change: delegated,
    run: (stage) => expectList(stage, () => {}),
  }),
  "files-missing": act({
    clauses: ["cgroups.owner-missing", "cgroups.owner-files"],
    needs,
    prepare,
    change: delegated,
    run: (stage) =>
      expectList(stage, (list, names) => {
        if (list.every((name) => names.includes(name)))
          throw new Skip("the cgroup has all files of the list");
      }),
  }),
  // An empty file system hides the list, for the worker alone.
  "no-list": act({
    clauses: ["cgroups.owner-fallback"],
    needs,
    prepare,
    change: delegated,
    run: async (stage) => {
      const before = await changedFiles(stage);
      if (before.changed.length === 0) throw new Skip("the runtime does not change the owner of any file");
      mountHere("-t", "tmpfs", "conformance", listFolder);
      stage.ownMounts();
      if (existsSync(listFile)) throw new Error(`${listFile} is still there`);
      const { changed } = await changedFiles(stage, stage.another(delegated, prepare));
      equal("files of the cgroup whose owner has changed", changed, fallback);
    },
  }),
} satisfies Cases;
