// SPDX-License-Identifier: Apache-2.0

/** What the runtime-spec asks of a runtime, one sentence a clause; the vocabulary of the files beside this one. */

export type Level = "must" | "should" | "may";

export interface Clause<Id extends string = string> {
  /** Its name in cases, reports and lists of expected failures: `chapter.property`, in kebab-case. */
  readonly id: Id;
  /** SHALL and REQUIRED count as must, RECOMMENDED as should, OPTIONAL as may (RFC 2119). */
  readonly level: Level;
  /** The demand, in our own words. */
  readonly text: string;
  /** File and anchor in the runtime-spec: `config.md#mounts`. */
  readonly section: string;
  /** Why no case can see whether a runtime keeps it. */
  readonly untestable?: string;
}

type Sentence<Id extends string> = Omit<Clause<Id>, "section">;

function sentence<const Id extends string>(
  id: Id,
  level: Level,
  text: string,
  untestable?: string,
): Sentence<Id> {
  return { id, level, text, ...(untestable === undefined ? {} : { untestable }) };
}

export const must = <const Id extends string>(id: Id, text: string, untestable?: string) =>
  sentence(id, "must", text, untestable);
export const should = <const Id extends string>(id: Id, text: string, untestable?: string) =>
  sentence(id, "should", text, untestable);
export const may = <const Id extends string>(id: Id, text: string, untestable?: string) =>
  sentence(id, "may", text, untestable);

/** The clauses of one section of the spec, `config.md#mounts`. */
export function section<const Id extends string>(
  place: string,
  ...sentences: readonly Sentence<Id>[]
): readonly Clause<Id>[] {
  return sentences.map((entry) => ({ ...entry, section: place }));
}

/** A part of the catalogue that a summary shows as one line. */
export interface Chapter<Id extends string = string> {
  readonly title: string;
  readonly clauses: readonly Clause<Id>[];
}

export function chapter<const Id extends string>(
  title: string,
  ...sections: readonly (readonly Clause<Id>[])[]
): Chapter<Id> {
  return { title, clauses: sections.flat() };
}
