// SPDX-License-Identifier: Apache-2.0

import { chmodSync, copyFileSync, mkdirSync, readlinkSync } from "node:fs";
import { act, type Case, type Cases } from "../../case.ts";
import type { ClauseId } from "../../catalogue/index.ts";
import { equal } from "../../expect.ts";
import {
  answerBy,
  hook,
  type Kind,
  kinds,
  openLog,
  scratchInside,
  withHooks,
} from "../../instruments/hooks.ts";
import { root } from "../../needs.ts";
import { namespaces } from "../../questions.ts";
import type { Place } from "../../stage/place.ts";
import type { Stage } from "../../stage/stage.ts";

const clauseOf: Readonly<Record<Kind, ClauseId>> = {
  prestart: "hooks.prestart-namespace",
  createRuntime: "hooks.create-runtime-namespace",
  createContainer: "hooks.create-container-namespace",
  startContainer: "hooks.start-container-namespace",
  poststart: "hooks.poststart-namespace",
  poststop: "hooks.poststop-namespace",
};

/** Those that the config makes anew; of the others the container and the runtime have the same. */
const types = ["pid", "mnt", "ipc", "uts", "net"];

const insideContainer = (kind: Kind) => kind === "createContainer" || kind === "startContainer";

const ours = () =>
  Object.fromEntries(
    [...types, "user"].map((type) => [type, readlinkSync(`/proc/self/ns/${type}`).replace(/\D/g, "")]),
  );

const only = (seen: Readonly<Record<string, string>>, wanted: readonly string[]) =>
  Object.fromEntries(wanted.map((type) => [type, seen[type]]));

async function compare(stage: Stage, kind: Kind, wanted: readonly string[]): Promise<void> {
  const program = await stage.observe({ namespaces });
  const expected = insideContainer(kind) ? program.namespaces : ours();
  const whose = insideContainer(kind) ? "the program" : "the runtime";
  const seen = answerBy(stage.container, kind, namespaces);
  equal(
    `namespaces of the ${kind} hook, beside those of ${whose}`,
    only(seen, wanted),
    only(expected, wanted),
  );
}

const asked = (place: Place, kind: Kind) => withHooks(place, { [kind]: [hook(place, kind, [namespaces])] });

const inNamespaces = (kind: Kind): Case =>
  act({
    clauses: [clauseOf[kind]],
    change: (place) => ({ ...asked(place, kind), "/linux/namespaces/-": { type: "network" } }),
    run: (stage) => compare(stage, kind, types),
  });

const mapping = [{ containerID: 0, hostID: 100000, size: 65536 }];

/** The probe beside the suite may lie in a folder that the container's root cannot pass through. */
const programOf = ({ scratch }: Place) => `${scratch}/probe`;

const inUserNamespace = (kind: Kind): Case =>
  act({
    clauses: [clauseOf[kind]],
    needs: [root],
    prepare: (place) => {
      openLog(place);
      mkdirSync(`${place.rootfs}${scratchInside}`); // the container's root is not its owner
      copyFileSync(place.probe, programOf(place));
      chmodSync(programOf(place), 0o755);
    },
    change: (place) => {
      const path = kind === "startContainer" ? "/probe" : programOf(place);
      return {
        ...withHooks(place, { [kind]: [{ ...hook(place, kind, [namespaces]), path }] }),
        "/linux/namespaces/-": { type: "user" },
        "/linux/uidMappings": mapping,
        "/linux/gidMappings": mapping,
      };
    },
    run: (stage) => compare(stage, kind, ["user", "mnt", "pid"]),
  });

export default {
  ...Object.fromEntries(kinds.map((kind) => [kind, inNamespaces(kind)])),
  ...Object.fromEntries(kinds.map((kind) => [`${kind}-user`, inUserNamespace(kind)])),
} satisfies Cases;
