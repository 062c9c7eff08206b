// SPDX-License-Identifier: Apache-2.0

/** A mutant: a runtime that is right but for one fault, to see whether the suite notices. */

import type { ClauseId } from "../catalogue/index.ts";
import type { Call } from "./call.ts";

/** By verb: what happens in place of the real command; the exit code. Verbs that are not there stay as they are. */
export type Fault = Readonly<Record<string, (call: Call) => number>>;

export interface Mutant {
  /** in kebab-case */
  readonly name: string;
  /** What it does wrong, as a sentence. */
  readonly about: string;
  /** The clauses it violates; the cases for these should fail. */
  readonly breaks: readonly [ClauseId, ...ClauseId[]];
  /** The fault shows only in a runtime that keeps this clause; others refuse all that it is about. */
  readonly given?: ClauseId;
  readonly fault: Fault;
}
