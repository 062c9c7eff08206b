// SPDX-License-Identifier: Apache-2.0

import { renameSync, writeFileSync } from "node:fs";
import { type Cases, observe, refuse } from "../../case.ts";
import { equal } from "../../expect.ts";
import { read } from "../../questions.ts";
import type { Place } from "../../stage/place.ts";

const ask = { mark: read("/etc/mark") } as const;
const expect = (seen: { readonly mark: string | null }) =>
  equal("the mark in the root filesystem", seen.mark, "this one");
const mark = ({ rootfs }: Place) => writeFileSync(`${rootfs}/etc/mark`, "this one");

export default {
  "no-root": refuse({ clauses: ["root.required"], change: { "/root": undefined } }),
  "no-path": refuse({ clauses: ["root.path-required"], change: { "/root": { readonly: false } } }),
  absolute: observe({
    clauses: ["root.path-absolute"],
    prepare: (place) => {
      mark(place);
      renameSync(place.rootfs, `${place.scratch}/elsewhere`);
    },
    change: ({ scratch }) => ({ "/root/path": `${scratch}/elsewhere` }),
    ask,
    expect,
  }),
  relative: observe({
    clauses: ["root.path-relative"],
    prepare: (place) => {
      mark(place);
      renameSync(place.rootfs, `${place.bundle}/file-system`);
    },
    change: { "/root/path": "file-system" },
    ask,
    expect,
  }),
  "relative-upwards": observe({
    clauses: ["root.path-relative"],
    prepare: (place) => {
      mark(place);
      renameSync(place.rootfs, `${place.scratch}/elsewhere`);
    },
    change: { "/root/path": "../scratch/elsewhere" },
    ask,
    expect,
  }),
  missing: refuse({ clauses: ["root.directory"], change: { "/root/path": "missing" } }),
  file: refuse({
    clauses: ["root.directory"],
    prepare: ({ bundle }) => writeFileSync(`${bundle}/file`, ""),
    change: { "/root/path": "file" },
  }),
} satisfies Cases;
