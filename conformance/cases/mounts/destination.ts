// SPDX-License-Identifier: Apache-2.0

import { mkdirSync, symlinkSync } from "node:fs";
import { type Case, type Cases, observe, refuse } from "../../case.ts";
import { equal } from "../../expect.ts";
import { mountAt } from "../../instruments/mounts.ts";
import { mountPoint } from "../../instruments/sources.ts";
import { mounts } from "../../questions.ts";
import type { Place } from "../../stage/place.ts";

const tmpfs = (destination: string) => ({ destination, type: "tmpfs", source: "tmpfs" });

/** A destination that the container's links and dots lead to /target/inner. */
const leadsTo = (destination: string, prepare: (place: Place) => void = () => {}): Case =>
  observe({
    clauses: ["mounts.destination"],
    prepare: (place) => {
      mountPoint(place, "/target/inner");
      prepare(place);
    },
    change: { "/mounts/-": tmpfs(destination) },
    ask: { mounts },
    expect: (seen) => equal("type of the mount", mountAt(seen.mounts, "/target/inner").type, "tmpfs"),
  });

export default {
  required: refuse({
    clauses: ["mounts.destination-required"],
    change: { "/mounts/-": { type: "tmpfs", source: "tmpfs" } },
  }),
  "link-on-the-way": leadsTo("/link/inner", ({ rootfs }) => symlinkSync("/target", `${rootfs}/link`)),
  "link-at-the-end": leadsTo("/link", ({ rootfs }) => symlinkSync("/target/inner", `${rootfs}/link`)),
  "link-upwards": leadsTo("/link/inner", ({ rootfs }) =>
    symlinkSync(`${"../".repeat(20)}target`, `${rootfs}/link`),
  ),
  dots: leadsTo(`/tmp/${"../".repeat(20)}target/inner`),
  // The link names a folder that is there on the host as well as in the container.
  "link-to-host-path": observe({
    clauses: ["mounts.destination"],
    prepare: ({ rootfs, scratch }) => {
      mkdirSync(`${scratch}/inner`, { recursive: true });
      mkdirSync(`${rootfs}${scratch}/inner`, { recursive: true });
      symlinkSync(scratch, `${rootfs}/link`);
    },
    change: { "/mounts/-": tmpfs("/link/inner") },
    ask: { mounts },
    expect: (seen, { place }) =>
      equal("type of the mount", mountAt(seen.mounts, `${place.scratch}/inner`).type, "tmpfs"),
  }),
  relative: observe({
    clauses: ["mounts.destination-relative"],
    prepare: (place) => {
      mountPoint(place, "/target/inner");
      mountPoint(place, "/tmp/target/inner");
    },
    change: { "/mounts/-": tmpfs("target/inner"), "/process/cwd": "/tmp" },
    ask: { mounts },
    expect: (seen) => equal("type of the mount", mountAt(seen.mounts, "/target/inner").type, "tmpfs"),
  }),
} satisfies Cases;
