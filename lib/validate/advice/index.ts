// SPDX-License-Identifier: Apache-2.0

/** What is legal but surely meant otherwise, as far as config.json alone tells; one family of fields a file. */

import type { Config } from "../../config/types.ts";
import type { Advice } from "../finding.ts";
import { hiddenAdvice, maskedAdvice } from "./hidden-mounts.ts";
import { mountAdvice } from "./mounts.ts";
import { processAdvice } from "./process.ts";
import { resourceAdvice } from "./resources.ts";
import { seccompAdvice } from "./seccomp.ts";
import { versionAdvice } from "./version.ts";

const families: readonly ((config: Config) => readonly Advice[])[] = [
  versionAdvice,
  processAdvice,
  hiddenAdvice,
  maskedAdvice,
  mountAdvice,
  resourceAdvice,
  seccompAdvice,
];

export function adviceOn(config: Config): readonly Advice[] {
  return families.flatMap((family) => family(config));
}
