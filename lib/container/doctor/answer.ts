// SPDX-License-Identifier: Apache-2.0

import type { Case, Finding } from "../diagnosis/case.ts";

/** What would be refused, and why. */
export interface Answer {
  readonly pointer: string;
  readonly finding: Finding;
}

export const answers = (pointer: string, found: Finding | undefined): readonly Answer[] =>
  found === undefined ? [] : [{ pointer, finding: found }];

/** The failure that a step would have there. */
export const as = (failure: Case, pointer: string, parts: Partial<Case>): Case => ({
  ...failure,
  pointer,
  ...parts,
});
