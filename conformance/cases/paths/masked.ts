// SPDX-License-Identifier: Apache-2.0

import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { act, type Cases, observe, refuse } from "../../case.ts";
import { equal, holds } from "../../expect.ts";
import { observeOrSkip } from "../../instruments/optional.ts";
import { list, lstat, read } from "../../questions.ts";
import type { Place } from "../../stage/place.ts";

const secret = "secret";

const secretFile = (place: Place) => writeFileSync(`${place.rootfs}/etc/secret`, secret);

function secretFolder(place: Place): void {
  mkdirSync(`${place.rootfs}/etc/secrets/inner`, { recursive: true });
  writeFileSync(`${place.rootfs}/etc/secrets/file`, secret);
  writeFileSync(`${place.rootfs}/etc/secrets/inner/file`, secret);
}

/** An empty file or an error: the spec leaves it to the runtime how a path is masked. */
const unreadable = (path: string, seen: string | null) =>
  holds(`what can be read from ${path}`, seen, "nothing", seen === null || seen === "");

const unlistable = (path: string, seen: readonly string[] | null) =>
  holds(`names in ${path}`, seen, "none", seen === null || seen.length === 0);

const folder = {
  names: list("/etc/secrets"),
  file: read("/etc/secrets/file"),
  inner: read("/etc/secrets/inner/file"),
};

const maskedFolder = (readonly: boolean) =>
  observe({
    clauses: ["paths.masked-directory"],
    prepare: secretFolder,
    change: { "/linux/maskedPaths": ["/etc/secrets"], "/root/readonly": readonly },
    ask: folder,
    expect: ({ names, file, inner }) => {
      unlistable("/etc/secrets", names);
      unreadable("/etc/secrets/file", file);
      unreadable("/etc/secrets/inner/file", inner);
    },
  });

const maskedFile = (readonly: boolean) =>
  observe({
    clauses: ["paths.masked-file"],
    prepare: secretFile,
    change: { "/linux/maskedPaths": ["/etc/secret"], "/root/readonly": readonly },
    ask: { seen: read("/etc/secret") },
    expect: ({ seen }) => unreadable("/etc/secret", seen),
  });

/** Both a file and a folder of a bind mount, which the host goes on to see. */
const mounted = observe({
  clauses: ["paths.masked-inside", "paths.masked-file", "paths.masked-directory"],
  prepare: ({ scratch, rootfs }) => {
    mkdirSync(`${rootfs}/data`);
    mkdirSync(`${scratch}/data/folder`, { recursive: true });
    for (const name of ["file", "folder/file", "other"]) writeFileSync(`${scratch}/data/${name}`, secret);
  },
  change: ({ scratch }) => ({
    "/mounts/-": { destination: "/data", type: "bind", source: `${scratch}/data`, options: ["rbind"] },
    "/linux/maskedPaths": ["/data/file", "/data/folder"],
  }),
  ask: { file: read("/data/file"), names: list("/data/folder"), other: read("/data/other") },
  expect: ({ file, names, other }, { place }) => {
    unreadable("/data/file", file);
    unlistable("/data/folder", names);
    equal("a file beside them", other, secret);
    for (const name of ["file", "folder/file"]) {
      equal(`the host's ${name}`, readFileSync(`${place.scratch}/data/${name}`, "utf8"), secret);
    }
  },
});

export default {
  file: maskedFile(false),
  directory: maskedFolder(false),
  "file-in-readonly-root": maskedFile(true),
  "directory-in-readonly-root": maskedFolder(true),
  "in-proc": observe({
    clauses: ["paths.masked-inside", "paths.masked-file", "paths.masked-directory"],
    change: { "/linux/maskedPaths": ["/proc/version", "/proc/sys"] },
    ask: { file: read("/proc/version"), names: list("/proc/sys"), other: read("/proc/filesystems") },
    expect: ({ file, names, other }) => {
      unreadable("/proc/version", file);
      unlistable("/proc/sys", names);
      holds("/proc/filesystems, which is not masked", other, "its lines", other !== null && other !== "");
    },
  }),
  mounted,
  "through-link": observe({
    clauses: ["paths.masked-file"],
    prepare: (place) => {
      secretFile(place);
      symlinkSync("secret", `${place.rootfs}/etc/link`);
    },
    change: { "/linux/maskedPaths": ["/etc/link"] },
    ask: { seen: read("/etc/link") },
    expect: ({ seen }) => unreadable("/etc/link", seen),
  }),
  relative: refuse({
    clauses: ["paths.masked-absolute"],
    prepare: secretFile,
    change: { "/linux/maskedPaths": ["etc/secret"] },
  }),
  missing: act({
    clauses: ["paths.masked-missing"],
    change: { "/linux/maskedPaths": ["/etc/nonesuch", "/proc/nonesuch", "/etc/nonesuch/below"] },
    run: async (stage) => {
      const asked = { seen: lstat("/etc/nonesuch") };
      equal(
        "/etc/nonesuch",
        (await observeOrSkip(stage, "maskedPaths that are not there", asked)).seen,
        null,
      );
    },
  }),
} satisfies Cases;
