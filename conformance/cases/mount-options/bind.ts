// SPDX-License-Identifier: Apache-2.0

import { type Cases, observe } from "../../case.ts";
import { equal, present } from "../../expect.ts";
import { mountsAt } from "../../instruments/mounts.ts";
import { mountPoint, mountTree } from "../../instruments/sources.ts";
import { list, lstat, mounts } from "../../questions.ts";
import type { Place } from "../../stage/place.ts";

const prepare = (place: Place) => {
  mountPoint(place);
  mountTree(place);
};
const change = (option: string) => (place: Place) => ({
  "/mounts/-": { destination: "/m", type: "none", source: `${place.scratch}/tree`, options: [option] },
});
const asked = {
  mounts,
  file: lstat("/m/file"),
  nested: list("/m/nested"),
  deep: lstat("/m/nested/file"),
} as const;

export default {
  bind: observe({
    clauses: ["mount-options.bind"],
    prepare,
    change: change("bind"),
    ask: asked,
    expect: (seen) => {
      present("a file of the source", seen.file);
      equal("the folder that another file system covers in the source", seen.nested, []);
      equal("mounts below the bind", mountsAt(seen.mounts, "/m/nested"), []);
    },
  }),
  rbind: observe({
    clauses: ["mount-options.rbind"],
    prepare,
    change: change("rbind"),
    ask: asked,
    expect: (seen) => {
      present("a file of the source", seen.file);
      present("a file of the file system below the source", seen.deep);
      equal("mounts on the folder nested", mountsAt(seen.mounts, "/m/nested").length, 1);
    },
  }),
} satisfies Cases;
