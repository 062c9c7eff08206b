// SPDX-License-Identifier: Apache-2.0

import { type Cases, observe } from "../../case.ts";
import { contains, equal, holds, outcomeIs } from "../../expect.ts";
import { mountsAt } from "../../instruments/mounts.ts";
import { markedFolder, mountPoint } from "../../instruments/sources.ts";
import { create, mounts } from "../../questions.ts";
import { baseMounts } from "../../stage/base.ts";

const tmpfs = (...options: readonly string[]) => ({
  destination: "/m",
  type: "tmpfs",
  source: "tmpfs",
  options,
});

/** One mount after both entries. */
function onlyMount(lines: readonly string[]) {
  const there = mountsAt(lines, "/m");
  const [only] = there;
  holds("mounts at the destination", there, "one", there.length === 1 && only !== undefined);
  return only;
}

export default {
  "file-system": observe({
    clauses: ["mount-options.remount"],
    prepare: (place) => mountPoint(place),
    change: { "/mounts": [...baseMounts, tmpfs("size=1m"), tmpfs("remount", "ro")] },
    ask: { mounts, created: create("/m/new") },
    expect: (seen) => {
      contains("options of the file system", onlyMount(seen.mounts).superOptions, "size=1024k");
      outcomeIs("creating a file there", seen.created, "EROFS");
    },
  }),
  data: observe({
    clauses: ["mount-options.remount"],
    prepare: (place) => mountPoint(place),
    change: { "/mounts": [...baseMounts, tmpfs("size=1m"), tmpfs("remount", "size=2m")] },
    ask: { mounts },
    expect: (seen) =>
      contains("options of the file system", onlyMount(seen.mounts).superOptions, "size=2048k"),
  }),
  bind: observe({
    clauses: ["mount-options.remount"],
    prepare: (place) => {
      mountPoint(place);
      markedFolder(`${place.scratch}/source`, "x");
    },
    change: ({ scratch }) => {
      const mount = { destination: "/m", type: "none", source: `${scratch}/source` };
      const again = { ...mount, options: ["bind", "remount", "ro"] };
      return { "/mounts": [...baseMounts, { ...mount, options: ["bind"] }, again] };
    },
    ask: { mounts, created: create("/m/new") },
    expect: (seen) => {
      outcomeIs("creating a file there", seen.created, "EROFS");
      const { superOptions } = onlyMount(seen.mounts);
      equal("whether the whole file system is writable", superOptions.includes("rw"), true);
    },
  }),
} satisfies Cases;
