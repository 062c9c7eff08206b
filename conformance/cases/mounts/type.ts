// SPDX-License-Identifier: Apache-2.0

import { type Case, type Cases, observe, refuse } from "../../case.ts";
import { equal } from "../../expect.ts";
import { markedFolder, mountPoint } from "../../instruments/sources.ts";
import { fileSystem as known, root } from "../../needs.ts";
import { fileSystem, read } from "../../questions.ts";

/** By the magic numbers of statfs(2). */
const kernelTypes = {
  tmpfs: "0x1021994",
  ramfs: "0x858458f6",
  proc: "0x9fa0",
  sysfs: "0x62656572",
  devpts: "0x1cd1",
  mqueue: "0x19800202",
};

const ofKernel = (type: string, magic: string): Case =>
  observe({
    clauses: ["mounts.type"],
    needs: type === "sysfs" ? [root, known(type)] : [known(type)], // that of a network namespace of others is refused
    prepare: (place) => mountPoint(place),
    change: { "/mounts/-": { destination: "/m", type, source: type, options: ["nosuid"] } },
    ask: { about: fileSystem("/m") },
    expect: (seen) => equal("magic number of the file system", seen.about?.magic, magic),
  });

/** What a mount with such options shows of its source; undefined leaves the type out. */
const bound = (type: string | undefined, option: string, ...clauses: readonly "mounts.type-bind"[]): Case =>
  observe({
    clauses: ["mounts.bind", ...clauses],
    prepare: (place) => {
      mountPoint(place);
      markedFolder(`${place.scratch}/source`, "source");
    },
    change: ({ scratch }) => {
      const mount = { destination: "/m", source: `${scratch}/source`, options: [option] };
      return { "/mounts/-": { ...mount, ...(type === undefined ? {} : { type }) } };
    },
    ask: { mark: read("/m/mark") },
    expect: (seen) => equal("the mark of the source", seen.mark, "source"),
  });

export default {
  ...Object.fromEntries(
    Object.entries(kernelTypes).map(([type, magic]) => [type, ofKernel(type, magic)] as const),
  ),
  unknown: refuse({
    clauses: ["mounts.type-unknown", "config.unsupported-values"],
    prepare: (place) => mountPoint(place),
    change: { "/mounts/-": { destination: "/m", type: "conformance-nonsense", source: "none" } },
  }),
  bind: bound("none", "bind"),
  rbind: bound("none", "rbind"),
  "bind-without-type": bound(undefined, "bind", "mounts.type-bind"),
  "bind-with-type-of-kernel": bound("tmpfs", "bind", "mounts.type-bind"),
  "bind-with-type-of-none": bound("conformance-nonsense", "rbind", "mounts.type-bind"),
} satisfies Cases;
