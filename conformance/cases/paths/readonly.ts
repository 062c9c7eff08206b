// SPDX-License-Identifier: Apache-2.0

import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { act, type Cases, observe, refuse } from "../../case.ts";
import { contains, equal, outcomeIs, present } from "../../expect.ts";
import { observeOrSkip } from "../../instruments/optional.ts";
import { root } from "../../needs.ts";
import {
  chmod,
  create,
  fileSystem,
  list,
  lstat,
  makeDirectory,
  open,
  read,
  remove,
  write,
} from "../../questions.ts";
import type { Place } from "../../stage/place.ts";

const text = "text";

/** FOLDER/file, FOLDER/inner/file */
function fill(folder: string): void {
  mkdirSync(`${folder}/inner`, { recursive: true });
  writeFileSync(`${folder}/file`, text);
  writeFileSync(`${folder}/inner/file`, text);
}

/** A folder with all kinds of rights, bound at /data, where its folder `kept` is to become readonly. */
const bound = {
  prepare: ({ scratch, rootfs }: Place) => {
    mkdirSync(`${rootfs}/data`);
    fill(`${scratch}/data/kept`);
  },
  mount: ({ scratch }: Place, ...options: readonly string[]) => ({
    destination: "/data",
    type: "bind",
    source: `${scratch}/data`,
    options: ["rbind", ...options],
  }),
};

export default {
  file: observe({
    clauses: ["paths.readonly-file"],
    prepare: ({ rootfs }) => fill(`${rootfs}/data`),
    change: { "/linux/readonlyPaths": ["/data/file"] },
    ask: {
      seen: read("/data/file"),
      written: open("/data/file", "w"),
      changed: chmod("/data/file", 0o600),
      beside: write("/data/inner/file", "new"),
    },
    expect: ({ seen, written, changed, beside }) => {
      equal("what can be read", seen, text);
      outcomeIs("opening it to write", written, "EROFS");
      outcomeIs("chmod of it", changed, "EROFS");
      outcomeIs("writing a file beside it", beside, "ok");
    },
  }),
  directory: observe({
    clauses: ["paths.readonly-directory"],
    prepare: ({ rootfs }) => fill(`${rootfs}/data`),
    change: { "/linux/readonlyPaths": ["/data"] },
    ask: {
      seen: read("/data/inner/file"),
      names: list("/data"),
      created: create("/data/new"),
      made: makeDirectory("/data/inner/new"),
      written: open("/data/inner/file", "w"),
      removed: remove("/data/file"),
      changed: chmod("/data/inner", 0o700),
      beside: create("/tmp/new"),
    },
    expect: ({ seen, names, beside, ...attempts }) => {
      equal("what can be read", seen, text);
      equal("names in it", names, ["file", "inner"]);
      for (const [what, outcome] of Object.entries(attempts)) outcomeIs(`what was ${what}`, outcome, "EROFS");
      outcomeIs("a new file elsewhere", beside, "ok");
    },
  }),
  "in-proc": observe({
    clauses: ["paths.readonly-inside", "paths.readonly-directory"],
    needs: [root], // or the file's owner, who is not mapped, would be the one to refuse
    change: { "/linux/readonlyPaths": ["/proc/sys"] },
    ask: {
      hostname: open("/proc/sys/kernel/hostname", "w"),
      seen: read("/proc/sys/kernel/hostname"),
      beside: open("/proc/self/comm", "w"),
    },
    expect: ({ hostname, seen, beside }) => {
      outcomeIs("opening /proc/sys/kernel/hostname to write", hostname, "EROFS");
      equal("/proc/sys/kernel/hostname", seen, "conformance\n");
      outcomeIs("opening /proc/self/comm to write", beside, "ok");
    },
  }),
  mounted: observe({
    clauses: ["paths.readonly-inside", "paths.readonly-directory"],
    prepare: bound.prepare,
    change: (place) => ({ "/mounts/-": bound.mount(place), "/linux/readonlyPaths": ["/data/kept"] }),
    ask: {
      seen: read("/data/kept/inner/file"),
      created: create("/data/kept/new"),
      beside: create("/data/new"),
    },
    expect: ({ seen, created, beside }, { place }) => {
      equal("what can be read", seen, text);
      outcomeIs("a new file in it", created, "EROFS");
      outcomeIs("a new file beside it", beside, "ok");
      writeFileSync(`${place.scratch}/data/kept/file`, "the host can write");
    },
  }),
  "mount-point": observe({
    clauses: ["paths.readonly-inside", "paths.readonly-directory"],
    change: { "/linux/readonlyPaths": ["/dev/shm"] },
    ask: { created: create("/dev/shm/new"), beside: create("/dev/new") },
    expect: ({ created, beside }) => {
      outcomeIs("a new file in /dev/shm", created, "EROFS");
      outcomeIs("a new file in /dev", beside, "ok");
    },
  }),
  // What a path gains must not cost it what the mount below forbids.
  "mount-options-stay": observe({
    clauses: ["paths.readonly-inside"],
    prepare: bound.prepare,
    change: (place) => ({
      "/mounts/-": bound.mount(place, "nosuid", "nodev", "noexec"),
      "/linux/readonlyPaths": ["/data/kept"],
    }),
    ask: { seen: fileSystem("/data/kept") },
    expect: ({ seen }) => {
      const { flags } = present("/data/kept", seen);
      for (const flag of ["ST_RDONLY", "ST_NOSUID", "ST_NODEV", "ST_NOEXEC"]) {
        contains("flags of /data/kept", flags, flag);
      }
    },
  }),
  "through-link": observe({
    clauses: ["paths.readonly-directory"],
    prepare: ({ rootfs }) => {
      fill(`${rootfs}/data`);
      symlinkSync("data", `${rootfs}/link`);
    },
    change: { "/linux/readonlyPaths": ["/link"] },
    ask: { seen: read("/link/file"), created: create("/link/new") },
    expect: ({ seen, created }) => {
      equal("what can be read", seen, text);
      outcomeIs("a new file in it", created, "EROFS");
    },
  }),
  relative: refuse({
    clauses: ["paths.readonly-absolute"],
    prepare: ({ rootfs }) => fill(`${rootfs}/data`),
    change: { "/linux/readonlyPaths": ["data"] },
  }),
  missing: act({
    clauses: ["paths.readonly-missing"],
    change: { "/linux/readonlyPaths": ["/etc/nonesuch", "/proc/nonesuch"] },
    run: async (stage) => {
      const asked = { seen: lstat("/etc/nonesuch") };
      equal(
        "/etc/nonesuch",
        (await observeOrSkip(stage, "readonlyPaths that are not there", asked)).seen,
        null,
      );
    },
  }),
} satisfies Cases;
