// SPDX-License-Identifier: Apache-2.0

/** What a case is: a change to the base config, an action, and what must be seen. One file a property in cases/. */

import type { ClauseId } from "./catalogue/index.ts";
import type { Question } from "./questions.ts";
import type { Host } from "./stage/host.ts";
import type { Place } from "./stage/place.ts";
import type { Stage } from "./stage/stage.ts";

/** JSON pointer → value. `/mounts/-` appends, `undefined` removes; parents that are missing are made. */
export type Change = Readonly<Record<string, unknown>>;

/** Something that not every host has: says what is missing, or undefined when the case can run. */
export type Need = (host: Host) => string | undefined;

export interface Property {
  /** The clauses it judges, the one it is for first. */
  readonly clauses: readonly [ClauseId, ...ClauseId[]];
  readonly needs?: readonly Need[];
  /** Made before the container: files in the rootfs, folders to bind. */
  readonly prepare?: (place: Place) => void;
  /** What it changes in the base config (base.ts). */
  readonly change?: Change | ((place: Place) => Change);
}

/** Answers by the names of their questions. */
export type Questions = Readonly<Record<string, Question<unknown>>>;
export type Answers<Asked extends Questions> = {
  readonly [Name in keyof Asked]: Asked[Name] extends Question<infer Answer> ? Answer : never;
};

export interface Case {
  readonly property: Property;
  readonly run: (stage: Stage) => Promise<void>;
}

export interface Observation<Asked extends Questions> extends Property {
  /** What the probe is asked, as the container's program; or words that are its whole command line. */
  readonly ask: Asked | ((place: Place) => Asked);
  /** Throws a Mismatch (expect.ts) when the answers are not what they must be. */
  readonly expect: (seen: Answers<Asked>, stage: Stage) => void | Promise<void>;
}

/** The container runs the probe to its end: create, start, wait, (expect), delete. */
export function observe<const Asked extends Questions>(observation: Observation<Asked>): Case {
  const { ask, expect, ...property } = observation;
  return {
    property,
    run: async (stage) => {
      const asked = typeof ask === "function" ? ask(stage.place) : ask;
      await expect(await stage.observe(asked), stage);
    },
  };
}

/**
 * `create` (and with `at: "start"`, only `start`) must fail with a message and leave nothing behind. `either`: what
 * process holds may be applied by both.
 */
export function refuse(property: Property & { readonly at?: "create" | "start" | "either" }): Case {
  const { at = "create", ...rest } = property;
  return { property: rest, run: (stage) => stage.expectRefusal(at) };
}

/** Anything else: the stage has the container and the runtime's commands. */
export function act(property: Property & { readonly run: (stage: Stage) => Promise<void> }): Case {
  return { property, run: property.run };
}

/** What a file in cases/ exports: its cases by name. */
export type Cases = Readonly<Record<string, Case>>;
