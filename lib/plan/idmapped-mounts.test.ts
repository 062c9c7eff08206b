// SPDX-License-Identifier: Apache-2.0

import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Config, Mount } from "../config/types.ts";
import { RuntsError } from "../errors.ts";
import type { Facts } from "./facts.ts";
import { factsOf } from "./fixtures/facts.ts";
import { mountSteps } from "./mounts.ts";

const ids = [{ containerID: 0, hostID: 1000, size: 10 }];
const others = [{ containerID: 0, hostID: 5000, size: 10 }];

const bind = (fields: Partial<Mount>): Mount => ({
  destination: "/x",
  source: "/y",
  options: ["rbind"],
  ...fields,
});
const own = bind({ uidMappings: ids, gidMappings: ids });

function treesOf(mounts: readonly Mount[], linux: Config["linux"] = {}, more: Partial<Facts> = {}) {
  return mountSteps(factsOf({ ociVersion: "1.3.0", root: { path: "/" }, mounts, linux }, more)).trees;
}
const ops = (mounts: readonly Mount[]) => treesOf(mounts).map(({ op }) => op);

test("a tree is mapped after it is opened and before init can have it", () => {
  assert.equal(treesOf([own]), [
    { op: "openTree", from: "/mounts/0", slot: 1, source: "/y", recursive: 1, nofollow: 0 },
    { op: "makeIdMapping", from: "/mounts/0", slot: 0, uids: "0 1000 10\n", gids: "0 1000 10\n" },
    { op: "mapTree", from: "/mounts/0", slot: 1, mapping: 0, recursive: 0, source: "/y" },
  ]);
});

test("equal mappings are made once, others apart", () => {
  assert.equal(ops([own, own]), ["openTree", "makeIdMapping", "mapTree", "openTree", "mapTree"]);
  const made = treesOf([own, bind({ uidMappings: ids, gidMappings: others }), own]);
  assert.equal(
    made.flatMap((step) => (step.op === "mapTree" ? [step.mapping] : [])),
    [0, 1, 0],
  );
});

test("ridmap is for all mounts below, too", () => {
  const [, , map] = treesOf([{ ...own, options: ["rbind", "ridmap"] }]);
  assert.is(map?.op === "mapTree" && map.recursive, 1);
});

test("without mappings of its own the container's are the mount's", () => {
  const mount = bind({ options: ["bind", "idmap"] });
  const user = { namespaces: [{ type: "user" as const }], uidMappings: others, gidMappings: ids };
  const [, made] = treesOf([mount], user);
  assert.equal(made, {
    op: "makeIdMapping",
    from: "/mounts/0",
    slot: 0,
    uids: "0 5000 10\n",
    gids: "0 1000 10\n",
  });
  const [, opened] = treesOf([mount], { namespaces: [{ type: "user", path: "/proc/1/ns/user" }] });
  assert.equal(opened, { op: "openIdMapping", from: "/mounts/0", slot: 0, path: "/proc/1/ns/user" });
});

test("crun's form of the option", () => {
  const [, made] = treesOf([bind({ options: ["bind", "idmap=uids=0-1-10;gids=0-2-10"] })]);
  assert.equal(made, {
    op: "makeIdMapping",
    from: "/mounts/0",
    slot: 0,
    uids: "0 1 10\n",
    gids: "0 2 10\n",
  });
});

test("an ordinary user is told that it is root's", () => {
  assert.throws(
    () => treesOf([own], {}, { privileged: false }),
    (error: unknown) => error instanceof RuntsError && error.facts.pointer === "/mounts/0",
  );
});

test.run();
