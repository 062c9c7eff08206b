// SPDX-License-Identifier: Apache-2.0

import { chmodSync, copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { act, type Case, type Cases, refuse } from "../../case.ts";
import type { ClauseId } from "../../catalogue/index.ts";
import { contains } from "../../expect.ts";
import { hook, type Kind, kinds, withHooks, writers } from "../../instruments/hooks.ts";
import type { Place } from "../../stage/place.ts";

const clauseOf: Readonly<Record<Kind, ClauseId>> = {
  prestart: "hooks.prestart-path",
  createRuntime: "hooks.create-runtime-path",
  createContainer: "hooks.create-container-path",
  startContainer: "hooks.start-container-path",
  poststart: "hooks.poststart-path",
  poststop: "hooks.poststop-path",
};

/** The same path on the host and in the rootfs. */
const programOf = (place: Place) => `${place.scratch}/program`;

function executable(path: string, write: (path: string) => void): void {
  mkdirSync(dirname(path), { recursive: true });
  write(path);
  chmodSync(path, 0o755);
}

/** One of the two is the probe; the other cannot be executed, nor understood by a shell as success. */
function prepare(place: Place, kind: Kind): void {
  const paths = [programOf(place), `${place.rootfs}${programOf(place)}`];
  const [right = "", wrong = ""] = kind === "startContainer" ? paths.toReversed() : paths;
  executable(right, (path) => copyFileSync(place.probe, path));
  executable(wrong, (path) => writeFileSync(path, "exit 1\n"));
}

const lookedUp = (kind: Kind): Case =>
  act({
    clauses: [clauseOf[kind]],
    prepare: (place) => prepare(place, kind),
    change: (place) => withHooks(place, { [kind]: [{ ...hook(place, kind), path: programOf(place) }] }),
    run: async (stage) => {
      await stage.observe({});
      contains("hooks that were called", writers(stage.container), kind);
    },
  });

/** There is such a program, wherever the runtime may look for it. */
const relative = (kind: Kind): Case =>
  refuse({
    clauses: ["hooks.path"],
    prepare: ({ bundle, rootfs, scratch, probe }) => {
      for (const folder of [bundle, rootfs, scratch, dirname(dirname(bundle))]) {
        executable(`${folder}/hook`, (path) => copyFileSync(probe, path));
      }
    },
    change: { "/hooks": { [kind]: [{ path: "hook", args: ["hook"] }] } },
  });

const missing = (kind: Kind): Case =>
  refuse({ clauses: ["hooks.path"], change: { "/hooks": { [kind]: [{ args: ["/probe"] }] } } });

export default {
  ...Object.fromEntries(kinds.map((kind) => [kind, lookedUp(kind)])),
  ...Object.fromEntries(kinds.map((kind) => [`relative-${kind}`, relative(kind)])),
  ...Object.fromEntries(kinds.map((kind) => [`missing-${kind}`, missing(kind)])),
} satisfies Cases;
