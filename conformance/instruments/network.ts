// SPDX-License-Identifier: Apache-2.0

/** Network interfaces of the host that belong to a case, for containers to take. */

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { act, type Case, type Need } from "../case.ts";
import type { ClauseId } from "../catalogue/index.ts";
import { present, Skip } from "../expect.ts";
import { program, root } from "../needs.ts";
import { interfaces } from "../questions.ts";
import { answerOf, parseLines } from "../stage/answers.ts";
import { findProgram } from "../stage/host.ts";
import type { Place } from "../stage/place.ts";
import type { Stage } from "../stage/stage.ts";
import { perform } from "./sources.ts";

const ipPath = findProgram("ip") ?? "ip";

/** ip(8), in the network namespace of a path or in ours. */
export function ip(words: string, inside?: string): void {
  const command = [ipPath, ...words.split(" ")];
  const [first = "", ...rest] = inside === undefined ? command : ["nsenter", `--net=${inside}`, ...command];
  perform(first, ...rest);
}

/** The interfaces of the namespace of a path, or of ours, by name. */
export function interfacesAt({ probe }: Place, inside?: string) {
  const command = [probe, interfaces.ask];
  const [first = "", ...rest] = inside === undefined ? command : ["nsenter", `--net=${inside}`, ...command];
  const line = parseLines(spawnSync(first, rest, { encoding: "utf8" }).stdout)[0];
  return answerOf(interfaces, present("network interfaces", line));
}

/** Eleven letters at most, and no other case's: an interface must not be taken for another one. */
const prefixOf = ({ cgroup }: Place) => `cf${createHash("sha256").update(cgroup).digest("hex").slice(0, 8)}`;

/** Virtual, alone, and free to move; small kernels do not have all of them. */
const kinds = ["dummy", "ifb"];

/** Makes an interface with nothing behind it. */
export function makeInterface(name: string, inside?: string): void {
  let trouble = "";
  for (const kind of kinds) {
    try {
      ip(`link add ${name} type ${kind}`, inside);
      return;
    } catch (error) {
      trouble ||= error instanceof Error ? error.message.trim() : String(error);
    }
  }
  throw new Skip(`no network interface can be made: ${trouble}`);
}

/** Only where a namespace's own end would not take them. */
function removeAll(place: Place, prefix: string): void {
  const left = Object.keys(interfacesAt(place)).filter((name) => name.startsWith(prefix));
  for (const name of left) ip(`link delete ${name}`);
}

/** Names of a case's interfaces, and names for them in the container. */
export type Name = (letter: string) => string;

/** A case with interfaces of the host, one for each letter; all are gone afterwards. */
export function withInterfaces(
  letters: string,
  property: { readonly clauses: readonly [ClauseId, ...ClauseId[]]; readonly needs?: readonly Need[] },
  story: (stage: Stage, name: Name) => Promise<void>,
): Case {
  const { clauses, needs = [] } = property;
  return act({
    clauses,
    needs: [root, program("ip"), program("nsenter"), ...needs],
    run: async (stage) => {
      const prefix = prefixOf(stage.place);
      const name: Name = (letter) => `${prefix}${letter}`;
      try {
        for (const letter of letters) makeInterface(name(letter));
        await story(stage, name);
        // Namespaces end with their processes, and take interfaces like these along.
        await stage.finish();
      } finally {
        removeAll(stage.place, prefix);
      }
    },
  });
}
