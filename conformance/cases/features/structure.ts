// SPDX-License-Identifier: Apache-2.0

import * as v from "valibot";
import { act, type Case, type Cases } from "../../case.ts";
import { equal, holds } from "../../expect.ts";
import {
  allDefinitions,
  definitions,
  namesIn,
  readFeatures,
  shapes,
  valueAt,
} from "../../instruments/structure.ts";
import { say } from "../../questions.ts";
import type { JsonObject } from "../../stage/pointer.ts";
import type { Stage } from "../../stage/stage.ts";

// https://semver.org: MAJOR.MINOR.PATCH with a pre-release and build data
const semver = /^(\d+)\.(\d+)\.(\d+)(?:-([\w-]+(?:\.[\w-]+)*))?(?:\+[\w-]+(?:\.[\w-]+)*)?$/;

interface Version {
  readonly numbers: readonly [number, number, number];
  readonly preRelease: readonly string[];
}

function versionAt(structure: JsonObject, pointer: string): Version {
  const text = valueAt(structure, pointer);
  const [, major, minor, patch, preRelease] = (typeof text === "string" && text.match(semver)) || [];
  holds(pointer, text, "a version by SemVer", major !== undefined);
  return {
    numbers: [Number(major), Number(minor), Number(patch)],
    preRelease: preRelease === undefined ? [] : preRelease.split("."),
  };
}

/** Of two identifiers numbers come before words. */
function comparePreReleases(one: readonly string[], other: readonly string[]): number {
  if (one.length === 0 || other.length === 0) return other.length - one.length;
  for (const [at, word] of one.entries()) {
    const beside = other[at];
    if (beside === undefined) return 1;
    if (word === beside) continue;
    const [isNumber, isOther] = [word, beside].map((text) => /^\d+$/.test(text));
    if (isNumber && isOther) return Number(word) - Number(beside);
    return isNumber !== isOther ? (isNumber ? -1 : 1) : word < beside ? -1 : 1;
  }
  return one.length - other.length;
}

function compareVersions(one: Version, other: Version): number {
  const differing = one.numbers.findIndex((number, at) => number !== other.numbers[at]);
  return differing < 0
    ? comparePreReleases(one.preRelease, other.preRelease)
    : (one.numbers[differing] ?? 0) - (other.numbers[differing] ?? 0);
}

const hasVersion = (clause: "features.version-min" | "features.version-max", pointer: string): Case =>
  act({
    clauses: [clause],
    run: async (stage) => {
      versionAt(await readFeatures(stage), pointer);
    },
  });

const isAccepted = (
  clause: "features.version-min-accepted" | "features.version-max-accepted",
  pointer: string,
): Case =>
  act({
    clauses: [clause],
    run: async (stage) => {
      stage.container.change({ "/ociVersion": valueAt(await readFeatures(stage), pointer) });
      await stage.observe({ said: say("hello") });
    },
  });

/** Pointers of everything in the structure but for the keys of annotations. */
function pointersIn(structure: JsonObject, above = ""): readonly string[] {
  return Object.entries(structure).flatMap(([name, value]) => {
    const pointer = `${above}/${name}`;
    const below = typeof value === "object" && value !== null && !Array.isArray(value) ? value : {};
    return [pointer, ...(pointer === "/annotations" ? [] : pointersIn({ ...below }, pointer))];
  });
}

function knownIn(version: Version): readonly string[] {
  const known = Object.entries(definitions).filter(([since], at) => {
    const [major = 0, minor = 0, patch = 0] = since.split(".").map(Number);
    return at === 0 || compareVersions({ numbers: [major, minor, patch], preRelease: [] }, version) <= 0;
  });
  return known.flatMap(([, entries]) => entries.map(([pointer]) => pointer));
}

/** In another folder and environment; what it says is not to depend on them. */
const elsewhere = (stage: Stage) =>
  readFeatures(stage, {
    cwd: "/",
    env: { PATH: process.env.PATH, HOME: "/nonexistent", LANG: "tr_TR.UTF-8" },
  });

export default {
  provided: act({
    clauses: ["features.provided"],
    run: async (stage) => {
      await readFeatures(stage);
    },
  }),
  static: act({
    clauses: ["features.static"],
    run: async (stage) =>
      equal("the features told elsewhere", await elsewhere(stage), await readFeatures(stage)),
  }),
  types: act({
    clauses: ["features.properties"],
    run: async (stage) => {
      const structure = await readFeatures(stage);
      const wrong = allDefinitions.flatMap(([pointer, type]) => {
        const value = valueAt(structure, pointer);
        return value === undefined || v.is(shapes[type], value) ? [] : [`${pointer} (${type})`];
      });
      equal("properties of another type than that of the spec", wrong, []);
    },
  }),

  "version-min": hasVersion("features.version-min", "/ociVersionMin"),
  "version-max": hasVersion("features.version-max", "/ociVersionMax"),
  "version-min-accepted": isAccepted("features.version-min-accepted", "/ociVersionMin"),
  "version-max-accepted": isAccepted("features.version-max-accepted", "/ociVersionMax"),
  "version-order": act({
    clauses: ["features.version-order"],
    run: async (stage) => {
      const structure = await readFeatures(stage);
      const [least, most] = [versionAt(structure, "/ociVersionMin"), versionAt(structure, "/ociVersionMax")];
      const range = `${valueAt(structure, "/ociVersionMin")} to ${valueAt(structure, "/ociVersionMax")}`;
      holds("ociVersionMin and ociVersionMax", range, "not to fall", compareVersions(least, most) <= 0);
    },
  }),

  "known-properties": act({
    clauses: ["features.known-properties"],
    run: async (stage) => {
      const structure = await readFeatures(stage);
      const known = knownIn(versionAt(structure, "/ociVersionMax"));
      const unknown = pointersIn(structure).filter((pointer) => !known.includes(pointer));
      equal(`properties that ${structure.ociVersionMax} of the spec does not define`, unknown, []);
    },
  }),

  annotations: act({
    clauses: ["features.annotations"],
    run: async (stage) => {
      const annotations = valueAt(await readFeatures(stage), "/annotations") ?? {};
      const isRight = v.is(v.record(v.pipe(v.string(), v.minLength(1)), v.string()), annotations);
      holds("/annotations", annotations, "strings under names that are not empty", isRight);
    },
  }),
  "unsafe-annotations": act({
    clauses: ["features.unsafe-annotations"],
    run: async (stage) => {
      const names = await namesIn(stage, "/potentiallyUnsafeConfigAnnotations");
      const empty = names.filter((name) => name === "" || name === ".");
      equal("entries that are no keys nor their beginnings", empty, []);
    },
  }),
} satisfies Cases;
